"""From a plan to what servers, phones and Windows hosts are to be set to.

A policy of a host says what its own program sends. So the program takes the place of the addresses
of its senders, options that thin out what a network matches (`tcp`, narrowing) play no part, and
port ranges are those of the published policies, with their one port more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from translator.endpoint.policy.names import policy_name
from translator.endpoint.policy.order import order_remarks
from translator.endpoint.policy.text import BOTH
from translator.endpoint.settings import (
    GLOBAL,
    TENANT,
    ClientRanges,
    HostPolicy,
    MediaPorts,
    MediaQos,
    NlaSwitch,
    PhoneMarking,
    PschedMarking,
    PschedService,
    Setting,
    Settings,
)
from translator.plan.groups import (
    STANDARD_GROUPS,
    Bindings,
    Prefix,
    bound_addresses,
    check_binding_names,
)
from translator.plan.model import Media, Plan, PlanRow
from translator.plan.select import Refusal, chosen_rows, refusal_of_values
from translator.ports import ANY_PORT, PortRange

__all__ = ["Derived", "derive", "is_teams", "limiting_groups", "setting_of_special"]

# Groups that say who the sender is, which its program says as well. An Edge server is not among
# them: it has an outer side, too, and only its inner address tells the two apart.
_EDGE: Final = "edge_internal"
_SENDERS: Final = STANDARD_GROUPS - {_EDGE, "pstn_gateways", "hosted_edge"}
# Senders that are no Windows hosts of the plan's owner.
_STRANGERS: Final = frozenset({"pstn_gateways", "hosted_edge"})
_MAX_POLICIES: Final = 200  # of one row
_PHONE: Final = re.compile(r"\bphone edition\b", re.IGNORECASE)
_XP: Final = re.compile(r"\bwindows xp\b", re.IGNORECASE)
_MAC: Final = re.compile(r"\bmac\b", re.IGNORECASE)
_TEAMS: Final = re.compile(r"(?<![a-z])teams(?![a-z])", re.IGNORECASE)
_SERVICE_OF: Final = {
    Media.AUDIO: PschedService.GUARANTEED,
    Media.VIDEO: PschedService.CONTROLLED_LOAD,
}


@dataclass(frozen=True, slots=True)
class Derived:
    """The settings of a plan, and what of it they do not say.

    Attributes:
        rows: ids of the rows that the settings say.
        left_out: rows that no setting says, each with the reason.
        remarks: where Windows decides between two policies otherwise than the plan.
    """

    settings: Settings
    rows: tuple[str, ...]
    left_out: tuple[Refusal, ...]
    remarks: tuple[str, ...] = ()


def derive(plan: Plan, bindings: Bindings) -> Derived:
    """Return what the endpoint side is to be set to.

    Rows that the options do not choose are in no part.

    Raises:
        PlanError: options name an unknown row, bindings an unknown group, or groups run in a
            circle.
    """
    check_binding_names(plan, bindings)
    work = _Work(plan, bindings)
    chosen = chosen_rows(plan)
    for row in chosen:
        work.take(row)
    policies = list(work.policies.values())
    switch = [NlaSwitch("1", True)] if policies else []
    settings = (*_product_settings(plan), *work.others.values(), *policies, *switch)
    left_out = {item.row_id for item in work.left_out}
    rows = tuple(row.id for row in chosen if row.id not in left_out)
    return Derived(settings, rows, tuple(work.left_out), order_remarks(policies))


def is_teams(plan: Plan) -> bool:
    """Whether the plan is one of Microsoft Teams: by its name or title, or by most of its rows."""
    if _TEAMS.search(f"{plan.name} {plan.title}"):
        return True
    rows = [row for row in plan.rows if _TEAMS.search(f"{row.component} {row.executable}")]
    return len(rows) * 2 > len(plan.rows)


def setting_of_special(row: PlanRow) -> PschedService | type[PhoneMarking | MediaQos] | None:
    """Return what tells the row's senders how to mark in place of a policy; None: a policy does."""
    if row.executable is not None:
        return None
    if _XP.search(row.component) and row.media in _SERVICE_OF:
        return _SERVICE_OF[row.media]
    if row.match_code_point is not None:
        return None
    if _PHONE.search(row.component):
        return PhoneMarking
    return MediaQos if _MAC.search(row.component) else None


def _product_settings(plan: Plan) -> Iterator[Setting]:
    """Port ranges and switches; those of a Teams client are the tenant's."""
    teams = is_teams(plan)
    of_clients = TENANT if teams else GLOBAL
    if any(item.name.startswith("client.") for item in plan.port_settings):
        yield ClientRanges(plan.options.client_port_ranges, of_clients)
    for item in plan.port_settings:
        if item.block is not None:
            scope = of_clients if item.name.startswith("client.") else GLOBAL
            yield MediaPorts(item.name, item.block, scope)
    if teams:
        yield MediaQos(True, TENANT)


