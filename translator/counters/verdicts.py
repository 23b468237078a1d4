"""What counters say about QoS: findings, each tied to classes and rows of the plan.

No name is asked: which class serves what comes from `translator.counters.meaning`.
"""

from __future__ import annotations

from collections.abc import Iterator

from translator.audit.model import Direction, Finding, Severity
from translator.counters.change import Change, Difference, State
from translator.counters.kinds import KINDS
from translator.counters.marks import findings_on_marks
from translator.counters.meaning import Meaning, PlanClass
from translator.counters.scene import Place, places_of
from translator.intents.counters import ClassCounters, DropReason, Unit

__all__ = ["judge"]

_BAD_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def judge(difference: Difference, meaning: Meaning) -> tuple[Finding, ...]:
    """Return what is wrong, or cannot be told, the worst first."""
    found: list[Finding] = []
    for place in places_of(difference, meaning):
        found += _cleared(place)
        found += _unread(place)
        found += _idle(place)
        found += findings_on_marks(place)
        found += _drops(place)
        found += _over_limit(place)
        found += _strangers(place)
    found += _queues_missing(difference, meaning)
    found += _unread_anywhere(difference)
    return tuple(sorted(found, key=lambda item: _BAD_FIRST.index(item.severity)))


def _cleared(place: Place) -> Iterator[Finding]:
    cleared = [item for item in place.changes if item.state is State.CLEARED]
    if cleared:
        yield place.finding(
            "counters-cleared",
            f"the counters of {place.name} were cleared: the numbers are those since then",
            cleared,
        )


def _unread(place: Place) -> Iterator[Finding]:
    for item in place.changes:
        lines = item.counted.unread
        if lines:
            first = lines[0]
            more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
            reason = f" ({first.reason})" if first.reason else ""
            yield Finding(
                "unread",
                KINDS["unread"].severity,
                f"what {place.called(item)} counted is unknown: line {first.line}{more}, "
                f"{first.text.strip()!r}{reason}",
                place.interfaces,
                place.direction,
                lines=tuple(sorted({line.line for line in lines})),
                hint=KINDS["unread"].cure,
            )


def _idle(place: Place) -> Iterator[Finding]:
    """Find classes of the plan that saw nothing; without a configuration, by their code points."""
    for plan_class, changes in place.by_plan_class():
        counts = [item.counted.offered for item in changes]
        if plan_class.rest or not counts or None in counts or any(counts):
            continue
        others = [item for item in place.leaves if item not in changes and item.counted.seen]
        if not others:
            continue
        names = " and ".join(repr(item.counted.name) for item in changes)
        busy = max(others, key=lambda item: item.counted.seen or 0)
        yield place.finding(
            "class-idle",
            f"{names}, which serves {plan_class.name}, saw no packet, while "
            f"{busy.counted.name!r} saw {busy.counted.seen}",
            changes,
            plan_class,
        )


def _drops(place: Place) -> Iterator[Finding]:
    in_priority = False
    for item in place.leaves:
        lost = item.counted.dropped
        if not lost:
            continue
        if place.serves_voice(item):
            in_priority = True
            yield place.finding(
                "drops-in-ef",
                f"{place.called(item)}, which serves {place.purpose(item)}, lost {lost} "
                f"{_unit(item.counted)}: {_reasons(item.counted)}",
                (item,),
                place.first_class(item),
            )
        else:
            yield _drops_in_class(place, item, lost)
    for item in place.changes:
        # The queue behind the priority classes counts the same packets once more.
        queue = item.counted
        if queue.unit is Unit.QUEUE and queue.priority and queue.dropped and not in_priority:
            yield place.finding(
                "drops-in-ef",
                f"{place.called(item)} lost {queue.dropped} {_unit(queue)}: {_reasons(queue)}",
                (item,),
            )


def _drops_in_class(place: Place, item: Change, lost: int) -> Finding:
    plan_class = place.first_class(item)
    rest = plan_class.rest if plan_class is not None else item.counted.name == "class-default"
    return place.finding(
        "drops-in-class",
        f"{place.called(item)} lost {lost} {_unit(item.counted)}: {_reasons(item.counted)}",
        (item,),
        plan_class,
        severity=Severity.NOTE if rest else None,
    )


def _unit(item: ClassCounters) -> str:
    counts = [drop.packets for drop in item.drops]
    counts += [colour.packets for colour in item.policed if colour.drops]
    return "packets" if any(count is not None for count in counts) else "bytes"


