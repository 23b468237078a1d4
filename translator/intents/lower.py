"""Lowering: from what is wanted to what a platform can say, exactly or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from msgspec import structs

from translator.codepoint import CodePoint
from translator.errors import UnsupportedIntentError
from translator.intents.capabilities import Capabilities, Feature
from translator.intents.match import Match, overlap
from translator.intents.model import (
    ClassifierRule,
    DeviceIntents,
    InterfaceIntents,
    QueueIntent,
    QueuingIntent,
    TrafficClass,
)
from translator.intents.pipeline import Service
from translator.ports import PortRange

__all__ = [
    "Block",
    "class_blocks",
    "lower",
    "merge_queues",
    "only_version",
    "port_masks",
    "split_by_ranges",
    "split_by_version",
    "unique_name",
]


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive rules of one class, as class-based platforms need them.

    `name` is the class name, with `_2`, `_3` where order forced a class apart.
    """

    name: str
    traffic_class: TrafficClass
    rules: tuple[ClassifierRule, ...]


def class_blocks(classifier: Sequence[ClassifierRule]) -> tuple[Block, ...]:
    """Return the rules grouped by class with the same first-match meaning, in as few blocks.

    A rule joins the latest block of its class when it overlaps no rule of another class in the
    blocks between; otherwise it opens a new block of that class.
    """
    blocks: list[tuple[TrafficClass, list[ClassifierRule]]] = []
    for rule in classifier:
        for traffic_class, rules in reversed(blocks):
            if traffic_class == rule.traffic_class:
                rules.append(rule)
                break
            if any(overlap(rule.match, other.match) for other in rules):
                blocks.append((rule.traffic_class, [rule]))
                break
        else:
            blocks.append((rule.traffic_class, [rule]))
    seen: dict[str, int] = {}
    named: list[Block] = []
    for traffic_class, rules in blocks:
        count = seen[traffic_class.name] = seen.get(traffic_class.name, 0) + 1
        name = traffic_class.name if count == 1 else f"{traffic_class.name}_{count}"
        named.append(Block(name, traffic_class, tuple(rules)))
    return tuple(named)


def only_version(match: Match, version: int) -> Match | None:
    """Return the match for one IP version, or None where its addresses exclude that version."""
    if match.version not in (None, version):
        return None
    sources = tuple(item for item in match.sources if item.version == version)
    destinations = tuple(item for item in match.destinations if item.version == version)
    if (match.sources and not sources) or (match.destinations and not destinations):
        return None
    return structs.replace(match, version=version, sources=sources, destinations=destinations)


def split_by_version(match: Match) -> tuple[Match, ...]:
    """Return the IPv4 and the IPv6 match that together mean the same, those that exist."""
    parts = (only_version(match, 4), only_version(match, 6))
    return tuple(part for part in parts if part is not None)


def split_by_ranges(match: Match, limit: int | None) -> tuple[Match, ...]:
    """Return matches with at most `limit` port ranges on each side that mean the same."""
    if limit is None:
        return (match,)
    return tuple(
        structs.replace(match, source_ports=sources, destination_ports=destinations)
        for sources in _chunks(match.source_ports, limit)
        for destinations in _chunks(match.destination_ports, limit)
    )


def _chunks(ranges: tuple[PortRange, ...], limit: int) -> list[tuple[PortRange, ...]]:
    return [ranges[start : start + limit] for start in range(0, len(ranges), limit)] or [()]


def port_masks(ports: PortRange) -> tuple[tuple[int, int], ...]:
    """Return the fewest (value, mask) pairs that match exactly the ports of the range.

    20000-20039 is ((20000, 0xffe0), (20032, 0xfff8)).
    """
    pairs: list[tuple[int, int]] = []
    low = ports.low
    while low <= ports.high:
        size = low & -low or 1 << 16
        while low + size - 1 > ports.high:
            size >>= 1
        pairs.append((low, 0xFFFF & ~(size - 1)))
        low += size
    return tuple(pairs)


