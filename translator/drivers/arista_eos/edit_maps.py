"""The maps of a switch by value: a line holds many values, and each value has one target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from translator.drivers.arista_eos.maps import mapped_values
from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import NotReadError
from translator.drivers.cisco.reader import line_of
from translator.errors import RefusedError

__all__ = ["Key", "changed", "entries_of", "map_lines"]

# What is mapped, its value, and to what: `dscp`, 46, `traffic-class`.
Key = tuple[str, int, str]
_HIGHEST = {"dscp": 63, "cos": 7, "traffic-class": 7, "exp": 7}


def entries_of(words: str) -> dict[Key, str]:
    """Return what a line says: `qos map dscp 46 to traffic-class 5`; of a line that undoes one,
    empty targets.

    Raises:
        RefusedError: it is no line of a map.
    """
    try:
        cursor = Cursor(line_of(words), 2)
        kind = cursor.take()
        values = mapped_values(cursor, _HIGHEST.get(kind, -1))
        if not cursor.skip_if("to"):
            raise NotReadError("`to` is missing")
        what, rest = cursor.take(), " ".join(cursor.rest())
    except NotReadError as error:
        raise RefusedError(f"`{words}` is no line of a map that is known here: {error}") from None
    return {(kind, value, what): rest for value in values}


def map_lines(entries: Mapping[Key, str]) -> Iterator[str]:
    """Yield the lines of some entries, those with one target together, as EOS prints them."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for (kind, value, what), target in sorted(entries.items()):
        groups.setdefault((kind, what, target), []).append(value)
    for (kind, what, target), values in groups.items():
        # Source: EOS user manual, `qos map traffic-class to tx-queue`: several classes in a line.
        yield f"qos map {kind} {' '.join(map(str, values))} to {what} {target}".rstrip()


def changed(old: Mapping[Key, str], new: Mapping[Key, str]) -> Iterable[str]:
    """Yield the commands that turn some entries into others.

    Unverified: that `no` and the line without its target give values their default back.
    """
    gone = {key: "" for key in old if key not in new}
    yield from (f"no {line}" for line in map_lines(gone))
    yield from map_lines({key: item for key, item in new.items() if old.get(key) != item})
