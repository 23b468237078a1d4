"""The rows of two plans side by side, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from translator.audit.plandiff.flows import Facts, Flow, Group, State
from translator.codepoint import CodePoint
from translator.ports import PortRange

__all__ = ["Change", "Line", "Section", "names_differ", "row_lines"]


class Section(StrEnum):
    """What part of a plan a line is about."""

    ROWS = "rows"
    ON_REQUEST = "rows on request"
    LEFT_OUT = "rows left out"
    QUEUES = "queues"
    PORT_SETTINGS = "port settings"
    GROUPS = "address groups"
    OPTIONS = "options"


class Change(StrEnum):
    """What became of it."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that differs; `rows_a` and `rows_b` are the ids of the rows that it comes from."""

    section: Section
    change: Change
    subject: str
    text: str
    rows_a: tuple[str, ...] = ()
    rows_b: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.subject}: {self.text}"


# Of the six things that `_in_common` counts.
_ALIKE: Final = 3
# More are told as gone and new: a plan may have thousands of rows about one flow.
_MAX_PAIRS: Final = 10_000
_Found = dict[Flow, dict[Facts, Group]]
_Paired = tuple[Facts | None, Facts | None]
_Side = tuple[Facts | None, Group]
_SECTION: Final = {
    State.IN_FORCE: Section.ROWS,
    State.ON_REQUEST: Section.ON_REQUEST,
    State.LEFT_OUT: Section.LEFT_OUT,
}


def row_lines(a: _Found, b: _Found) -> Iterator[Line]:
    """Yield what differs between the flows of two plans, in the order of the first."""
    for flow in dict.fromkeys((*a, *b)):
        mine, its = a.get(flow, {}), b.get(flow, {})
        for one, other in _paired(mine, its):
            line = _line(flow, _side(one, mine), _side(other, its))
            if line is not None:
                yield line


def _side(facts: Facts | None, groups: dict[Facts, Group]) -> _Side:
    return facts, Group() if facts is None else groups[facts]


def names_differ(a: _Found, b: _Found) -> bool:
    """Whether rows are called otherwise or stand in another order."""
    return _named(a) != _named(b)


def _named(found: _Found) -> list[tuple[Flow, Facts, tuple[tuple[str, str], ...]]]:
    return [
        (flow, facts, tuple((row.id, row.component) for row in group.rows))
        for flow, groups in found.items()
        for facts, group in groups.items()
    ]


def _paired(a: dict[Facts, Group], b: dict[Facts, Group]) -> Iterator[_Paired]:
    """Yield equal facts, then the same row, then what has most in common, then what is left.

    The last one left on both sides is a pair whatever it has in common.
    """
    yield from ((facts, facts) for facts in a if facts in b)
    left = [facts for facts in a if facts not in b]
    right = [facts for facts in b if facts not in a]
    for one, other in (*_of_one_name(left, a, right, b), *_by_likeness(left, right)):
        if one in left and other in right:
            left.remove(one)
            right.remove(other)
            yield one, other
    if len(left) == len(right) == 1:
        yield left.pop(), right.pop()
    yield from ((one, None) for one in left)
    yield from ((None, other) for other in right)


def _of_one_name(
    left: list[Facts], a: dict[Facts, Group], right: list[Facts], b: dict[Facts, Group]
) -> list[tuple[Facts, Facts]]:
    """Return the pairs whose rows share an id, as a plan and what extends it do."""
    mine, its = (
        {row_id: facts for facts in unpaired for row_id in groups[facts].ids}
        for unpaired, groups in ((left, a), (right, b))
    )
    return [(mine[row_id], its[row_id]) for row_id in sorted(mine.keys() & its)]


def _by_likeness(left: list[Facts], right: list[Facts]) -> list[tuple[Facts, Facts]]:
    """Return the pairs that have enough in common, the likest first.

    Ties are settled by content, not by order: the way back finds the same pairs.
    """
    if len(left) * len(right) > _MAX_PAIRS:
        return []
    text = {facts: repr(facts) for facts in (*left, *right)}
    pairs = [(_in_common(one, other), one, other) for one in left for other in right]
    alike = [pair for pair in pairs if pair[0] >= _ALIKE]
    alike.sort(key=lambda pair: (-pair[0], sorted((text[pair[1]], text[pair[2]]))))
    return [(one, other) for _, one, other in alike]


