"""Renders intents as an apply script: one nftables table, one HTB tree for each queued interface.

Marking happens in the forward hook, the class is chosen in postrouting: what is set before
routing is lost for IPv4. Packets a router sends itself are not classified.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.base import Rendered, refuse
from translator.drivers.line import Line
from translator.drivers.linux.nft_write import dscp_word, expressions
from translator.drivers.linux.tc_words import rate_word
from translator.drivers.templates import fill
from translator.errors import DriverError
from translator.intents.match import Match
from translator.intents.model import (
    ClassifierRule,
    DeviceIntents,
    InterfaceIntents,
    QueueIntent,
    QueuingIntent,
)
from translator.intents.pipeline import Service

__all__ = ["TABLE", "render_linux"]

TABLE: Final = "inet qos_translator"
# Source: IFNAMSIZ of the kernel is 16 with the closing zero; what else a name may hold is
# narrowed to what needs no quotes in a shell, in tc and in nft.
_INTERFACE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,14}")
_CHAIN_NAME: Final = re.compile(r"[^A-Za-z0-9_]")
_COMMENT_LENGTH: Final = 120  # Source: nft refuses comments above 128 bytes

_SET_DSCP: Final = Line("{family:word} dscp set {point:word}")
_GOTO: Final = Line("goto {chain:word}")
_SET_CLASS: Final = Line("meta priority set {class_id:word}")
_SET_CLASS_LAST: Final = Line("meta priority set {class_id:word} return")
_COMMENT: Final = Line('comment "{comment:rest}"')
_ENTERS: Final = Line('iifname "{interface:word}" jump {chain:word}')
_LEAVES: Final = Line('oifname "{interface:word}" jump {chain:word}')

_DELETE_ROOT: Final = Line("tc qdisc del dev {dev:word} root 2>/dev/null || true")
_ROOT: Final = Line("tc qdisc add dev {dev:word} root handle 1: htb default 0x{default:word}")
_TOP: Final = Line(
    "tc class add dev {dev:word} parent 1: classid 1:1 htb rate {rate:word} burst {burst:int} "
    "quantum {quantum:int}"
)
_CLASS: Final = Line(
    "tc class add dev {dev:word} parent 1:1 classid {class_id:word} htb prio {prio:int} "
    "rate {rate:word} ceil {ceil:word} burst {burst:int} quantum {quantum:int}"
)
_LEAF: Final = Line(
    "tc qdisc add dev {dev:word} parent {parent:word} handle {minor:word}: {kind:rest}"
)
# Not every kernel has fq_codel; the discipline of the second choice drops late.
_EITHER: Final = Line("{first:rest} 2>/dev/null || {second:rest}")


@dataclass(frozen=True, slots=True)
class _Chain:
    name: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Tree:
    interface: str
    lines: tuple[str, ...]
    undo: str


def render_linux(intents: DeviceIntents) -> Rendered:
    """Return the apply script, the removal script and the nft file by itself.

    Raises:
        UnsupportedIntentError: queuing without any rate: HTB needs that of the link.
        DriverError: an interface has a name that Linux does not allow.
    """
    for item in intents.interfaces:
        _check_name(item.name)
    marking = [item for item in intents.interfaces if item.marks]
    queued = [item for item in intents.interfaces if item.queuing is not None]
    table = fill(
        "linux/table.nft.j2",
        table=TABLE,
        marks=_mark_chains(marking),
        entering=[_Chain(_chain("from", item), tuple(_entering(item))) for item in marking],
        leaving=[_Chain(_chain("to", item), tuple(_leaving(item))) for item in queued],
        forward=[_ENTERS.write(interface=i.name, chain=_chain("from", i)) for i in marking],
        postrouting=[_LEAVES.write(interface=i.name, chain=_chain("to", i)) for i in queued],
    )
    trees = [
        _Tree(item.name, tuple(_tree(item)), _DELETE_ROOT.write(dev=item.name)) for item in queued
    ]
    about = {"device": _words(intents.device), "plan": _words(intents.plan), "table": TABLE}
    return Rendered(
        config=fill("linux/apply.sh.j2", rules=table, trees=trees, **about),
        removal=fill(
            "linux/remove.sh.j2",
            roots=[_DELETE_ROOT.write(dev=item.name) for item in reversed(queued)],
            **about,
        ),
        instructions=(
            "copy the script to the router and run it as root: sh qos-apply.sh",
            "run it at each start of the router: neither nftables nor tc keeps it",
        ),
        files=(("qos.nft", table),),
    )


def _check_name(name: str) -> None:
    if not _INTERFACE.fullmatch(name):
        raise DriverError(
            f"{name!r} is no name of a Linux interface",
            hint="at most 15 letters, digits, and . _ - @",
        )


def _words(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9 _.:@-]", "?", text)


def _chain(lead: str, item: InterfaceIntents) -> str:
    """Return a chain name; interface names hold characters that chain names must not."""
    return f"{lead}_{_CHAIN_NAME.sub(lambda found: f'_{ord(found[0]):x}_', item.name)}"


def _mark_chains(interfaces: Iterable[InterfaceIntents]) -> list[_Chain]:
    points = {
        rule.traffic_class.code_point
        for item in interfaces
        for rule in item.classifier
        if rule.traffic_class.code_point is not None
    }
    if any(item.reset for item in interfaces):
        points.add(CodePoint(0))
    return [
        _Chain(
            _mark_chain(point),
            tuple(_SET_DSCP.write(family=f, point=dscp_word(point)) for f in ("ip", "ip6")),
        )
        for point in sorted(points, reverse=True)
    ]


def _mark_chain(point: CodePoint) -> str:
    return f"mark_{point.name}" if not point.name.isdigit() else f"mark_dscp{point:d}"


def _entering(item: InterfaceIntents) -> Iterator[str]:
    """Yield the rules for packets that enter: the first match decides, so they `goto`."""
    for rule in item.classifier:
        point = rule.traffic_class.code_point
        # A class that keeps what it carries only has to end the chain.
        action = "return" if point is None else _GOTO.write(chain=_mark_chain(point))
        for expression in expressions(rule.match):
            yield _rule(expression, action, _comment(rule))
    if item.reset:
        action = _GOTO.write(chain=_mark_chain(CodePoint(0)))
        for expression in expressions(Match(code_points=item.reset)):
            yield _rule(expression, action, "not marked by the plan")


def _rule(expression: str, action: str, comment: str) -> str:
    """Return the rule; an expression of no words matches every packet."""
    words = [expression, action, _COMMENT.write(comment=comment)]
    return " ".join(word for word in words if word)


def _comment(origin: ClassifierRule) -> str:
    comment = f"{origin.traffic_class.name}: {' '.join(origin.rows)}".strip()
    return _words(comment)[:_COMMENT_LENGTH].rstrip()


def _leaving(item: InterfaceIntents) -> Iterator[str]:
    queuing = _queuing(item)
    ids = {queue.name: _class_id(at) for at, queue in enumerate(queuing.queues)}
    if item.egress_classifier:
        for rule in item.egress_classifier:
            action = _SET_CLASS_LAST.write(class_id=ids[rule.traffic_class.name])
            for expression in expressions(rule.match):
                yield _rule(expression, action, _comment(rule))
        return
    for queue in queuing.queues:
        if queue.code_points:
            action = _SET_CLASS.write(class_id=ids[queue.name])
            for expression in expressions(Match(code_points=queue.code_points)):
                yield _rule(expression, action, _words(queue.name))


def _queuing(item: InterfaceIntents) -> QueuingIntent:
    if item.queuing is None:
        raise DriverError(f"interface {item.name} has no queues")
    return item.queuing


def _class_id(at: int) -> str:
    return f"1:{(at + 1) * 16:x}"


def _tree(item: InterfaceIntents) -> Iterator[str]:
    """Yield the tc commands: root, one class above all, a class with a leaf for each queue."""
    queuing = _queuing(item)
    rate_bps = queuing.shaping_bps or item.link_bps
    if rate_bps is None:
        raise refuse(
            "linux",
            f"queues on {item.name}",
            "HTB needs the rate of the line, and none is given",
            nearest=f"give the rate: {item.name}={item.role}:100M",
        )
    last = len(queuing.queues) - 1
    if queuing.queues[last].service is Service.GUARANTEED:
        raise refuse(
            "linux",
            f"a guaranteed default queue on {item.name}",
            "the class of all other packets is best effort: it has the rate that the others leave",
            nearest="best effort for what no other queue takes",
        )
    yield _DELETE_ROOT.write(dev=item.name)
    yield _ROOT.write(dev=item.name, default=_class_id(last).removeprefix("1:"))
    yield _TOP.write(dev=item.name, rate=rate_word(rate_bps), **_sizes(rate_bps))
    has_priority = any(queue.service is Service.PRIORITY for queue in queuing.queues)
    for at, queue in enumerate(queuing.queues):
        yield from _class(item.name, _class_id(at), queue, rate_bps, has_priority=has_priority)


def _class(
    device: str, class_id: str, queue: QueueIntent, rate_bps: int, *, has_priority: bool
) -> Iterator[str]:
    share_bps = rate_bps * queue.percent // 100
    if share_bps < 8:
        raise refuse(
            "linux", f"{queue.percent} % of {rate_bps} bit/s", "that is no byte per second",
            nearest="a higher rate",
        )  # fmt: skip
    # A class above its share borrows what others leave over, so every ceil is the whole rate.
    # Only priority classes stand at prio 0; beside them no other class may come first.
    yield _CLASS.write(
        dev=device,
        class_id=class_id,
        prio=0 if queue.service is Service.PRIORITY or not has_priority else 1,
        rate=rate_word(share_bps),
        ceil=rate_word(rate_bps),
        **_sizes(share_bps),
    )
    minor = class_id.removeprefix("1:")
    tail_drop = _LEAF.write(dev=device, parent=class_id, minor=minor, kind="pfifo limit 100")
    early_drop = _LEAF.write(dev=device, parent=class_id, minor=minor, kind="fq_codel")
    if queue.congestion_avoidance:
        yield _EITHER.write(first=early_drop, second=tail_drop)
    else:
        yield tail_drop


def _sizes(rate_bps: int) -> dict[str, int]:
    """Return burst (2 ms of the rate, at least ten packets) and quantum in bytes.

    Source: tc-htb(8): a burst is at least what one timer tick lets through; a quantum below one
    packet or far above it makes the kernel warn.
    """
    return {
        "burst": max(15000, rate_bps // 8 // 500),
        "quantum": min(200000, max(1514, rate_bps // 8 // 100)),
    }
