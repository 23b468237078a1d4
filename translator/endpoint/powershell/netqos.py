"""Policies that `New-NetQosPolicy` makes, as lines and out of scripts.

Source:
    Microsoft's documentation of New-, Set- and Remove-NetQosPolicy (Windows Server 2022):
    parameters, aliases, that the first port must be smaller than the last, defaults.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Final

from translator.codepoint import CodePoint
from translator.endpoint.policy.text import BOTH, prefix_of, protocols_of, unfit_for_windows
from translator.endpoint.powershell.cmdlet import refuse_dry_run
from translator.endpoint.powershell.commands import Command
from translator.endpoint.powershell.parameters import (
    Parameters,
    Value,
    bind,
    literal,
    number,
    quoted,
    words,
)
from translator.endpoint.settings import COMPUTER, USER, HostPolicy
from translator.errors import PlanError, Where
from translator.plan.groups import Prefix
from translator.plan.model import Transport
from translator.ports import PortRange

__all__ = ["NEW", "REMOVE", "SET", "Policies", "policy_line", "policy_problem"]

NEW: Final = "New-NetQosPolicy"
SET: Final = "Set-NetQosPolicy"
REMOVE: Final = "Remove-NetQosPolicy"

_APPLICATION: Final = "AppPathNameMatchCondition"
_PROTOCOL: Final = "IPProtocolMatchCondition"
_DSCP: Final = "DSCPAction"
_THROTTLE: Final = "ThrottleRateActionBitsPerSecond"
_PROFILE: Final = "NetworkProfile"
_STORE: Final = "PolicyStore"
_PRECEDENCE: Final = "Precedence"
_STANDARD_PRECEDENCE: Final = 127
_WELL_KNOWN: Final = "Cluster Default FCOE LiveMigration NFS SMB iSCSI"
# What a policy of a plan has no place for: such a line would be read as another policy.
_NO_PLACE: Final = (
    *_WELL_KNOWN.split(),
    *("IPPortMatchCondition", "NetDirectPortMatchCondition", "URIMatchCondition"),
    *("URIRecursiveMatchCondition", "UserMatchCondition", "TemplateMatchCondition"),
    *("MinBandwidthWeightAction", "PriorityValue8021Action", "CimSession", "InputObject"),
)
_ALIASES: Final = {
    _APPLICATION: ("AppPathName", "ApplicationName", "app"),
    _PROTOCOL: ("IPProtocol", "Protocol"),
    _DSCP: ("DSCPValue", "DSCP"),
    # The cmdlet of Windows Server 2012 called it BytesPerSecond and meant it, so that name is not
    # taken here.
    _THROTTLE: ("ThrottleRateAction", "ThrottleRate", "Throttle", "maxbw"),
    _STORE: ("store",),
    "CimSession": ("Session",),
    "IPDstPortEndMatchCondition": ("IPDstPortEnd",),
    "IPDstPortMatchCondition": ("IPDstPort", "DestinationPort", "dp", "dstport", "destport"),
    "IPDstPortStartMatchCondition": ("IPDstPortStart",),
    "IPDstPrefixMatchCondition": (
        *("IPDstPrefix", "DestinationAddress", "da", "dst", "dstaddr", "dstip", "dest"),
        *("destaddr", "destip"),
    ),
    "IPPortMatchCondition": ("IPPort", "port"),
    "IPSrcPortEndMatchCondition": ("IPSrcPortEnd",),
    "IPSrcPortMatchCondition": ("IPSrcPort", "SourcePort", "sp", "srcport"),
    "IPSrcPortStartMatchCondition": ("IPSrcPortStart",),
    "IPSrcPrefixMatchCondition": (
        *("IPSrcPrefix", "SourceAddress", "sa", "src", "srcaddr", "srcip"),
    ),
    "MinBandwidthWeightAction": ("MinBandwidthWeight", "minbww", "weight"),
    "NetDirectPortMatchCondition": ("NetDirectPort", "ndport", "networkdirectport"),
    "PriorityValue8021Action": ("PriorityValue", "PriorityValue8021", "pri", "dot1p"),
    "URIMatchCondition": ("URI", "url"),
    "URIRecursiveMatchCondition": ("URIRecursive", "urlrecursive", "recursive"),
    "UserMatchCondition": ("User", "sid"),
}
_SHARED: Final = f"Name {_PRECEDENCE} {_PROFILE} ThrottleLimit AsJob {' '.join(_ALIASES)}"
_SWITCHES: Final = frozenset({"AsJob", "PassThru", *_WELL_KNOWN.split()})
_PARAMETERS: Final = {
    NEW: Parameters(words(f"{_SHARED} {_WELL_KNOWN}", _ALIASES), _SWITCHES, ("Name",)),
    SET: Parameters(
        words(f"{_SHARED} TemplateMatchCondition PassThru InputObject", _ALIASES),
        _SWITCHES,
        ("Name",),
    ),
    REMOVE: Parameters(
        words("Name PolicyStore CimSession ThrottleLimit AsJob PassThru InputObject", _ALIASES),
        _SWITCHES,
        ("Name",),
    ),
}
_ONCE: Final = frozenset({"try", "finally"})  # whose blocks run once, like the script itself
_LOCAL: Final = frozenset({"", COMPUTER.casefold()})  # stores that are the computer's own


def policy_problem(policy: HostPolicy) -> str:
    """Return why the cmdlet cannot make the policy; empty where it can."""
    if policy.store.casefold() == USER.casefold():
        return "the cmdlet makes policies of computers and none of users"
    if not policy.store.isprintable() or policy.store != policy.store.strip():
        return "the store has a name that cannot be written"
    if policy.throttle_bps is not None and not 0 < policy.throttle_bps < 10**18:
        return "the throttle is no rate that can be written"
    return unfit_for_windows(policy)


def policy_line(policy: HostPolicy) -> str:
    """Return the command that makes the policy."""
    parts = [f"{NEW} -Name {quoted(policy.name)}"]
    if policy.application is not None:
        parts.append(f"-{_APPLICATION} {quoted(policy.application)}")
    both = len(policy.protocols) > 1
    parts.append(f"-{_PROTOCOL} {'Both' if both else policy.protocols[0].upper()}")
    for side, prefix, ports in (
        ("Src", policy.source_prefix, policy.source_ports),
        ("Dst", policy.destination_prefix, policy.destination_ports),
    ):
        if prefix is not None:
            parts.append(f"-IP{side}PrefixMatchCondition {quoted(str(prefix))}")
        if ports is not None and ports.low == ports.high:
            parts.append(f"-IP{side}PortMatchCondition {ports.low}")
        elif ports is not None:
            parts.append(f"-IP{side}PortStartMatchCondition {ports.low}")
            parts.append(f"-IP{side}PortEndMatchCondition {ports.high}")
    if policy.code_point is not None:
        parts.append(f"-{_DSCP} {policy.code_point}")
    if policy.throttle_bps is not None:
        parts.append(f"-{_THROTTLE} {policy.throttle_bps}")
    parts.append(f"-{_PROFILE} All")
    if policy.store.casefold() not in _LOCAL:
        parts.append(f"-{_STORE} {quoted(policy.store)}")
    return " ".join(parts)


class Policies:
    """The policies that a script leaves behind."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], dict[str, Value]] = {}

    def take(self, command: Command) -> None:
        """Take in a command that makes, changes or removes a policy.

        Raises:
            PlanError: it cannot be understood without guessing.
        """
        kind = next(name for name in _PARAMETERS if name.casefold() == command.name.casefold())
        values = bind(command, _PARAMETERS[kind])
        refuse_dry_run(command, values)
        if kind == REMOVE and _lists_all(command, values):
            self._values.clear()
            return
        _refuse_unknown_number(command)
        _refuse_no_place(command, values)
        name = values.get("Name")
        if name is None:
            raise PlanError(
                f"{kind} names no policy", where=command.where, hint="add -Name 'the policy'"
            )
        store = literal(values[_STORE]).casefold() if _STORE in values else ""
        key = (store, literal(name).casefold())
        if kind == NEW:
            self._make(key, values, command.where)
        elif kind == SET:
            self._change(key, values, command.where)
        else:
            for known in [known for known in self._values if _matches(known, key)]:
                del self._values[known]

    def settings(self) -> Iterator[HostPolicy]:
        """Yield the policies.

        Raises:
            PlanError: a value is wrong.
        """
        for values in self._values.values():
            yield _policy(values)

    def _make(self, key: tuple[str, str], values: dict[str, Value], where: Where) -> None:
        if key in self._values:
            raise PlanError(
                f"policy {key[1][:80]!a} is there already",
                where=where,
                hint=f"it is made on line {self._values[key]['Name'].where.line}; keep one",
            )
        self._values[key] = values

    def _change(self, key: tuple[str, str], values: dict[str, Value], where: Where) -> None:
        if key not in self._values:
            raise PlanError(
                f"policy {key[1][:80]!a} is changed here, and what it was is not in the file",
                where=where,
                hint=f"give the {NEW} that makes it, or write it out as one",
            )
        policy = self._values[key]
        for side in ("Src", "Dst"):
            single = f"IP{side}PortMatchCondition"
            ends = (f"IP{side}PortStartMatchCondition", f"IP{side}PortEndMatchCondition")
            gone = ends if single in values else (single,) if set(ends) & set(values) else ()
            for name in gone:
                policy.pop(name, None)
        policy.update({name: value for name, value in values.items() if name != "Name"})


