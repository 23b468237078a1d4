"""Which rows of a plan may be rendered on a network, and why the others may not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from translator.errors import PlanError
from translator.plan.groups import (
    Bindings,
    Prefix,
    bound_addresses,
    check_binding_names,
    resolve_group,
)
from translator.plan.legs import is_audio_or_video, is_client_row, is_server_row, port_hazard
from translator.plan.model import Plan, PlanRow, Transport
from translator.plan.policy_range import trim_policy_ranges

__all__ = [
    "Bindings",
    "Prefix",
    "Refusal",
    "chosen_rows",
    "joined_refusals",
    "refusal_of_values",
    "renderable_rows",
    "resolve_group",
]

_LEFT_OUT: Final = " is left out: "


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that must not be rendered as things stand, why, and what would change that.

    `kind` is a fixed word for the reason, the id of the finding that `check_plan` makes of it.
    """

    row_id: str
    reason: str
    hint: str = ""
    kind: str = ""

    def __str__(self) -> str:
        return f"row {self.row_id}{_LEFT_OUT}{self.reason}"


def joined_refusals(sentences: Iterable[str]) -> tuple[str, ...]:
    """Return the sentences of refusals with one sentence per reason: `rows B04, D01 are ...`."""
    rows: dict[str, list[str]] = {}
    for sentence in sentences:
        row, _, reason = sentence.partition(_LEFT_OUT)
        rows.setdefault(reason, []).append(row.removeprefix("row "))
    return tuple(
        f"rows {', '.join(names)} are left out: {reason}"
        if len(names) > 1
        else f"row {names[0]}{_LEFT_OUT}{reason}"
        for reason, names in rows.items()
    )


def renderable_rows(
    plan: Plan, bindings: Bindings
) -> tuple[tuple[PlanRow, ...], tuple[Refusal, ...]]:
    """Return the rows to render in first-match order, and the refused ones with the reason.

    Options are applied: rows not chosen appear in neither list, transports are reduced. A row
    whose host policy is one port wider than the product's block loses that port where another
    class owns it.

    Raises:
        PlanError: options name an unknown row, bindings an unknown group, or groups run in a
            circle.
    """
    check_binding_names(plan, bindings)
    kept: list[PlanRow] = []
    refused: list[Refusal] = []
    for row in chosen_rows(plan):
        refusal = next(filter(None, (check(plan, row, bindings) for check in _REFUSALS)), None)
        if refusal is None:
            kept.append(replace(row, protocols=_transports(plan, row)))
        else:
            refused.append(refusal)
    return trim_policy_ranges(tuple(kept)), tuple(refused)


def refusal_of_values(plan: Plan, row: PlanRow) -> Refusal | None:
    """Return why the row's own values let nobody mark by it, neither network nor host."""
    checks = (_no_code_point, _unset_ports, _clients_use_any_port)
    return next(filter(None, (check(plan, row, {}) for check in checks)), None)


def chosen_rows(plan: Plan) -> tuple[PlanRow, ...]:
    """Return the rows that the plan's options ask for, in order.

    An alternative that is asked for takes the place of the row it is an alternative to.

    Raises:
        PlanError: an option names a row that the plan does not have.
    """
    options = plan.options
    known = {row.id for row in plan.rows}
    for row_id in (*options.include, *options.exclude):
        if row_id not in known:
            raise PlanError(
                f"options name row {row_id!r}, which plan {plan.name} does not have",
                where=plan.where,
                hint="rows: " + ", ".join(row.id for row in plan.rows[:60]),
            )
    dropped = set(options.exclude)
    for row in plan.rows:
        if row.alternative_to and row.id in options.include and row.id not in dropped:
            dropped.add(row.alternative_to)
    return tuple(
        row
        for row in plan.rows
        if row.id not in dropped and (not row.opt_in or row.id in options.include)
    )


def _transports(plan: Plan, row: PlanRow) -> tuple[Transport, ...]:
    """The transports that the options leave to an audio or video row."""
    if not is_audio_or_video(row):
        return row.protocols
    with_tcp = plan.options.tcp and (plan.options.server_tcp or not is_server_row(row))
    return tuple(item for item in row.protocols if with_tcp or item is not Transport.TCP)