def unique_name(wanted: str, is_free: Callable[[str], bool], *, limit: int) -> str:
    """Return `wanted`, shortened to the limit, or the first of it with `-2`, `-3` that is free."""
    name = wanted[:limit]
    number = 1
    while not is_free(name):
        number += 1
        tail = f"-{number}"
        name = wanted[: max(0, limit - len(tail))] + tail
        if len(name) > limit:
            raise UnsupportedIntentError(
                f"no unique name of {limit} characters is left for {wanted!r}",
                hint="use shorter interface or class names",
            )
    return name


def merge_queues(queuing: QueuingIntent, count: int) -> QueuingIntent:
    """Return the queuing in at most `count` queues, merging guaranteed ones, weakest first.

    Packets of merged queues keep their service, so the treatment stays exact; the merged queue
    has the sum of their shares.

    Raises:
        UnsupportedIntentError: even one guaranteed queue beside the others is too many.
    """
    queues = list(queuing.queues)
    while len(queues) > count:
        guaranteed = [i for i, queue in enumerate(queues) if queue.service is Service.GUARANTEED]
        if len(guaranteed) < 2:
            raise UnsupportedIntentError(
                f"{len(queues)} queues do not fit {count} and no two of them are served alike",
                hint="give queues of the plan the same treatment, or drop one",
            )
        pair = min(
            combinations(guaranteed, 2),
            key=lambda two: (queues[two[0]].percent + queues[two[1]].percent, two),
        )
        queues[pair[0]] = _merged(queues[pair[0]], queues[pair[1]])
        del queues[pair[1]]
    return replace(queuing, queues=tuple(queues))


def _with_default_share(queuing: QueuingIntent) -> QueuingIntent:
    """Return the queuing with a default queue that is guaranteed what the others leave."""
    *others, default = queuing.queues
    left = 100 - sum(queue.percent for queue in others)
    if left < 1:
        raise UnsupportedIntentError(
            "the other queues leave nothing to the default queue, which always has a share here",
            hint="lower the shares of the plan's queues",
        )
    default = replace(default, service=Service.GUARANTEED, percent=left)
    return replace(queuing, queues=(*others, default))


def _merged(one: QueueIntent, other: QueueIntent) -> QueueIntent:
    points: tuple[CodePoint, ...] = tuple(sorted({*one.code_points, *other.code_points}))
    return QueueIntent(
        name=f"{one.name}+{other.name}",
        service=one.service,
        code_points=points,
        percent=one.percent + other.percent,
        congestion_avoidance=one.congestion_avoidance and other.congestion_avoidance,
        source="; ".join(dict.fromkeys(text for text in (one.source, other.source) if text)),
    )


def lower(intents: DeviceIntents, capabilities: Capabilities) -> DeviceIntents:
    """Return the intents in the form in which the platform can express them exactly.

    What is only a matter of form is changed (queues merged, several port ranges spread over
    rules); what narrows the meaning is stated in `domain` and `assumptions`; anything else is
    refused.

    Raises:
        UnsupportedIntentError: an intent cannot be expressed exactly; says what and why.
    """
    interfaces = tuple(_lower_interface(item, capabilities) for item in intents.interfaces)
    if capabilities.has(Feature.IPV6) or not any(item.marks for item in interfaces):
        return replace(intents, interfaces=interfaces)
    return replace(
        intents,
        interfaces=tuple(_without_ipv6(item) for item in interfaces),
        domain=Match(version=4),
        assumptions=(*intents.assumptions, "IPv6 cannot be classified here: proven for IPv4 only"),
    )


def _lower_interface(intents: InterfaceIntents, capabilities: Capabilities) -> InterfaceIntents:
    _check_marking(intents, capabilities)
    queuing = intents.queuing
    if queuing is not None:
        _check_queuing(intents, queuing, capabilities)
        queuing = merge_queues(queuing, capabilities.queues)
        if capabilities.has(Feature.EVERY_QUEUE_HAS_SHARE):
            queuing = _with_default_share(queuing)
    return structs.replace(
        intents,
        classifier=_spread(intents.classifier, capabilities),
        queuing=queuing,
        egress_classifier=_spread(_requeued(intents, queuing), capabilities),
    )


