"""`interface-range`: what it says of its members, put where the members are.

Source: "Understanding Interface Ranges for Switches": a statement of the member itself wins.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice, product, takewhile
from typing import Final

from translator.drivers.juniper_junos.report import Report
from translator.drivers.juniper_junos.room import Room, weight
from translator.drivers.juniper_junos.tree import Node
from translator.drivers.wildcard import Wildcard

__all__ = ["expand_ranges"]

_MEMBERS: Final = ("member", "member-range")
_LIST: Final = re.compile(r"\[([\d,-]+)\]")
_LAST_NUMBER: Final = re.compile(r"(.*?)(\d{1,6})$")
_MOST: Final = 1024
_MOST_LISTS: Final = 16  # of one name, which has four numbers
_NAME: Final = 4  # the room that the name of a member takes


def expand_ranges(root: Node, room: Room, report: Report) -> None:
    """Give every member of a range its statements; a range without known member is unread."""
    interfaces = root.get("interfaces")
    ranges = None if interfaces is None else interfaces.children.pop("interface-range", None)
    if interfaces is None or ranges is None:
        return
    cos = root.get("class-of-service", "interfaces")
    grafting = _Grafting(room)
    for item in ranges.children.values():
        names = tuple(dict.fromkeys(_names(item, interfaces.children, room)))
        in_cos = None if cos is None else cos.children.pop(item.word, None)
        grafting.put(interfaces, names, item)
        if cos is not None and in_cos is not None:
            grafting.put(cos, names, in_cos)
        if not names:
            reason = f"no member of interface-range {item.word} is named in the text"
            for node in (*_filters(item), *(() if in_cos is None else (in_cos,))):
                report.unread(node, reason)


def _names(item: Node, known: Collection[str], room: Room) -> Iterator[str]:
    members = item.get("member")
    for word in () if members is None else members.children:
        if room.is_used_up:
            return
        if "*" not in word:
            yield from _as_far_as(room, _listed(word))
        elif room.take(len(known)):
            yield from filter(Wildcard(word).fits, known)
    spans = item.get("member-range")
    for first in () if spans is None else spans.children.values():
        to = first.get("to")
        for last in () if to is None else to.children:
            yield from _as_far_as(room, _span(first.word, last))


def _as_far_as(room: Room, names: Iterable[str]) -> Iterator[str]:
    return takewhile(lambda _: room.take(_NAME), names)


def _listed(word: str) -> Iterator[str]:
    """Yield the names of `ge-[0,1]/0/[0-3]`, at most as many as a box can have."""
    plain, *others = _LIST.split(word)
    lists = [_ranges(text) for text in others[::2]]
    if len(lists) > _MOST_LISTS or not all(lists):
        return
    # The last list counts fastest: of those before it no more is written down than is counted.
    columns: list[Iterable[str]] = []
    most = _MOST
    for ranges, behind in zip(reversed(lists), others[::-2], strict=True):
        numbers = [str(number) for number in islice(chain.from_iterable(ranges), most)]
        most = -(-most // len(numbers))
        columns[:0] = numbers, (behind,)
    yield from islice(map("".join, product((plain,), *columns)), _MOST)


def _ranges(text: str) -> list[range]:
    """Return the numbers of `0,2-4`; those of a part that means none are left out."""
    found: list[range] = []
    for part in text.split(","):
        low, _, high = part.partition("-")
        last = high or low
        if low.isdecimal() and last.isdecimal() and len(low + last) < 12:
            found.append(range(int(low), min(int(last), int(low) + _MOST) + 1))
    return [item for item in found if item]


def _span(first: str, last: str) -> Iterator[str]:
    low, high = _LAST_NUMBER.fullmatch(first), _LAST_NUMBER.fullmatch(last)
    if low is not None and high is not None and low[1] == high[1]:
        for number in range(int(low[2]), min(int(high[2]), int(low[2]) + _MOST) + 1):
            yield f"{low[1]}{number}"


class _Grafting:
    """Puts what ranges say where their members are, which share it as far as they can."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def put(self, parent: Node, names: Sequence[str], source: Node) -> None:
        """Put what stands below a range below each of the names, or nothing for want of room."""
        inherited, size = _inherited(source)
        if not self._room.take(size * len(names)):
            return
        for name in names:
            self._add(parent, name, inherited)

    def _add(self, parent: Node, word: str, source: Node) -> None:
        if word not in parent.children:
            same = word == source.word
            parent.children[word] = source.share() if same else source.renamed(word)
            return
        target = parent.own(word)
        if not self._room.take(len(source.lines) + len(target.lines)):
            return
        known = set(target.lines)
        target.lines += [line for line in source.lines if line not in known]
        for name, child in source.children.items():
            self._add(target, name, child)


def _inherited(source: Node) -> tuple[Node, int]:
    """Return a node as members inherit it, and how much room it takes at each."""
    node, size = Node(source.word, inherited=True), weight(source)
    node.lines += source.lines
    for name, child in source.children.items():
        if name not in _MEMBERS:
            node.children[name], below = _inherited(child)
            size += below
    return node, size


def _filters(node: Node) -> Iterator[Node]:
    for child in node.children.values():
        if child.word == "filter":
            yield child
        else:
            yield from _filters(child)