def _no_code_point(_plan: Plan, row: PlanRow, _bindings: Bindings) -> Refusal | None:
    if row.code_point is not None:
        return None
    return Refusal(
        row.id,
        "no single code point is right",
        row.note or "give the row a code_point, or leave it out with options.exclude",
        "no-single-code-point",
    )


def _unset_ports(_plan: Plan, row: PlanRow, _bindings: Bindings) -> Refusal | None:
    if row.port_setting is None or row.source_ports:
        return None
    return Refusal(
        row.id,
        f"port setting {row.port_setting} is not set",
        f"add port_settings: {{{row.port_setting}: {{start: 20080, count: 40}}}} with the values "
        "that the servers hand out",
        "port-setting-unset",
    )


def _no_transport(plan: Plan, row: PlanRow, _bindings: Bindings) -> Refusal | None:
    if _transports(plan, row):
        return None
    return Refusal(
        row.id,
        "the options leave no transport: TCP only",
        "set options.tcp (and for servers options.server_tcp) to true, or exclude the row",
        "no-transport",
    )


def _clients_use_any_port(plan: Plan, row: PlanRow, _bindings: Bindings) -> Refusal | None:
    if plan.options.client_port_ranges or not is_client_row(row):
        return None
    return Refusal(
        row.id,
        "ClientMediaPortRangeEnabled is false, so clients use any port from 1024 to 65535",
        "run Set-CsConferencingConfiguration -ClientMediaPortRangeEnabled $true and set "
        "options.client_port_ranges to true, or trust the marks of managed clients",
        "client-ranges-off",
    )


def _unbound(plan: Plan, row: PlanRow, bindings: Bindings) -> Refusal | None:
    if row.port_only_safe:
        return None
    missing = [name for name in row.needs if not _are_bound(plan, (name,), bindings)]
    for side in (row.sources, row.destinations):
        if side and not _are_bound(plan, side, bindings):
            missing.extend(side)
    if not missing:
        return None
    names = list(dict.fromkeys(missing))
    hazard = port_hazard(row)
    return Refusal(
        row.id,
        f"the addresses of {' and '.join(names)} are needed: "
        + (hazard or "without them traffic of others would be caught"),
        "bind "
        + " ".join(f"--address {name}=PREFIX" for name in names)
        + " (or in the plan's groups or the inventory), or leave the row out: options.exclude",
        "ephemeral-range" if hazard else "unbound-group",
    )


def _catches_strangers(plan: Plan, row: PlanRow, bindings: Bindings) -> Refusal | None:
    hazard = port_hazard(row)
    named = (*row.sources, *row.destinations, *row.needs)
    if not hazard or _are_bound(plan, named, bindings):
        return None
    return Refusal(
        row.id,
        f"no addresses are given: {hazard}",
        f"name the senders in the row's sources and bind them: --address {_group(row)}=PREFIX",
        "ephemeral-range",
    )


def _are_bound(plan: Plan, groups: Sequence[str], bindings: Bindings) -> bool:
    """Whether the groups have addresses; a prefix of length 0 is everybody and limits nothing."""
    prefixes = bound_addresses(plan, groups, bindings)
    return bool(prefixes) and all(prefix.prefixlen for prefix in prefixes)


def _group(row: PlanRow) -> str:
    named = (*row.sources, *row.needs, *row.destinations)
    return named[0] if named else "conference_servers"


def _any_host_at_code_point(plan: Plan, row: PlanRow, bindings: Bindings) -> Refusal | None:
    if row.match_code_point is None or _are_bound(plan, row.sources, bindings):
        return None
    return Refusal(
        row.id,
        f"code point {row.match_code_point} of any host would be changed, and other products use "
        "it too",
        "limit the row to the phones group and bind that group",
        "code-point-of-any-host",
    )


_REFUSALS: Final[tuple[Callable[[Plan, PlanRow, Bindings], Refusal | None], ...]] = (
    _no_code_point,
    _unset_ports,
    _no_transport,
    _clients_use_any_port,
    _unbound,
    _catches_strangers,
    _any_host_at_code_point,
)