class _Work:
    """What has been made of the rows so far."""

    def __init__(self, plan: Plan, bindings: Bindings) -> None:
        self._plan = plan
        self._bindings = bindings
        self.policies: dict[str, HostPolicy] = {}
        self.others: dict[str, Setting] = {}
        self.left_out: list[Refusal] = []

    def take(self, row: PlanRow) -> None:
        refusal = refusal_of_values(self._plan, row)
        if refusal is not None:
            self._leave(row, refusal.reason, refusal.hint)
        else:
            self._special(row)

    def _leave(self, row: PlanRow, reason: str, hint: str = "") -> None:
        self.left_out.append(Refusal(row.id, reason, hint))

    def _special(self, row: PlanRow) -> None:
        """A row of senders that are told in another way than by a policy."""
        assert row.code_point is not None
        kind = setting_of_special(row)
        if isinstance(kind, PschedService):
            self._keep(row, kind, PschedMarking(kind, row.code_point))
            self._keep(row, "EnableQoS", MediaQos(True, GLOBAL))
        elif kind is PhoneMarking:
            self._keep(row, "phones", PhoneMarking(row.code_point, 0, GLOBAL))
        elif kind is MediaQos:
            self._keep(row, "EnableQoS", MediaQos(True, GLOBAL))
            self._leave(
                row,
                "EnableQoS makes these clients mark, but with which code point cannot be set",
                "look at a capture of their packets",
            )
        else:
            self._policies(row)

    def _keep(self, row: PlanRow, key: str, setting: Setting) -> None:
        if self.others.setdefault(key, setting) != setting:
            self._leave(
                row,
                "another row gives the same setting another code point",
                "exclude one of the two rows: options.exclude",
            )

    def _policies(self, row: PlanRow) -> None:
        problem = _no_policy(row)
        if problem is not None:
            self._leave(row, *problem)
            return
        unbound = [
            name
            for name in (*limiting_groups(row), *row.destinations)
            if not self._addresses((name,))
        ]
        if unbound:
            names = " and ".join(unbound)
            self._leave(
                row,
                f"the addresses of {names} are not known",
                "bind " + " ".join(f"--address {name}=PREFIX" for name in unbound),
            )
            return
        found = self._made(row)
        taken = [item.name for item in found if item.name.casefold() in self.policies]
        if not 0 < len(found) <= _MAX_POLICIES:
            self._leave(
                row,
                f"it takes {len(found)} policies, and at most {_MAX_POLICIES} are made of one row"
                if found
                else "its sources and destinations are of different IP versions",
                "bind fewer and wider prefixes" if found else "bind addresses of one version",
            )
        elif taken:
            self._leave(
                row,
                f"policy {taken[0]!a} is there already: Windows does not tell case apart",
                "rename the row",
            )
        else:
            self.policies |= {item.name.casefold(): item for item in found}

    def _addresses(self, groups: tuple[str, ...]) -> tuple[Prefix, ...]:
        """The bound prefixes; empty where there are none, or one that is everybody."""
        found = bound_addresses(self._plan, groups, self._bindings)
        return found if all(prefix.prefixlen for prefix in found) else ()

    def _made(self, row: PlanRow) -> tuple[HostPolicy, ...]:
        parts = [
            (source_ports, destination_ports, source, destination)
            for source_ports, destination_ports, source, destination in product(
                _ranges(row.source_ports),
                _ranges(row.destination_ports),
                self._addresses(limiting_groups(row)) or (None,),
                self._addresses(row.destinations) or (None,),
            )
            if source is None or destination is None or source.version == destination.version
        ]
        return tuple(
            HostPolicy(
                name=policy_name(row, number if len(parts) > 1 else 0),
                application=row.executable,
                protocols=tuple(item for item in BOTH if item in row.protocols),
                code_point=row.code_point,
                source_ports=source_ports,
                destination_ports=destination_ports,
                source_prefix=source,
                destination_prefix=destination,
            )
            for number, (source_ports, destination_ports, source, destination) in enumerate(
                parts, 1
            )
        )


def _ranges(ranges: tuple[PortRange, ...]) -> tuple[PortRange | None, ...]:
    return (None,) if not ranges or ANY_PORT in ranges else ranges


def limiting_groups(row: PlanRow) -> tuple[str, ...]:
    """The groups whose addresses limit the policy: none where the program tells one of them."""
    told = not _SENDERS.isdisjoint(row.sources) and _EDGE not in row.sources
    return () if told else row.sources


def _no_policy(row: PlanRow) -> tuple[str, str] | None:
    """Why no policy of a Windows host says the row, and what to do; None where one does.

    Source:
        TechNet, Creating and Editing a QoS Policy: an executable's name must end with .exe.
    """
    if row.match_code_point is not None:
        return (
            f"it changes packets that carry {row.match_code_point} already, which the network does",
            "set what the senders mark with instead",
        )
    if not _STRANGERS.isdisjoint(row.sources):
        return ("its senders are no Windows hosts", "set the marking on the gateway itself")
    if row.executable is None:
        return (
            "it names no program: a policy of a host would mark every program's packets",
            "name the executable, or leave the row to the network",
        )
    if not row.executable.casefold().endswith(".exe"):
        return (
            f"{row.executable[:60]!a} is no program's file name",
            "Windows wants a name that ends with .exe, or its path",
        )
    ranges = (*row.source_ports, *row.destination_ports)
    if any(ports.low == 0 and ports != ANY_PORT for ports in ranges):
        return ("port 0 is none that a policy can name", "begin the range with port 1")
    return None
