"""Queues that are not as wanted, looked at from every interface that packets may come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from translator.audit.case import Case
from translator.intents.capabilities import Feature
from translator.intents.condition import Condition
from translator.intents.device import QueueClass, Queuing
from translator.intents.model import InterfaceIntents, QueueIntent, Role
from translator.intents.pipeline import Service
from translator.verify.behaviour import ProgramCache
from translator.verify.boxes import witness
from translator.verify.classes import class_diagram, class_pairs, joined_pairs
from translator.verify.compare import Side, packets_marked_alike
from translator.verify.diagram import Node
from translator.verify.prove import OTHER
from translator.verify.scheduling import (
    SchedulingFinding,
    find_scheduling,
    percent_of,
)

__all__ = ["packets_arriving_alike", "queue_faults"]


class _Meeting(NamedTuple):
    """A wanted queue and a found class that some packets wait in."""

    queue: str
    found: str


@dataclass(frozen=True, slots=True)
class _Leaving:
    """One interface that packets leave by: what is wanted of its queues, and what is found."""

    name: str
    wanted: Mapping[str, QueueIntent]
    queuing: Queuing
    classes: Mapping[str, QueueClass]
    link_bps: int | None


def queue_faults(
    case: Case,
    intents: InterfaceIntents,
    entries: Iterable[str],
    domain: Condition | None,
    cache: ProgramCache,
) -> list[SchedulingFinding]:
    """Return what is wrong with the queues that packets of any entry wait in, each thing once.

    Packets that arrive with another mark than wanted are left out: their queue follows from that.

    Raises:
        UndecidedError: a diagram outgrew the budget of the space.
    """
    found: dict[tuple[str, str, str], SchedulingFinding] = {}
    for entry in entries:
        packets = packets_arriving_alike(case, entry, intents.name, domain, cache)
        parameters = find_scheduling(
            intents,
            case.wanted,
            case.found,
            entry,
            case.space,
            tolerance=case.settings.tolerance,
            packets=packets,
        )
        faults = [*parameters, *_shared(case, intents, entry, packets)]
        if entry == intents.name and intents.role is not Role.UPLINK:
            # What turns back at a provider's line may be served otherwise; what a queue that it
            # reaches is given holds for all that come by other interfaces. Behind an uplink is
            # the same network: what comes from there is trusted wherever it leaves.
            faults = [item for item in faults if item.of_the_queue]
        for item in faults:
            found.setdefault((item.queue, item.wanted, item.found), item)
    return list(found.values())


def packets_arriving_alike(
    case: Case, entry: str, leaving: str, domain: Condition | None, cache: ProgramCache
) -> Node:
    """Return the packets of the domain that come to where they leave with the mark that is wanted.

    On a platform that writes marks only as packets leave, those that leave with it.

    Raises:
        UndecidedError: a diagram outgrew the budget of the space.
    """
    late = case.driver.capabilities.has(Feature.MARK_AT_EGRESS)
    wanted, found = (
        Side(device, entry, leaving if late else OTHER, cache)
        for device in (case.wanted, case.found)
    )
    return packets_marked_alike(wanted, found, case.space, domain)


def _shared(
    case: Case, intents: InterfaceIntents, entry: str, packets: Node
) -> Iterator[SchedulingFinding]:
    """Find queues that wait together where the plan keeps them apart."""
    queuing = case.found.interface(intents.name).queuing
    if queuing is None or intents.queuing is None:
        return
    leaving = _Leaving(
        intents.name,
        {queue.name: queue for queue in intents.queuing.queues},
        queuing,
        {item.name: item for item in queuing.classes},
        intents.link_bps,
    )
    meetings = _meetings(case, leaving, entry, packets)
    for group in joined_pairs(meetings):
        if len({item.queue for item in group}) > 1:
            yield from _strays(leaving, group, meetings)
            yield from _too_little(case, leaving, group)


def _meetings(case: Case, leaving: _Leaving, entry: str, packets: Node) -> dict[_Meeting, str]:
    """Return which wanted queue shares packets with which class that serves it as wanted.

    Each comes with the lowest such packet.
    """
    space = case.space
    wanted, found = (
        class_diagram(device, entry, leaving.name, space) for device in (case.wanted, case.found)
    )
    pairs = class_pairs(wanted, found, packets, space)
    meetings = {_Meeting(*pair): node for pair, node in pairs.items()}
    return {
        pair: str(witness(space, node))
        for pair, node in meetings.items()
        if _served_as_wanted(leaving, pair)
    }


def _served_as_wanted(leaving: _Leaving, pair: _Meeting) -> bool:
    """Where the service is another, that is told by the treatment of the packets."""
    queue, item = leaving.wanted.get(pair.queue), leaving.classes.get(pair.found)
    return (
        queue is not None
        and item is not None
        and queue.service is item.service
        and queue.service is not Service.BEST_EFFORT
    )


def _strays(
    leaving: _Leaving, group: list[_Meeting], packets: Mapping[_Meeting, str]
) -> Iterator[SchedulingFinding]:
    """Find packets that left the class of their queue for one that another queue waits in."""
    for pair in group:
        split = sum(item.queue == pair.queue for item in group) > 1
        others = [x.queue for x in group if x.found == pair.found and x.queue != pair.queue]
        if split and others:
            yield SchedulingFinding(
                leaving.name,
                pair.queue,
                f"queue of {packets[pair]}",
                "that of its class",
                f"{pair.found!r}, with {' and '.join(others)}",
                leaving.classes[pair.found].lines,
            )


def _too_little(
    case: Case, leaving: _Leaving, group: list[_Meeting]
) -> Iterator[SchedulingFinding]:
    """Find queues that wait in one class whose share is less than theirs together."""
    queues = [leaving.wanted[name] for name in dict.fromkeys(item.queue for item in group)]
    classes = [leaving.classes[name] for name in dict.fromkeys(item.found for item in group)]
    shares = [percent_of(item, leaving.queuing, leaving.link_bps) for item in classes]
    known = [share for share in shares if share is not None]
    wanted = sum(queue.percent for queue in queues)
    allowed = case.settings.tolerance.share_points * len(queues)
    if len(known) == len(shares) and sum(known) < wanted - allowed:
        yield SchedulingFinding(
            leaving.name,
            "+".join(queue.name for queue in queues),
            "share of all together",
            f"{wanted} %",
            f"{sum(known):.4g} %",
            tuple(line for item in classes for line in item.lines),
        )
