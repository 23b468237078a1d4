r"""The places of the Windows registry that say what a host marks, read and written.

Source:
    Values below `...\Windows\QoS`: Microsoft's page on QoS of Teams clients (names and texts),
    published scripts that write such policies (`20000:20039`, `UDP`). `Do not use NLA` as REG_SZ:
    Microsoft KB2733528. Psched: the descriptions of its Group Policy settings (REG_DWORD, 0-0x3f).
    Unverified: whether Windows takes a hyphen between ports, or a protocol as a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from translator.codepoint import CodePoint
from translator.endpoint.formats.registry import Source
from translator.endpoint.policy.text import (
    BOTH,
    code_point_of,
    prefix_of,
    protocols_of,
    unfit_for_windows,
)
from translator.endpoint.settings import (
    COMPUTER,
    USER,
    HostPolicy,
    NlaSwitch,
    PschedMarking,
    PschedService,
    Remark,
    Setting,
    Settings,
)
from translator.endpoint.windows_registry.file import Entry, read_entries
from translator.errors import PlanError, Where
from translator.plan.groups import Prefix
from translator.plan.model import Transport
from translator.plan.port_text import parse_range
from translator.plan.text import nearest
from translator.ports import PortRange

__all__ = ["MAPPING_KEY", "NLA_KEY", "NLA_NAME", "POLICIES_KEY", "policy_key", "read_registry"]

_MACHINE: Final = "HKEY_LOCAL_MACHINE"
_STORES: Final = {"hkey_local_machine": COMPUTER, "hkey_current_user": USER}
POLICIES_KEY: Final = r"SOFTWARE\Policies\Microsoft\Windows\QoS"
MAPPING_KEY: Final = (
    rf"{_MACHINE}\SOFTWARE\Policies\Microsoft\Windows\Psched\DiffservByteMappingConforming"
)
NLA_KEY: Final = rf"{_MACHINE}\SYSTEM\CurrentControlSet\Services\Tcpip\QoS"
NLA_NAME: Final = "Do not use NLA"
_ANY: Final = "*"

_VERSION: Final = "Version"
_APPLICATION: Final = "Application Name"
_PROTOCOL: Final = "Protocol"
_DSCP: Final = "DSCP Value"
_THROTTLE: Final = "Throttle Rate"
_NONE: Final = "-1"
_SIDES: Final = ("Local", "Remote")
_NAMES: Final = {
    name.casefold(): name
    for name in (
        _VERSION,
        _APPLICATION,
        _PROTOCOL,
        *(f"{side} {what}" for side in _SIDES for what in ("Port", "IP", "IP Prefix Length")),
        _DSCP,
        _THROTTLE,
    )
}
_NEEDED: Final = tuple(name for name in _NAMES.values() if name not in (_VERSION, _THROTTLE))
# Values of the key above the policies, which concern none of them.
_OF_ALL: Final = frozenset({"tcp autotuning level", "application dscp marking request"})
_PORTS: Final = re.compile(r"(\d{1,9})(?:([:-])(\d{1,9}))?", re.ASCII)
_PROTOCOL_WORDS: Final = {"6": "tcp", "17": "udp"}  # IANA numbers
_OTHER_SERVICES: Final = frozenset(
    {
        *("servicetypebesteffort", "servicetypequalitative", "servicetypenetworkcontrol"),
        *("servicetypetcptraffic", "servicetypenonconforming"),
    }
)


def policy_key(policy: HostPolicy) -> tuple[str, list[tuple[str, str | int]]]:
    """Return the key of a policy and its values, in the order in which Group Policy writes them."""
    hive = "HKEY_CURRENT_USER" if policy.store == USER else _MACHINE
    both = len(policy.protocols) > 1
    values: list[tuple[str, str | int]] = [
        (_VERSION, "1.0"),
        (_APPLICATION, policy.application or _ANY),
        (_PROTOCOL, _ANY if both else policy.protocols[0].upper()),
    ]
    for side, ports, prefix in zip(
        _SIDES,
        (policy.source_ports, policy.destination_ports),
        (policy.source_prefix, policy.destination_prefix),
        strict=True,
    ):
        values += [
            (f"{side} Port", _ANY if ports is None else str(ports).replace("-", ":")),
            (f"{side} IP", _ANY if prefix is None else str(prefix.network_address)),
            (f"{side} IP Prefix Length", _ANY if prefix is None else str(prefix.prefixlen)),
        ]
    values += [
        (_DSCP, _NONE if policy.code_point is None else str(policy.code_point)),
        (_THROTTLE, _NONE),
    ]
    return rf"{hive}\{POLICIES_KEY}\{policy.name}", values


def read_registry(source: Source) -> Settings:
    """Return what a registry file says of QoS; other keys are passed over.

    Raises:
        PlanError: no registry file, or a line of QoS in it that cannot be understood.
    """
    found = _Found()
    for entry in read_entries(source.data, source.file):
        found.take(entry)
    return found.settings()


class _Found:
    """What the entries so far say, later ones over earlier ones as regedit merges them."""

    def __init__(self) -> None:
        self._policies: dict[str, tuple[Entry, dict[str, Entry]]] = {}
        self._others: dict[str, Setting] = {}

    def take(self, entry: Entry) -> None:
        hive, _, path = entry.key.partition("\\")
        folded = path.casefold()
        above = POLICIES_KEY.casefold()
        if hive.casefold() in _STORES and folded.startswith(above + "\\"):
            self._policy(entry)
        elif entry.key.casefold() == MAPPING_KEY.casefold():
            self._mapping(entry)
        elif _is_nla_key(entry.key) and (entry.name or "").casefold() == NLA_NAME.casefold():
            self._switch(entry)
        elif hive.casefold() in _STORES and folded == above:
            self._above(entry)
        elif f"{above}\\" in entry.key.casefold():
            raise PlanError(
                f"{entry.key[:100]!a} is no place where Windows looks for policies",
                where=entry.where,
                hint="they are below HKEY_LOCAL_MACHINE, or HKEY_CURRENT_USER, written in full",
            )

    def settings(self) -> Settings:
        policies = [item for found in self._policies.values() for item in _policy(*found)]
        return (*policies, *self._others.values())

    def _policy(self, entry: Entry) -> None:
        folded = entry.key.casefold()
        if entry.name is None and entry.removed:
            self._policies.pop(folded, None)
            return
        if entry.name is None:
            self._policies.setdefault(folded, (entry, {}))
            return
        name = _NAMES.get(entry.name.casefold())
        if name is None:
            raise PlanError(
                f"a QoS policy has no value {entry.name[:60]!a} that is known",
                where=entry.where,
                hint=nearest(entry.name, _NAMES.values()),
            )
        if entry.removed or not isinstance(entry.value, str):
            raise PlanError(
                f"{name} is no text here",
                where=entry.where,
                hint='every value of a QoS policy is REG_SZ: "name"="text"',
            )
        self._policies[folded][1][name] = entry

    def _above(self, entry: Entry) -> None:
        if entry.name is None and entry.removed:
            self._policies.clear()
        elif entry.name is not None and entry.name.casefold() not in _OF_ALL:
            raise PlanError(
                f"the key of the QoS policies has no value {entry.name[:60]!a} that is known",
                where=entry.where,
                hint="policies are keys below it; take the line out",
            )

    def _mapping(self, entry: Entry) -> None:
        if entry.name is None or entry.name.casefold() in _OTHER_SERVICES:
            return
        service = next(
            (item for item in PschedService if item.casefold() == entry.name.casefold()), None
        )
        if service is None:
            raise PlanError(
                f"service type {entry.name[:60]!a} is not known",
                where=entry.where,
                hint=nearest(entry.name, list(PschedService)),
            )
        if not isinstance(entry.value, int) or entry.value > 63:
            raise PlanError(
                f"{service} is no code point here",
                where=entry.where,
                hint="it is a REG_DWORD within 0-0x3f: dword:0000002e is 46",
            )
        self._others[service] = PschedMarking(service, CodePoint(entry.value), entry.where)

    def _switch(self, entry: Entry) -> None:
        if entry.removed:
            self._others.pop(NLA_NAME, None)
        elif isinstance(entry.value, str):
            self._others[NLA_NAME] = NlaSwitch(entry.value, True, entry.where)
        elif isinstance(entry.value, int):
            self._others[NLA_NAME] = NlaSwitch(str(entry.value), False, entry.where)
        else:
            raise PlanError(
                f"{NLA_NAME} is neither text nor number",
                where=entry.where,
                hint=f'write "{NLA_NAME}"="1"',
            )


def _is_nla_key(key: str) -> bool:
    """Whether it is the key of the switch, in the current or in a numbered control set."""
    pattern = re.escape(NLA_KEY).replace(
        "CurrentControlSet", r"(?:CurrentControlSet|ControlSet\d{3})"
    )
    return re.fullmatch(pattern, key, re.IGNORECASE) is not None


def _policy(key: Entry, values: Mapping[str, Entry]) -> tuple[Setting, ...]:
    """The policy, and what is not as Group Policy writes it; or why it is none.

    A policy that lacks values is an error, as the file may be cut short. One with a value that no
    policy can have says nothing of the others, which are read.
    """
    hive, _, path = key.key.partition("\\")
    name = path[len(POLICIES_KEY) + 1 :]
    missing = [item for item in _NEEDED if item not in values]
    if missing:
        raise PlanError(
            f"policy {name[:80]!a} has no {', '.join(missing)}",
            where=key.where,
            hint="the file may be cut short; export the policy again",
        )
    try:
        return _understood(name, hive, key.where, values)
    except PlanError as error:
        message = f"policy {name[:80]!a} is left out: {error.problem}"
        return (Remark("policy-invalid", message, error.where or key.where, error.hint),)


def _understood(
    name: str, hive: str, where: Where | None, values: Mapping[str, Entry]
) -> tuple[Setting, ...]:
    """The policy, and what is not as Group Policy writes it.

    Raises:
        PlanError: a value that no policy can have.
    """
    _refuse_throttle(values)
    dscp = values[_DSCP]
    remarks: list[Remark] = []
    found = HostPolicy(
        name=name,
        application=None if _text(values[_APPLICATION]) == _ANY else _text(values[_APPLICATION]),
        protocols=_protocols(values[_PROTOCOL]),
        code_point=None if _text(dscp) == _NONE else code_point_of(_text(dscp), _place(dscp)),
        source_ports=_ports(values["Local Port"], remarks),
        destination_ports=_ports(values["Remote Port"], remarks),
        source_prefix=_prefix(values, "Local"),
        destination_prefix=_prefix(values, "Remote"),
        store=_STORES[hive.casefold()],
        where=where,
    )
    if problem := unfit_for_windows(found):
        raise PlanError(problem, where=where)
    return (found, *remarks)


def _text(entry: Entry) -> str:
    assert isinstance(entry.value, str)
    return entry.value


def _place(entry: Entry) -> Where:
    assert entry.where is not None
    return entry.where


def _refuse_throttle(values: Mapping[str, Entry]) -> None:
    throttle = values.get(_THROTTLE)
    if throttle is not None and throttle.value != _NONE:
        raise PlanError(
            f"it throttles, and the unit of {_THROTTLE} is not known",
            where=throttle.where,
            hint="read it with Get-NetQosPolicy instead, or take the policy out of the file",
        )


def _protocols(entry: Entry) -> tuple[Transport, ...]:
    text = _text(entry)
    if text == _ANY:
        return BOTH
    return protocols_of(_PROTOCOL_WORDS.get(text, text), _place(entry), ())


def _ports(entry: Entry, remarks: list[Remark]) -> PortRange | None:
    text = _text(entry)
    if text == _ANY:
        return None
    found = _PORTS.fullmatch(text)
    if found is None:
        raise PlanError(
            f"{entry.name}: {text[:60]!a} is no port range of a policy",
            where=entry.where,
            hint="write 20000:20039, without blanks",
        )
    if found[2] == "-":
        message = (
            f"{entry.name} is written {text}: Group Policy writes a colon, and whether Windows "
            "takes a hyphen is not known"
        )
        remarks.append(Remark("policy-repaired", message, entry.where))
    return parse_range(text, entry.where)


def _prefix(values: Mapping[str, Entry], side: str) -> Prefix | None:
    address, length = values[f"{side} IP"], values[f"{side} IP Prefix Length"]
    if _text(address) == _ANY and _text(length) == _ANY:
        return None
    if _ANY in (_text(address), _text(length)):
        raise PlanError(
            f"{side} IP and {side} IP Prefix Length do not belong together",
            where=address.where,
            hint="both are * for any address, or an address and its prefix length",
        )
    if not (_text(length).isascii() and _text(length).isdigit()):
        raise PlanError(
            f"{side} IP Prefix Length {_text(length)[:40]!a} is no number",
            where=length.where,
            hint="write 32 for one IPv4 address",
        )
    return prefix_of(f"{_text(address)}/{_text(length)}", _place(address))
