"""Policies as a custom configuration of Intune, the body of a request to Microsoft Graph.

Source:
    NetworkQoSPolicy CSP (nodes, types, IPProtocolMatchCondition 0 both, 1 TCP, 2 UDP; ports with a
    hyphen); Graph v1.0 windows10CustomConfiguration, omaSettingString and omaSettingInteger, to be
    posted to /deviceManagement/deviceConfigurations; a configuration holds 1000 settings at most.
    Unverified: a policy name with a blank, which stands in the address as %20.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote

from translator.codepoint import CodePoint
from translator.endpoint.files.encoding import text_of
from translator.endpoint.formats.registry import EndpointFormat, Source
from translator.endpoint.policy.text import BOTH, unfit_for_windows
from translator.endpoint.settings import HostPolicy, Settings
from translator.errors import PlanError, Where
from translator.plan.model import Transport
from translator.plan.port_text import parse_range
from translator.plan.text import nearest
from translator.ports import PortRange

__all__ = ["FORMAT"]

_TYPE: Final = "@odata.type"
_CONFIGURATION: Final = "#microsoft.graph.windows10CustomConfiguration"
_OMA_SETTINGS: Final = "omaSettings"
_OMA_URI: Final = "omaUri"
_MAX_SETTINGS: Final = 1000
_ROOT: Final = "./Device/Vendor/MSFT/NetworkQoSPolicy/"
_ROOTS: Final = (_ROOT, "./Vendor/MSFT/NetworkQoSPolicy/")  # the second means the device, too

_APPLICATION: Final = "AppPathNameMatchCondition"
_PROTOCOL: Final = "IPProtocolMatchCondition"
_SOURCE: Final = "SourcePortMatchCondition"
_DESTINATION: Final = "DestinationPortMatchCondition"
_DSCP: Final = "DSCPAction"
_DOT1P: Final = "PriorityValue8021Action"
_NODES: Final = (_APPLICATION, _PROTOCOL, _SOURCE, _DESTINATION, _DSCP, _DOT1P)
_PROTOCOLS: Final = {0: BOTH, 1: (Transport.TCP,), 2: (Transport.UDP,)}


@dataclass(frozen=True, slots=True)
class _Node:
    value: object
    uri: str


def _fits(source: Source) -> bool:
    return source.text.lstrip().startswith(("{", "[")) and "/NetworkQoSPolicy/" in source.text


def _why_not(setting: object) -> str:
    if not isinstance(setting, HostPolicy):
        return ""
    if setting.source_prefix is not None or setting.destination_prefix is not None:
        return "NetworkQoSPolicy has no place for addresses"
    if setting.throttle_bps is not None:
        return "NetworkQoSPolicy has no place for a throttle"
    if setting.store.casefold() == "hkcu":
        return "NetworkQoSPolicy holds policies of devices and none of users"
    return unfit_for_windows(setting)


def _holds(setting: object) -> bool:
    return isinstance(setting, HostPolicy) and not _why_not(setting)


def _write(settings: Settings) -> bytes:
    held = [item for item in settings if isinstance(item, HostPolicy) and _holds(item)]
    found = [node for policy in held for node in _nodes(policy)]
    if len(found) > _MAX_SETTINGS:
        raise PlanError(
            f"the policies take {len(found)} settings, and a configuration of Intune holds "
            f"{_MAX_SETTINGS}",
            hint="leave rows out: options.exclude",
        )
    body = {_TYPE: _CONFIGURATION, "displayName": "QoS policies", _OMA_SETTINGS: found}
    return (json.dumps(body, indent=2) + "\n").encode("ascii")


def _nodes(policy: HostPolicy) -> Iterator[dict[str, object]]:
    values: dict[str, str | int | None] = {
        _APPLICATION: policy.application,
        _PROTOCOL: next(
            number for number, found in _PROTOCOLS.items() if set(found) == set(policy.protocols)
        ),
        _SOURCE: None if policy.source_ports is None else str(policy.source_ports),
        _DESTINATION: None if policy.destination_ports is None else str(policy.destination_ports),
        _DSCP: None if policy.code_point is None else int(policy.code_point),
    }
    for node, value in values.items():
        if value is not None:
            kind = "Integer" if isinstance(value, int) else "String"
            yield {
                _TYPE: f"#microsoft.graph.omaSetting{kind}",
                "displayName": f"{policy.name}: {node}",
                _OMA_URI: f"{_ROOT}{quote(policy.name, safe='')}/{node}",
                "value": value,
            }


def _read(source: Source) -> Settings:
    """Return the policies of a configuration, or of Graph's list of configurations.

    Raises:
        PlanError: no JSON, no configuration, or a node of NetworkQoSPolicy that is not understood.
    """
    policies: dict[str, tuple[str, dict[str, _Node]]] = {}
    for setting in _oma_settings(_parsed(source), source.file):
        uri = setting.get(_OMA_URI)
        root = next((item for item in _ROOTS if str(uri).startswith(item)), None)
        if root is None or not isinstance(uri, str):
            continue  # another setting of the device
        name, node = _split(uri, root, source.file)
        kept = policies.setdefault(name.casefold(), (name, {}))[1]
        if node in kept:
            raise PlanError(
                f"{uri[:120]!a} stands twice", where=Where(source.file), hint="keep one"
            )
        kept[node] = _Node(setting.get("value"), uri)
    return tuple(_policy(name, nodes, Where(source.file)) for name, nodes in policies.values())


def _parsed(source: Source) -> object:
    text = text_of(source.data, source.file)
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise PlanError(
            f"no valid JSON: {error.msg}",
            where=Where(source.file, error.lineno),
            hint="the file may be cut short; give the whole answer of Graph",
        ) from None
    except (RecursionError, ValueError) as error:
        raise PlanError(
            f"no JSON of Graph: {str(error)[:120]}",
            where=Where(source.file),
            hint="give one configuration",
        ) from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _oma_settings(found: object, file: str) -> Iterator[Mapping[str, Any]]:
    answer = found.get("value") if isinstance(found, dict) and _OMA_SETTINGS not in found else None
    configurations = answer if isinstance(answer, list) else found
    for item in configurations if isinstance(configurations, list) else [configurations]:
        settings = item.get(_OMA_SETTINGS) if isinstance(item, dict) else None
        if not isinstance(settings, list):
            raise PlanError(
                f"there is no list {_OMA_SETTINGS}",
                where=Where(file),
                hint="give a windows10CustomConfiguration as Graph prints it",
            )
        for setting in settings:
            if not isinstance(setting, dict):
                raise PlanError(
                    f"an element of {_OMA_SETTINGS} is no object",
                    where=Where(file),
                    hint="give a windows10CustomConfiguration as Graph prints it",
                )
            yield setting


def _split(uri: str, root: str, file: str) -> tuple[str, str]:
    name, _, node = uri[len(root) :].partition("/")
    if node not in _NODES:
        raise PlanError(
            f"{uri[:120]!a} is no node of NetworkQoSPolicy",
            where=Where(file),
            hint=nearest(node, _NODES),
        )
    try:
        return unquote(name, errors="strict"), node
    except UnicodeDecodeError:
        raise PlanError(
            f"{uri[:120]!a}: the name is not percent-encoded UTF-8",
            where=Where(file),
            hint="write a blank as %20",
        ) from None


def _policy(name: str, nodes: Mapping[str, _Node], where: Where) -> HostPolicy:
    if _DOT1P in nodes:
        raise PlanError(
            f"{nodes[_DOT1P].uri[:120]!a}: there is no place in a plan for 802.1p of a host",
            where=where,
            hint="take the setting out of the file if the policy is not part of the plan",
        )
    protocol = _integer(nodes.get(_PROTOCOL), where, 2)
    dscp = _integer(nodes.get(_DSCP), where, 63)
    found = HostPolicy(
        name=name,
        application=_string(nodes.get(_APPLICATION), where),
        protocols=_PROTOCOLS[protocol or 0],
        code_point=None if dscp is None else CodePoint(dscp),
        source_ports=_ports(nodes.get(_SOURCE), where),
        destination_ports=_ports(nodes.get(_DESTINATION), where),
        where=where,
    )
    if problem := unfit_for_windows(found):
        raise PlanError(
            f"policy {name[:80]!a}: {problem}", where=where, hint="correct the configuration"
        )
    return found


def _ports(node: _Node | None, where: Where) -> PortRange | None:
    text = _string(node, where)
    return None if text is None else parse_range(text, where)


def _string(node: _Node | None, where: Where) -> str | None:
    if node is None:
        return None
    if not isinstance(node.value, str):
        raise PlanError(
            f"{node.uri[:120]!a}: the value is no text",
            where=where,
            hint="it is of the data type String",
        )
    return node.value


def _integer(node: _Node | None, where: Where, high: int) -> int | None:
    if node is None:
        return None
    if type(node.value) is not int or not 0 <= node.value <= high:
        raise PlanError(
            f"{node.uri[:120]!a}: the value is no number within 0-{high}",
            where=where,
            hint="it is of the data type Integer",
        )
    return node.value


FORMAT = EndpointFormat(
    name="intune",
    title="Intune custom configuration for Microsoft Graph (JSON)",
    group="Windows",
    fits=_fits,
    read=_read,
    write=_write,
    holds=_holds,
    extension=".json",
    why_not=_why_not,
)