def _in_common(one: Facts, other: Facts) -> int:
    return sum(
        (
            one.transports == other.transports,
            one.source_ports == other.source_ports,
            one.destination_ports == other.destination_ports,
            one.code_point == other.code_point,
            one.match_code_point == other.match_code_point,
            one.receivers == other.receivers,
        )
    )


def _line(flow: Flow, one: _Side, other: _Side) -> Line | None:
    """Return what to say of a pair, None where it says the same on both sides."""
    (before, group_a), (after, group_b) = one, other
    ids = group_a.ids, group_b.ids
    section, subject = _SECTION[flow.state], str(flow)
    if before is None and after is not None:
        return Line(section, Change.ADDED, subject, _sentence(after, group_b), *ids)
    if after is None and before is not None:
        return Line(section, Change.REMOVED, subject, _sentence(before, group_a), *ids)
    if before is None or after is None:
        return None
    parts = [*_changes(before, after), *_became("programs", group_a.programs, group_b.programs)]
    if not parts:
        return None
    return Line(
        section, Change.CHANGED, subject, "; ".join((*parts, *_staying(before, after))), *ids
    )


def _changes(one: Facts, other: Facts) -> Iterator[str]:
    yield from _became("source ports", _ports(one, "source"), _ports(other, "source"))
    yield from _became("destination ports", _ports(one, "to"), _ports(other, "to"))
    yield from _became("", [_transports(one)], [_transports(other)])
    if one.legs != other.legs and _flat(one) == _flat(other):
        yield f"{_spread(one)} becomes {_spread(other)}"
    yield from _became("", _point(one.code_point), _point(other.code_point))
    yield from _became("packets marked", _mark(one), _mark(other))
    yield from _became("destinations", one.receivers or ("any",), other.receivers or ("any",))
    for name in other.bound:
        if name not in one.bound:
            yield f"now needs the addresses of {name}"
    for name in one.bound:
        if name not in other.bound:
            yield f"no longer needs the addresses of {name}"


def _staying(one: Facts, other: Facts) -> Iterator[str]:
    if one.code_point == other.code_point:
        yield f"{_point(one.code_point)[0]} stays"


def _became(what: str, one: Iterable[str], other: Iterable[str]) -> Iterator[str]:
    before, after = tuple(one), tuple(other)
    if before != after:
        become = "become" if what else "becomes"
        words = f"{', '.join(before) or 'none'} {become} {', '.join(after) or 'none'}"
        yield f"{what} {words}".strip()


def _flat(facts: Facts) -> tuple[object, ...]:
    return facts.transports, facts.source_ports, facts.destination_ports


def _spread(facts: Facts) -> str:
    """The ports of each transport by itself, for the rare row where they are not the same."""
    return " and ".join(
        f"{transport.upper()} {_list(sources)} to {_list(destinations)}"
        for transport, sources, destinations in facts.legs
    )


def _sentence(facts: Facts, group: Group) -> str:
    parts = [_transports(facts)]
    if facts.source_ports or facts.setting:
        parts.append(f"from ports {', '.join(_ports(facts, 'source'))}")
    if facts.destination_ports:
        parts.append(f"to ports {', '.join(_ports(facts, 'to'))}")
    if facts.receivers:
        parts.append(f"to {', '.join(facts.receivers)}")
    if facts.match_code_point is not None:
        parts.append(f"marked {_mark(facts)[0]}")
    text = f"{' '.join(parts)}: {_point(facts.code_point)[0]}"
    return f"{text} ({', '.join(group.programs)})" if group.programs else text


def _ports(facts: Facts, side: str) -> tuple[str, ...]:
    ranges = facts.source_ports if side == "source" else facts.destination_ports
    if not ranges and side == "source" and facts.setting:
        return (f"({facts.setting}, not set)",)
    return tuple(map(str, ranges)) or ("any",)


def _list(ranges: tuple[PortRange, ...]) -> str:
    return ", ".join(map(str, ranges)) or "any"


def _transports(facts: Facts) -> str:
    return "/".join(facts.transports).upper()


def _point(point: CodePoint | None) -> tuple[str, ...]:
    return ("no code point",) if point is None else (point.name.upper(),)


def _mark(facts: Facts) -> tuple[str, ...]:
    return ("anyhow",) if facts.match_code_point is None else (facts.match_code_point.name.upper(),)
