"""Class-of-service tables as stages: classes on the way in, queues and rewriting on the way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.doubt import Doubt
from translator.drivers.juniper_junos.cos import (
    DEFAULT,
    DSCP_TYPES,
    LAYER2_TYPES,
    PRECEDENCE,
    ClassTable,
    Cos,
    RewriteTable,
)
from translator.drivers.juniper_junos.matches import FORWARDING_CLASS_TAG, LOSS_PRIORITY_TAG
from translator.drivers.juniper_junos.scheduling import Scheduling, scheduler_of
from translator.drivers.juniper_junos.values import BEST_EFFORT
from translator.intents.condition import AllOf, Condition, Predicate, Tagged
from translator.intents.match import ANY, Match
from translator.intents.pipeline import (
    Action,
    Assign,
    Rule,
    Service,
    SetTag,
    SetTos,
    Stage,
    Unclear,
    set_code_point,
)

__all__ = ["classifier_stage", "fixed_class_stage", "rewrite_stage", "scheduler_stage"]

# Some product lines let one DSCP table serve both IP versions, others keep them apart.
# Source: "Applying DSCP IPv6 Classifiers": M Series and ACX against T Series; not known per box.
SHARED_TABLE: Final = Predicate("a DSCP table serves the other IP version too", unread=True)
_BY_DEFAULT: Final = "whether the switch's own classifier chooses {}: no other one decides"
_NO_QUEUE: Final = "its forwarding class is not in the text, so its queue is not known"
_NO_CLASS: Final = (
    "the queue follows from the class, and that from the interface that the packet enters by: "
    "name it (--in)"
)
_CODE_POINTS: Final = tuple(map(CodePoint, range(64)))
_MOST_CLASSES: Final = 64  # devices have 16 at most, of eight queues
_MULTICAST: Final = Match(destinations=(IPv4Network("224.0.0.0/4"), IPv6Network("ff00::/8")))
_VERSION: Final = {"dscp": 4, "dscp-ipv6": 6}
_OTHER: Final = {"dscp": "dscp-ipv6", "dscp-ipv6": "dscp"}


def classifier_stage(names: Mapping[str, str], cos: Cos) -> Stage:
    """Return how packets that enter an interface with these classifiers get their class."""
    rules: list[Rule] = []
    if cos.multicast:
        rules.append(cos.multicast.rule(_MULTICAST))
    classifying = len(rules)
    tables = [_table(cos, kind, names[kind]) for kind in DSCP_TYPES if kind in names]
    if len(tables) == 2 and _equal(*tables):
        # Half the rules: what is proven of a fleet is made of these.
        rules += _by_code_point(tables[0], None, twin=tables[1])
        return Stage("classifier", tuple(rules))
    for kind in DSCP_TYPES:
        if kind in names:
            table = _table(cos, kind, names[kind])
            rules += cos.ready(table, table_rules)
            if _OTHER[kind] not in names and PRECEDENCE not in names:
                rules += _by_code_point(table, _VERSION[_OTHER[kind]], SHARED_TABLE)
    if PRECEDENCE in names:
        rules += _by_precedence(_table(cos, PRECEDENCE, names[PRECEDENCE]))
    elif len(rules) == classifying:
        for kind in LAYER2_TYPES:
            if kind in names:
                rules += _by_priority_bits(_table(cos, kind, names[kind]))
    if PRECEDENCE not in names and len(_VERSION.keys() & names.keys()) < 2:
        rules += _unclassified(cos)
    return Stage("classifier", tuple(rules))


def _unclassified(cos: Cos) -> Iterable[Rule]:
    """Return how packets get their class that no classifier of the text sees."""
    return cos.ready(cos.classifiers[PRECEDENCE, DEFAULT], table_rules)


def _by_default(table: ClassTable, *where: Condition) -> Iterator[Rule]:
    """Yield how packets get their class that the table leaves to a switch's own classifier."""
    for word, name in table.unlisted.items():
        parts = where
        if word != BEST_EFFORT:  # the last
            parts = (*where, Predicate(_BY_DEFAULT.format(word), unread=True))
        condition = AllOf(parts) if len(parts) > 1 else next(iter(parts), ANY)
        yield Rule(condition, _into(name, "low"), lines=table.lines[:1])