def _lists_all(command: Command, values: Mapping[str, Value]) -> bool:
    """Whether it is `Get-NetQosPolicy | Remove-NetQosPolicy`, without any limit."""
    listed = command.upstream
    return (
        len(listed) == 1
        and listed[0].name.casefold() == "get-netqospolicy"
        and not listed[0].arguments
        and not command.blocks
        and "Name" not in values
    )


def _matches(known: tuple[str, str], pattern: tuple[str, str]) -> bool:
    return known[0] == pattern[0] and fnmatchcase(known[1], pattern[1])


def _refuse_unknown_number(command: Command) -> None:
    """Refuse a command in a block or pipeline: how often, or with what, it runs is not known."""
    if command.upstream or any(item.name.casefold() not in _ONCE for item in command.blocks):
        raise PlanError(
            f"how often, and with which values, {command.name} runs here is not known",
            where=command.where,
            hint="write one command with its values for each policy, outside of blocks and pipes",
        )


def _refuse_no_place(command: Command, values: Mapping[str, Value]) -> None:
    found = next((values[name] for name in _NO_PLACE if name in values), None)
    if _PROFILE in values and literal(values[_PROFILE]).casefold() != "all":
        found = values[_PROFILE]
    if _PRECEDENCE in values and number(values[_PRECEDENCE], 0, 255) != _STANDARD_PRECEDENCE:
        found = values[_PRECEDENCE]
    if found is not None:
        raise PlanError(
            f"{command.name}: there is no place in a plan for -{found.parameter} "
            f"{found.text[:40]!a}",
            where=found.where,
            hint="take the line out of the file if the policy is not part of the plan",
        )


