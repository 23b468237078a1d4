"""The chart of ports: what the plan wants of each class against what devices match, as SVG.

A scale true to the number of ports would show nothing: 40 ports of 65,536 are half a pixel. So
every stretch between two bounds gets room by the logarithm of its ports, and stretches that no
class uses get little; a range that is one port too wide can then be seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import pairwise
from typing import Final

from translator.audit.reports.html.ports import PortRow, Ranges
from translator.audit.reports.html.words import percent
from translator.audit.reports.words import spelled

__all__ = ["Chart", "chart"]

_LABEL: Final = 190
_PLOT: Final = 610
_TEXT: Final = 300
_WIDTH: Final = _LABEL + _PLOT + _TEXT
_TOP: Final = 30
_ROW: Final = 46
_PLAN: Final = 9
_FOUND: Final = 16
_DIGIT: Final = 7.6
_UNUSED: Final = 0.9
_ALL: Final = 65536
_COUNTED: Final = 99
"""Of more devices than these the chart tells shares."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of one side's ports; `svg` is escaped markup, `rows` the same for a table."""

    side: str
    svg: str
    rows: tuple[PortRow, ...]


def chart(rows: Iterable[PortRow], devices: int) -> tuple[Chart, ...]:
    """Return one chart for source and one for destination ports, where there are any."""
    given = tuple(rows)
    found = []
    for side in ("source", "destination"):
        own = tuple(row for row in given if row.side == side)
        if own:
            svg = "\n".join(_Drawing(side, own, devices).lines())
            found.append(Chart(side, svg, own))
    return tuple(found)


