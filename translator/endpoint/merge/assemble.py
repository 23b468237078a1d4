"""From what several files say to one plan, and what an administrator should know of it.

The base plan gives the rows. What the product is set to moves the rows that rest on it; tables
replace the rows altogether; host policies confirm rows, move them, or become rows. Ports are
facts, so what was read counts; code points are the plan's decision, so what differs is a finding.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from translator.endpoint.carried import said_of
from translator.endpoint.checks import check_settings
from translator.endpoint.derive import derive
from translator.endpoint.files.gather import Gathered, gather
from translator.endpoint.findings.finding import EndpointFinding, finding
from translator.endpoint.findings.shown import place
from translator.endpoint.merge.exported import as_exported, exported_text
from translator.endpoint.merge.host_policies import PolicyRows, hold_policies
from translator.endpoint.merge.moved_settings import settings_of_policies
from translator.endpoint.merge.other_base import other_base
from translator.endpoint.merge.own_policies import take_own_policies
from translator.endpoint.merge.scopes import Chosen, choose
from translator.endpoint.merge.setting_of import SettingOf
from translator.endpoint.merge.settled import base_plan, moves, settled
from translator.endpoint.merge.tables import aligned, with_tables
from translator.endpoint.policy.precedence import program_name
from translator.endpoint.settings import ExportedPlan, MediaPorts, PhoneMarking
from translator.errors import Where
from translator.plan.checks.finding import Severity
from translator.plan.load import STANDARD_PRESET, load_preset, load_tree, parse_tree
from translator.plan.model import Plan, PlanRow

__all__ = ["ImportedPlan", "import_files"]

_RANK: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_MAX_NAME: Final = 64
_MAX_SOURCE: Final = 900


@dataclass(frozen=True, slots=True)
class ImportedPlan:
    """A plan, and what was found on the way, errors first."""

    plan: Plan
    findings: tuple[EndpointFinding, ...]


def import_files(
    names: Sequence[str], base: str | None = None, scopes: Sequence[str] = ()
) -> ImportedPlan:
    """Return one plan of files and folders.

    Args:
        base: plan file or preset whose rows are the plan's where no table is among the files; None
            is the plan of an export that is among them, else `STANDARD_PRESET`.
        scopes: scopes whose values are meant, such as `Site:Branch1`; see
            `translator.endpoint.merge.scopes` for what happens without.

    Raises:
        PlanError: a file cannot be read, or two places contradict each other.
        UsageError: an unknown scope, or a library that a format needs is not installed.
    """
    tree = load_tree(base or STANDARD_PRESET)
    gathered = gather(names)
    chosen, differences = choose(gathered.settings, scopes, _command(names, base, scopes))
    own = exported_text(gathered.settings, chosen.exported) if base is None else None
    base = own.where.file if own else base or STANDARD_PRESET
    tree = parse_tree(own.text, base) if own else tree
    before = base_plan(tree, base)
    setting_of = SettingOf((load_preset(STANDARD_PRESET), before))
    moved, told = _moved(chosen, before, setting_of)
    plan = settled(tree, base, {**chosen.ports, **moved})
    findings = [*gathered.findings, *differences, *told]
    ports = _facts(chosen, before, is_its_own=bool(own))
    findings += moves(before, plan, ports)
    is_table = bool(gathered.tables)
    plan, repairs = with_tables(plan, gathered.tables)
    plan, alignments = aligned(plan, ports, setting_of, is_table=is_table)
    state = _policy_rows(plan, before, chosen, setting_of, is_table=is_table)
    exported = chosen.exported.rows if chosen.exported else ()
    whole = set(exported).difference(row.id for row in before.rows if setting_of(row) in ports)
    made = said_of(derive(before, {}).settings) if own else {}
    hold_policies(take_own_policies(chosen.policies, whole, state, made), state)
    plan = replace(state.plan, rows=tuple(state.rows.values()))
    plan, switches = _with_switches(plan, chosen)
    if chosen.exported:
        plan, missing = as_exported(plan, chosen.exported, chosen, state.told, is_its_own=bool(own))
        findings += missing
    read = {} if own or is_table else chosen.ports
    findings += other_base(state.rows_beside(before), read, before, _command(names, None, scopes))
    findings += (*repairs, *alignments, *state.found, *switches)
    findings += check_settings(chosen, plan, setting_of)
    ordered = sorted(dict.fromkeys(findings), key=lambda item: _RANK[item.severity])
    plan = plan if own else _titled(plan, gathered, chosen.exported)
    return ImportedPlan(plan, tuple(ordered))


def _policy_rows(
    plan: Plan, base: Plan, chosen: Chosen, setting_of: SettingOf, *, is_table: bool
) -> PolicyRows:
    """The rows as they stand before policies are held against them."""
    return PolicyRows(
        plan=plan,
        ports=chosen.ports,
        setting_of=setting_of,
        fixed={row.id for row in plan.rows if is_table or setting_of(row) in chosen.ports},
        programs={
            program_name(row.executable) for row in (*base.rows, *plan.rows) if row.executable
        },
        rows={row.id: row for row in plan.rows},
    )


def _facts(chosen: Chosen, base: Plan, *, is_its_own: bool) -> Mapping[str, MediaPorts]:
    """The ports to which rows move.

    A whole export says itself which rows rest on a setting: only where the plan that it was made
    of has other ports, somebody has changed them since.
    """
    if not chosen.exported:
        return chosen.ports
    known = {item.name: item.block for item in base.port_settings}
    return {
        name: item
        for name, item in chosen.ports.items()
        if is_its_own and item.block != known.get(name)
    }


def _moved(
    chosen: Chosen, base: Plan, setting_of: SettingOf
) -> tuple[dict[str, MediaPorts], list[EndpointFinding]]:
    """Settings that policies tell; a whole export has the settings themselves."""
    if chosen.exported:
        return {}, []
    return settings_of_policies(chosen.policies, base, setting_of, chosen.ports)


def _command(names: Sequence[str], base: str | None, scopes: Sequence[str]) -> str:
    """The command of this import, to be typed again with another scope."""
    options = [] if base is None or base == STANDARD_PRESET else ["--base", base]
    options += [word for scope in scopes for word in ("--scope", scope)]
    return shlex.join(["qos-translator", "plan", "import", *names, *options])


def _with_switches(plan: Plan, chosen: Chosen) -> tuple[Plan, list[EndpointFinding]]:
    """The plan with what is switched for all clients, and with rows for phones as they mark."""
    options = plan.options
    if chosen.ranges is not None:
        options = replace(options, client_port_ranges=chosen.ranges.enabled)
    if chosen.exported:
        return replace(plan, options=options), []  # the tag is that of a row of the plan
    found: list[EndpointFinding] = []
    rows: list[PlanRow] = []
    tags = [item for item in chosen.seen if isinstance(item, PhoneMarking)]
    for row in plan.rows:
        is_phones = row.match_code_point is not None and "phones" in row.sources
        if is_phones and tags and all(item.code_point == row.code_point for item in tags):
            message = f"every scope marks {row.code_point}: row {row.id} has nothing to change"
            cure = f"options: {{exclude: [{row.id}]}} in the plan, once all phones have restarted"
            found.append(finding("phone-row-idle", message, tags[0].where, cure=cure))
        elif is_phones and chosen.phone is not None:
            tag = chosen.phone.code_point
            if tag != row.code_point:
                row = replace(row, match_code_point=tag)  # noqa: PLW2901 - the row as it becomes
        rows.append(row)
    return replace(plan, rows=tuple(rows), options=options), found


def _titled(plan: Plan, gathered: Gathered, exported: ExportedPlan | None) -> Plan:
    """The plan with its sources; only a table or an export has a name to give."""
    name = plan.name if gathered.tables else f"{plan.name}-imported"[:_MAX_NAME]
    name = exported.plan if exported else name
    shown = ", ".join(place(Where(file)) for file in gathered.files)
    return replace(plan, name=name, source=f"imported from {shown}"[:_MAX_SOURCE])