def table_rules(table: ClassTable) -> tuple[Rule, ...]:
    """Return what a classifier does by itself."""
    if table.kind in DSCP_TYPES:
        return tuple(_by_code_point(table, _VERSION[table.kind]))
    if table.kind == PRECEDENCE:
        return tuple(_by_precedence(table))
    return tuple(_by_priority_bits(table))


def fixed_class_stage(name: str, lines: tuple[int, ...]) -> Stage:
    """Return the stage of an interface on which all packets get one class."""
    return Stage("forwarding-class", (Rule(ANY, _into(name, "low"), lines=lines),))


def rewrite_stage(names: Mapping[str, str], cos: Cos) -> Stage:
    """Return what rewrite rules write into packets that leave."""
    rules: list[Rule] = []
    for kind in DSCP_TYPES:
        if kind in names:
            table = cos.rewrites.get((kind, names[kind]))
            rules += _rewrites(table, kind, names[kind], (Match(version=_VERSION[kind]),))
            if _OTHER[kind] not in names:
                other = Match(version=_VERSION[_OTHER[kind]])
                rules += _rewrites(table, kind, names[kind], (other, SHARED_TABLE))
    if PRECEDENCE in names:
        table = cos.rewrites.get((PRECEDENCE, names[PRECEDENCE]))
        rules += _rewrites(table, PRECEDENCE, names[PRECEDENCE], (Match(version=4),))
    return Stage("rewrite", tuple(rules))


def rewrite_rules(table: RewriteTable) -> tuple[Rule, ...]:
    """Return what a rewrite rule does by itself."""
    where = (Match(version=_VERSION.get(table.kind)),)
    return tuple(_rewrites(table, table.kind, table.name, where))


def scheduler_stage(map_name: str, scheduling: Scheduling, cos: Cos) -> Stage:
    """Return how classes are served by a scheduler map; one that it leaves out is best effort."""
    entries = scheduling.maps.get(map_name)
    if entries is None:
        reason = f"scheduler map {map_name} is not in the text"
        return Stage("scheduler", (Rule(ANY, (Unclear(reason),)),))
    rules = [Rule(Tagged(FORWARDING_CLASS_TAG, (None,)), (Unclear(_NO_CLASS),))]
    names = dict.fromkeys((*entries, *cos.classes.names()))
    if len(names) > _MOST_CLASSES:
        reason = "the text has more forwarding classes than any device"
        return Stage("scheduler", (Rule(ANY, (Unclear(reason),)),))
    queues = {cos.classes.queue(other): entry for other, entry in reversed(entries.items())}
    for name in names:
        scheduler = scheduler_of(entries, queues, name, cos.classes)
        rules.append(_served(name, scheduler, scheduling, scheduling.map_lines[map_name]))
    return Stage("scheduler", (*rules, Rule(ANY, (Unclear(_NO_QUEUE),))))


def _served(
    name: str, scheduler: str | None, scheduling: Scheduling, map_lines: tuple[int, ...]
) -> Rule:
    if scheduler is None:
        return _best_effort(name)
    condition = Tagged(FORWARDING_CLASS_TAG, (name,))
    found = scheduling.schedulers.get(scheduler)
    if found is None:
        reason = f"scheduler {scheduler} is not in the text"
        return Rule(condition, (Unclear(reason),), lines=map_lines)
    actions: tuple[Action, ...] = (Assign(name, found.service),)
    if found.unread:
        actions = (*actions, Unclear(found.unread))
    return Rule(condition, actions, lines=found.lines)


@lru_cache(maxsize=1024)
def _best_effort(name: str) -> Rule:
    return Rule(Tagged(FORWARDING_CLASS_TAG, (name,)), (Assign(name, Service.BEST_EFFORT),))


def _table(cos: Cos, kind: str, name: str) -> ClassTable:
    found = cos.classifiers.get((kind, name))
    if found is None:
        return ClassTable(kind, name, {}, unread=f"{kind} classifier {name} is not in the text")
    return found


def _into(name: str, loss_priority: str) -> tuple[Action, ...]:
    return (
        Assign(name),
        SetTag(FORWARDING_CLASS_TAG, name),
        SetTag(LOSS_PRIORITY_TAG, loss_priority),
    )


