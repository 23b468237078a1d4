"""Blocks of ports as the product is set to: too small, in each other's way, misunderstood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from translator.endpoint.findings.finding import EndpointFinding, finding
from translator.endpoint.findings.shown import set_command
from translator.endpoint.merge.scopes import Scoped
from translator.endpoint.settings import MediaPorts
from translator.plan.load import STANDARD_PRESET, load_preset
from translator.plan.model import Plan
from translator.ports import PortBlock

__all__ = ["check_ports"]

# Defaults of the product. Source: help of Set-CsConferencingConfiguration, Set-CsMediationServer.
_CLIENT_DEFAULT: Final = 5350
_CLIENT_EXAMPLE: Final = 20000  # where the article moves the ranges, 40 ports each
_MEDIATION_DEFAULT: Final = 8348
_PORTS_OF_A_CALL: Final = 7
# Ports of one client for all media, and ports that are no media at all.
_NOT_COMPARED: Final = frozenset({"client.communicator_2007r2", "client.sip_dynamic"})
_LAST_PORT: Final = 65535
# A count this close above its start is a last port that somebody typed.
_LIKE_AN_END: Final = 1000


def check_ports(seen: Sequence[Scoped], plan: Plan) -> Iterator[EndpointFinding]:
    """Yield what is wrong with the blocks of each scope."""
    minimum = {item.name: item.min_count for item in plan.port_settings}
    scopes: dict[tuple[str, str], list[MediaPorts]] = {}
    for item in seen:
        if isinstance(item, MediaPorts):
            scopes.setdefault((_component(item), item.scope.lower()), []).append(item)
            yield from _one(item, item.block, minimum.get(item.name, 1))
    for items in scopes.values():
        yield from _together([item for item in items if item.name not in _NOT_COMPARED])


def _component(item: MediaPorts) -> str:
    return item.name.partition(".")[0]


def _set_ports(item: MediaPorts, start: int, count: int) -> str:
    """The command that gives a setting these ports, or the standard plan's if they end too late."""
    if start + count - 1 > _LAST_PORT:
        return _set_standard_ports(item)
    return set_command(replace(item, block=PortBlock(start, count)))


def _set_standard_ports(item: MediaPorts) -> str:
    """The command that gives a setting the ports of the standard plan, or those of its medium."""
    known = {one.name: one.block for one in load_preset(STANDARD_PRESET).port_settings}
    medium = item.name.partition(".")[2]
    block = known.get(item.name) or known.get(f"conference_server.{medium}")
    return "" if block is None else set_command(replace(item, block=block))


def _one(item: MediaPorts, block: PortBlock | None, minimum: int) -> Iterator[EndpointFinding]:
    if block is None:
        yield finding(
            "any-port",
            f"{item.name} of {item.scope} has no range: it uses any port",
            item.where,
            cure=_set_standard_ports(item),
        )
        return
    if block.start <= block.count <= block.start + _LIKE_AN_END:
        count = block.count - block.start + 1
        yield finding(
            "range-is-an-end",
            f"{item.name} of {item.scope} has {block.count} ports from {block.start}; to end at "
            f"{block.count} they are {count}",
            item.where,
            cure=_set_ports(item, block.start, count),
        )
    if block.count < minimum:
        yield finding(
            "range-too-small",
            f"{item.name} of {item.scope} has {block.count} ports, at least {minimum} are needed",
            item.where,
            cure=_set_ports(item, block.start, minimum),
        )
    if _component(item) == "mediation_server" and block.count < _MEDIATION_DEFAULT:
        yield finding(
            "mediation-few-calls",
            f"{item.scope} has {block.count} ports, enough for {block.count // _PORTS_OF_A_CALL} "
            f"calls of {_PORTS_OF_A_CALL} ports",
            item.where,
            cure=_set_ports(item, block.start, _MEDIATION_DEFAULT),
        )


def _together(items: Sequence[MediaPorts]) -> Iterator[EndpointFinding]:
    """What is wrong between the media of one component in one scope."""
    unmoved = [item for item in items if _starts_at(item, _CLIENT_DEFAULT)]
    if len(unmoved) > 1:
        names = ", ".join(item.name for item in unmoved)
        yield finding(
            "ranges-not-moved",
            f"{names} of {unmoved[0].scope} all start at {_CLIENT_DEFAULT}",
            *(item.where for item in unmoved),
            cure=set_command(*(_apart(item, at) for at, item in enumerate(unmoved))),
        )
    for one, other in combinations(items, 2):
        if one.block is None or other.block is None or (one in unmoved and other in unmoved):
            continue
        if one.block.range.overlaps(other.block.range):
            yield _sharing(one, other, one.block, other.block)


def _apart(item: MediaPorts, at: int) -> MediaPorts:
    """The setting with the block of the article's example that stands at this place."""
    return replace(item, block=PortBlock(_CLIENT_EXAMPLE + 40 * at, 40))


def _starts_at(item: MediaPorts, start: int) -> bool:
    return item.block is not None and item.block.start == start


def _sharing(
    one: MediaPorts, other: MediaPorts, block: PortBlock, its: PortBlock
) -> EndpointFinding:
    shared = f"{max(block.start, its.start)}-{min(block.range.high, its.range.high)}"
    message = f"{one.name} and {other.name} of {one.scope} share ports {shared}"
    sharing = next((item for item in (one, other) if item.name.endswith(".app_sharing")), None)
    if sharing is not None and _component(sharing) != "client":
        return finding(
            "sharing-on-media-ports",
            message,
            sharing.where,
            one.where,
            other.where,
            cure=_set_standard_ports(sharing),
        )
    start = max(block.range.high, its.range.high) + 1
    cure = _set_ports(other, start, its.count)
    return finding("media-share-ports", message, other.where, one.where, cure=cure)