def _policy(values: Mapping[str, Value]) -> HostPolicy:
    name = values["Name"]
    found = HostPolicy(
        name=literal(name),
        application=literal(values[_APPLICATION]) if _APPLICATION in values else None,
        protocols=_protocols(values),
        code_point=CodePoint(number(values[_DSCP], 0, 63)) if _DSCP in values else None,
        source_ports=_ports(values, "Src"),
        destination_ports=_ports(values, "Dst"),
        source_prefix=_prefix(values, "Src"),
        destination_prefix=_prefix(values, "Dst"),
        throttle_bps=number(values[_THROTTLE], 1, 10**18) if _THROTTLE in values else None,
        store=literal(values[_STORE]) if _STORE in values else "",
        where=name.where,
    )
    if problem := policy_problem(found):
        raise PlanError(
            f"policy {found.name[:80]!a}: {problem}", where=name.where, hint="correct the line"
        )
    return found


def _protocols(values: Mapping[str, Value]) -> tuple[Transport, ...]:
    value = values.get(_PROTOCOL)
    if value is None:
        return BOTH
    return protocols_of(literal(value), value.where, ("both", "none"))


def _prefix(values: Mapping[str, Value], side: str) -> Prefix | None:
    value = values.get(f"IP{side}PrefixMatchCondition")
    return None if value is None else prefix_of(literal(value), value.where)


def _ports(values: Mapping[str, Value], side: str) -> PortRange | None:
    single = values.get(f"IP{side}PortMatchCondition")
    start = values.get(f"IP{side}PortStartMatchCondition")
    end = values.get(f"IP{side}PortEndMatchCondition")
    if single is not None:
        if start is not None or end is not None:
            raise PlanError(
                "one port and a range of ports are given",
                where=single.where,
                hint=f"keep -{single.parameter}, or the start and the end",
            )
        port = number(single, 1, 65535)
        return PortRange(port, port)
    if start is None and end is None:
        return None
    if start is None or end is None:
        given = start or end
        assert given is not None
        raise PlanError(
            f"-{given.parameter} stands alone",
            where=given.where,
            hint=f"a range needs its start and its end; one port is -IP{side}PortMatchCondition",
        )
    low, high = number(start, 1, 65535), number(end, 1, 65535)
    if low >= high:
        raise PlanError(
            f"the start {low} of the ports is not smaller than their end {high}",
            where=start.where,
            hint=f"one port is -IP{side}PortMatchCondition {low}",
        )
    return PortRange(low, high)