def _lines(table: ClassTable, numbers: Iterable[int]) -> tuple[int, ...]:
    """Return the lines that name these values; those of the whole table for all others."""
    named = {table.at[number] for number in numbers if number in table.at} if table.at else ()
    return tuple(sorted(named)) or table.lines[:1]


def _grouped(
    entries: Iterable[tuple[int, tuple[str, str]]],
) -> Iterator[tuple[tuple[str, str], list[int]]]:
    groups: dict[tuple[str, str], list[int]] = {}
    for number, entry in entries:
        groups.setdefault(entry, []).append(number)
    yield from groups.items()


def _equal(one: ClassTable, other: ClassTable) -> bool:
    same = one.entries == other.entries and one.unlisted == other.unlisted
    return same and not (one.unread or other.unread)


def _by_code_point(
    table: ClassTable, version: int | None, *others: Condition, twin: ClassTable | None = None
) -> Iterator[Rule]:
    """Yield the rules of a table, which is that of both IP versions where it has a twin."""
    if table.unread:
        all_of = AllOf((Match(version=version), *others))
        yield Rule(all_of, (Unclear(table.unread),), lines=table.lines)
        return
    for numbers, match, actions in _shared(tuple(table.entries.items()), version):
        condition = AllOf((match, *others)) if others else match
        lines = _lines(table, numbers) + (() if twin is None else _lines(twin, numbers))
        yield Rule(condition, actions, lines=lines)
    if table.unlisted:
        yield from _by_default(table, Match(version=version), *others)


@lru_cache(maxsize=256)
def _shared(
    entries: tuple[tuple[int, tuple[str, str]], ...], version: int | None
) -> tuple[tuple[list[int], Match, tuple[Action, ...]], ...]:
    """Return for each class the values, their match and what it does; tables are much alike."""
    found = []
    for (name, loss_priority), numbers in _grouped(entries):
        points = tuple([_CODE_POINTS[number] for number in sorted(numbers)])
        match = Match(version=version, code_points=points)
        found.append((numbers, match, _into(name, loss_priority)))
    return tuple(found)


def _by_precedence(table: ClassTable) -> Iterator[Rule]:
    if table.unread:
        yield Rule(ANY, (Unclear(table.unread),), lines=table.lines)
        return
    for (name, loss_priority), numbers in _grouped(table.entries.items()):
        tos = tuple((number << 5, 0xE0) for number in sorted(numbers))
        yield Rule(Match(tos=tos), _into(name, loss_priority), lines=_lines(table, numbers))
    if table.unlisted:
        yield from _by_default(table)


def _by_priority_bits(table: ClassTable) -> Iterator[Rule]:
    """802.1p bits are in no header that we model: any entry may be the one that fits."""
    if table.unread:
        yield Rule(ANY, (Unclear(table.unread),), lines=table.lines)
        return
    for (name, loss_priority), numbers in _grouped(table.entries.items()):
        bits = " ".join(f"{number:03b}" for number in sorted(numbers))
        condition = Predicate(f"802.1p bits {bits}")
        yield Rule(condition, _into(name, loss_priority), lines=_lines(table, numbers))


def _rewrites(
    table: RewriteTable | None, kind: str, name: str, where: Iterable[Condition]
) -> Iterator[Rule]:
    """Yield one rule per entry; a class and loss priority without entry keeps its code point."""
    if table is None or table.unread:
        reason = f"{kind} rewrite rule {name} is not in the text" if table is None else table.unread
        yield Doubt(reason, table.lines if table else ()).rule(AllOf(tuple(where)))
        return
    for (class_name, loss_priority), value in table.entries.items():
        condition = AllOf(
            (
                *where,
                Tagged(FORWARDING_CLASS_TAG, (class_name,)),
                Tagged(LOSS_PRIORITY_TAG, (loss_priority,)),
            )
        )
        # An inet-precedence rule writes the three bits of the precedence only.
        write = SetTos(value << 5, 0xE0) if kind == PRECEDENCE else set_code_point(CodePoint(value))
        line = table.at.get((class_name, loss_priority))
        yield Rule(condition, (write,), lines=table.lines[:1] if line is None else (line,))