def _reasons(item: ClassCounters) -> str:
    parts = [
        f"{drop.packets if drop.packets is not None else drop.bytes} {drop.reason}"
        for drop in item.drops
        if drop.packets or drop.bytes
    ]
    for colour in item.policed:
        lost = colour.bytes if colour.packets is None else colour.packets
        if colour.drops and lost:
            parts.append(f"{lost} policed ({colour.colour})")
    return ", ".join(parts)


def _over_limit(place: Place) -> Iterator[Finding]:
    for item in place.leaves:
        if not place.serves_voice(item):
            continue
        limit = place.limit_bps(item)
        rate = item.bps if item.bps is not None else item.counted.offered_bps
        dropped = sum(
            drop.packets or 0 for drop in item.counted.drops if drop.reason is DropReason.RATE
        )
        if limit is not None and rate is not None and rate > limit:
            what = f"is offered {rate:,} bit/s, its limit is {limit:,} bit/s"
        elif dropped:
            what = f"lost {dropped} packets above its limit"
        else:
            continue
        yield place.finding(
            "priority-over-limit", f"{place.called(item)} {what}", (item,), place.first_class(item)
        )


def _strangers(place: Place) -> Iterator[Finding]:
    """Find busy classes that no packet of the plan can be in, where that is known."""
    if place.placement is None or not place.placement.serves:
        return
    for item in place.leaves:
        if item.counted.seen and not place.plan_classes(item):
            yield place.finding(
                "class-not-in-plan",
                f"{place.called(item)} saw {item.counted.seen} packets and serves nothing of the "
                "plan",
                (item,),
            )


def _queues_missing(difference: Difference, meaning: Meaning) -> Iterator[Finding]:
    """Find ports and classes of the plan without counters; the worst case is an empty answer."""
    found = [*_ports_without_classes(difference, meaning), *_classes_missing(difference, meaning)]
    yield from found
    if not difference.changes and not found:
        yield _missing("", "the output counts no class at all")


def _ports_without_classes(difference: Difference, meaning: Meaning) -> Iterator[Finding]:
    counted = {
        (item.counted.interface, item.counted.direction)
        for item in difference.changes
        if item.counted.unit is Unit.CLASS
    }
    wanted = [item.interface for item in meaning.placements if item.queued]
    for name in wanted:
        port = name.rpartition(".")[0]
        if not counted & {(where, to) for where in (name, port) for to in ("out", "")}:
            yield _missing(name, "no class is counted")
    ports = {port for name in wanted for port in (name, name.rpartition(".")[0])}
    for name in difference.after.unqueued:
        if not meaning.placements or name in ports:
            yield _missing(name, "the port has the default scheduler alone")


def _classes_missing(difference: Difference, meaning: Meaning) -> Iterator[Finding]:
    for place in places_of(difference, meaning):
        if place.placement is None or not place.placement.queued or not place.leaves:
            continue
        serves = place.placement.serves
        rest = {name for known, names in serves if known.rest for name in names}
        for plan_class, names in serves:
            alone = tuple(name for name in names if name not in rest) or names
            if not names:
                what = f"no class of the configuration serves {plan_class.name}"
                yield _missing(place.name, what, plan_class)
            elif not place.counted_under(alone):
                what = f"{' and '.join(alone)}, which serves {plan_class.name}, is not counted"
                yield _missing(place.name, what, plan_class)


def _missing(interface: str, what: str, plan_class: PlanClass | None = None) -> Finding:
    kind = KINDS["no-queue-seen"]
    return Finding(
        kind.id,
        kind.severity,
        f"{interface or 'the device'}: {what}, and the plan wants queues there",
        (interface,) if interface else (),
        Direction.OUT,
        "" if plan_class is None else plan_class.name,
        rows=() if plan_class is None else plan_class.rows,
        hint=kind.cure,
    )


def _unread_anywhere(difference: Difference) -> Iterator[Finding]:
    kind = KINDS["unread"]
    snapshots = [item for item in (difference.before, difference.after) if item is not None]
    by_file: dict[str, list[tuple[int, str]]] = {}
    for snapshot in snapshots:
        for file, line in snapshot.unread:
            by_file.setdefault(file, []).append((line.line, line.text))
    for file, lines in by_file.items():
        number, text = lines[0]
        more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
        yield Finding(
            kind.id,
            kind.severity,
            f"{file}:{number}{more}: {text.strip()!r} belongs to no class and was not understood",
            lines=tuple(line for line, _ in lines),
            hint=kind.cure,
        )