class _Scale:
    """From ports to places on the axis; a port takes room, so a range ends after its last."""

    def __init__(self, rows: tuple[PortRow, ...]) -> None:
        used = [
            (item.low, item.high + 1)
            for row in rows
            for ranges in (row.wanted, *row.found)
            for item in ranges
        ]
        self.bounds = sorted({0, _ALL, *(edge for pair in used for edge in pair)})
        # What is said of all ports, or nearly all, does not make a stretch a used one.
        narrow = [(low, high) for low, high in used if high - low < _ALL // 2]
        self._used = [
            any(first <= low and high <= last for first, last in narrow)
            for low, high in pairwise(self.bounds)
        ]
        weights = [
            1 + math.log10(high - low) if used else _UNUSED
            for (low, high), used in zip(pairwise(self.bounds), self._used, strict=True)
        ]
        unit = _PLOT / sum(weights)
        self._places = [float(_LABEL)]
        for weight in weights:
            self._places.append(self._places[-1] + weight * unit)

    def x(self, bound: int) -> float:
        """Return the place of a bound."""
        return self._places[self.bounds.index(bound)]

    def ticks(self) -> Iterator[tuple[float, int, str]]:
        """Yield place, port and text anchor of the first and last ports of what is used.

        Those that would run into the one before are left out.
        """
        free = -math.inf
        for (low, high), (left, right), used in zip(
            pairwise(self.bounds), pairwise(self._places), self._used, strict=True
        ):
            if not used:
                continue
            if left >= free:
                yield left, low, "start"
                free = left + _tick_width(low)
            if high - low > 1 and right - _tick_width(high) >= free:
                yield right, high - 1, "end"
                free = right

    def stretches(self) -> Iterator[tuple[int, float, float]]:
        """Yield the first port of each stretch with its place and width."""
        for bound, (left, right) in zip(self.bounds, pairwise(self._places), strict=False):
            yield bound, left, right - left


class _Drawing:
    def __init__(self, side: str, rows: tuple[PortRow, ...], devices: int) -> None:
        self._side = side
        self._rows = rows
        self._one = devices == 1
        self._scale = _Scale(rows)

    @cached_property
    def _height(self) -> int:
        return _TOP + _ROW * len(self._rows) + 6

    def lines(self) -> Iterator[str]:
        title = f"{self._side.capitalize()} ports of each class: wanted and found"
        yield (
            f'<svg class="ports" viewBox="0 0 {_WIDTH} {self._height}" role="img" '
            f'aria-label="{title}">'
        )
        yield from self._axis()
        for number, row in enumerate(self._rows):
            yield from self._row(row, _TOP + number * _ROW)
        yield "</svg>"

    def _axis(self) -> Iterator[str]:
        yield _text(0, _TOP - 8, "axis-title", f"{self._side} port")
        for place, port, anchor in self._scale.ticks():
            yield f'<path class="grid" d="M{place:.1f} {_TOP - 14}V{self._height}"/>'
            inset = 3 if anchor == "start" else -3
            yield _text(place + inset, _TOP - 8, "tick", str(port), anchor)

    def _row(self, row: PortRow, top: int) -> Iterator[str]:
        yield f'<path class="rule" d="M0 {top - 2}H{_WIDTH}"/>'
        yield _text(0, top + 16, "class", row.traffic_class)
        yield _text(0, top + 32, "role", _where(row))
        for item in row.wanted:
            left, right = self._scale.x(item.low), self._scale.x(item.high + 1)
            yield _rect("wanted", left, top + 6, right - left, _PLAN)
        yield from self._found(row, top + 6 + _PLAN + 2)
        words = _words(row.wanted) or "nothing"
        yield _text(_LABEL + _PLOT + 16, top + 16, "says", f"plan {words}")
        state, found = _told(row, one=self._one)
        yield _text(_LABEL + _PLOT + 16, top + 32, f"says {state}", found)

    def _found(self, row: PortRow, top: int) -> Iterator[str]:
        """Draw for every stretch how many devices match it; what only is wanted stays hollow."""
        for port, left, width in self._scale.stretches():
            wanted = any(item.low <= port <= item.high for item in row.wanted)
            share = row.share(port)
            if wanted and share < 1:
                yield _rect("lacking", left + 0.5, top, width - 1, _FOUND)
            if share:
                height = max(3.0, _FOUND * share)
                kind = "matched" if wanted else "surplus"
                yield _rect(kind, left, top + _FOUND - height, width, height)


def _where(row: PortRow) -> str:
    way = "" if row.direction == "in" else ", leaving"
    return f"{row.role}{way}, {' and '.join(row.protocols)}"


def _told(row: PortRow, *, one: bool) -> tuple[str, str]:
    """Return whether all is as wanted, and what most devices match where it is not."""
    right = row.found.get(row.wanted, 0)
    if right == row.devices:
        return "same", "the same ports" if one else f"the same ports on all {row.devices}"
    others = {ranges: count for ranges, count in row.found.items() if ranges != row.wanted}
    worst = max(others, key=lambda ranges: others[ranges])
    words = _words(worst) or "none"
    if one:
        return "off", f"found {words}"
    many = row.devices > _COUNTED
    there = percent(others[worst], row.devices) if many else str(others[worst])
    if not right:
        return "off", f"found {words} on {there}{'' if many else f' of {row.devices}'}"
    wanted = percent(right, row.devices) if many else f"{right} of {row.devices}"
    return "off", f"the same on {wanted}; {words} on {there}"


def _words(ranges: Ranges) -> str:
    if any((item.low, item.high) == (0, _ALL - 1) for item in ranges):
        return "every port"
    shown = ", ".join(f"{item}".replace("-", "–") for item in ranges[:2])
    return f"{shown}, …" if len(ranges) > 2 else shown


def _tick_width(port: int) -> float:
    return _DIGIT * len(str(port)) + 10


def _rect(kind: str, x: float, y: float, width: float, height: float) -> str:
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" '
        f'height="{height:.1f}"/>'
    )


def _text(x: float, y: float, kind: str, words: str, anchor: str = "start") -> str:
    end = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}"{end}>{escape(spelled(words))}</text>'