def _check_marking(intents: InterfaceIntents, capabilities: Capabilities) -> None:
    can_mark = capabilities.has(Feature.MARK_INGRESS) or capabilities.has(Feature.MARK_AT_EGRESS)
    if intents.marks and not can_mark:
        raise UnsupportedIntentError(
            f"interface {intents.name}: this platform cannot write code points",
            hint="mark at the switch in front of it and give this interface the role uplink or wan",
        )
    if len(intents.classes) >= capabilities.classes:
        raise UnsupportedIntentError(
            f"interface {intents.name}: {len(intents.classes)} classes and the default do not fit "
            f"the {capabilities.classes} of this platform",
            hint="leave rows out with the plan's options.exclude, or give them one code point",
        )
    if capabilities.has(Feature.MATCH_CODE_POINT_WITH_PORT):
        return
    for rule in intents.classifier:
        if rule.match.code_points and (rule.match.source_ports or rule.match.destination_ports):
            raise UnsupportedIntentError(
                f"interface {intents.name}: rows {' '.join(rule.rows)} match a code point and "
                "ports at once, which this platform cannot",
                hint=f"leave the rows out: plan option exclude: [{', '.join(rule.rows)}]",
            )


def _check_queuing(
    intents: InterfaceIntents, queuing: QueuingIntent, capabilities: Capabilities
) -> None:
    if not capabilities.has(Feature.QUEUE):
        raise UnsupportedIntentError(
            f"interface {intents.name}: this platform has no queues per class",
            hint="queue on the router behind it",
        )
    if queuing.shaping_bps is not None and not capabilities.has(Feature.SHAPE):
        raise UnsupportedIntentError(
            f"interface {intents.name}: this platform cannot shape to {queuing.shaping_bps} bit/s",
            hint="give the interface the role uplink and shape on the router behind it",
        )
    if intents.egress_classifier and not capabilities.has(Feature.QUEUE_BY_PORT):
        raise UnsupportedIntentError(
            f"interface {intents.name}: this platform cannot choose a queue by ports",
            hint="mark where packets enter (role client) and give this interface the role wan",
        )


def _requeued(
    intents: InterfaceIntents, queuing: QueuingIntent | None
) -> tuple[ClassifierRule, ...]:
    """Return the egress classifier with the names that its queues have after merging."""
    if queuing is None:
        return ()
    names = {part: queue.name for queue in queuing.queues for part in queue.name.split("+")}
    return tuple(
        structs.replace(rule, traffic_class=TrafficClass(names[rule.traffic_class.name], None))
        for rule in intents.egress_classifier
    )


def _spread(
    rules: tuple[ClassifierRule, ...], capabilities: Capabilities
) -> tuple[ClassifierRule, ...]:
    """Return the rules with ports in the form, and not more of them in a rule, that fit."""
    if capabilities.masks_only:
        rules = tuple(structs.replace(rule, match=_aligned(rule.match)) for rule in rules)
    limit = capabilities.ranges_per_rule
    if limit is None:
        return rules
    return tuple(
        structs.replace(rule, match=part)
        for rule in rules
        for part in split_by_ranges(rule.match, limit)
    )


def _aligned(match: Match) -> Match:
    """Return the match with each port range as ranges that are one value and mask."""

    def aligned(ranges: tuple[PortRange, ...]) -> tuple[PortRange, ...]:
        return tuple(
            PortRange(value, value | ~mask & 0xFFFF)
            for item in ranges
            for value, mask in port_masks(item)
        )

    return structs.replace(
        match,
        source_ports=aligned(match.source_ports),
        destination_ports=aligned(match.destination_ports),
    )


def _without_ipv6(intents: InterfaceIntents) -> InterfaceIntents:
    def narrowed(rules: tuple[ClassifierRule, ...]) -> tuple[ClassifierRule, ...]:
        kept = ((rule, only_version(rule.match, 4)) for rule in rules)
        return tuple(
            structs.replace(rule, match=match) for rule, match in kept if match is not None
        )

    return structs.replace(
        intents,
        classifier=narrowed(intents.classifier),
        egress_classifier=narrowed(intents.egress_classifier),
    )
