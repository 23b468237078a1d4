"""Ways to bring a Junos configuration to what a rendered one does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from translator.drivers.base import Slot, Step
from translator.drivers.juniper_junos.edit import Candidate, Words, changes

__all__ = ["repairs"]

_OURS: Final = "QOS-"
# Statements of a port in class-of-service that say how its packets are classed and served.
_SERVES: Final = (
    "scheduler-map",
    "shaping-rate",
    "output-traffic-control-profile",
    "classifiers",
    "rewrite-rules",
    "forwarding-class",
)


def repairs(text: str, rendered: str, slots: Sequence[Slot]) -> Iterator[tuple[Step, ...]]:
    """Yield ways to repair all slots: definitions changed where they are, else under new names."""
    running, wanted = Candidate(text), Candidate(rendered)
    interfaces = {slot.interface for slot in slots}
    for fresh in (False, True):
        yield _Plan(running, wanted, interfaces).steps(fresh=fresh)


class _Plan:
    """One way: what is defined, what is bound, and what nobody uses then."""

    def __init__(self, running: Candidate, wanted: Candidate, interfaces: set[str]) -> None:
        self._running = _objects(running.paths)
        self._wanted = _objects(wanted.paths)
        self._paths = running.paths
        self._new = wanted.paths
        self._interfaces = interfaces

    def steps(self, *, fresh: bool) -> tuple[Step, ...]:
        """Return the steps; with `fresh` a definition that differs gets a name of its own."""
        names = self._fresh_names() if fresh else {}
        steps: list[Step] = []
        for name, statements in self._wanted.items():
            renamed = _renamed_object(name, names)
            new = [_renamed(words, names) for words in statements]
            old = self._running.get(renamed, [])
            if not old:
                steps.append(Step((), tuple(changes([], new))))
            elif name[0] != "firewall" or set(old) != set(new) or old != new:
                steps += _single(changes(old, new))
        before = [words for words in self._paths if self._binds(words)]
        after = [_renamed(words, names) for words in self._new if _place(words) is not None]
        return (*steps, *_single(changes(before, after)))

    def _binds(self, words: Words) -> bool:
        """Whether a running statement says what one of the interfaces does with packets."""
        place = _place(words)
        return place is not None and bool({place, place.removesuffix(".0")} & self._names())

    def _names(self) -> set[str]:
        ports = {name.partition(".")[0] for name in self._interfaces}
        return self._interfaces | ports

    def _fresh_names(self) -> dict[str, str]:
        """Return new names for definitions that differ, and for those that refer to them."""
        names: dict[str, str] = {}
        while True:
            differing = [
                name
                for name, statements in self._wanted.items()
                if name[-1] not in names
                and name in self._running
                and [_renamed(words, names) for words in statements] != self._running[name]
            ]
            if not differing:
                return names
            for name in differing:
                names[name[-1]] = self._free(name)

    def _free(self, name: Words) -> str:
        number = 2
        while (*name[:-1], f"{name[-1]}-{number}") in self._running:
            number += 1
        return f"{name[-1]}-{number}"


def _single(commands: list[str]) -> list[Step]:
    """Return commands as steps of their own; a filter that is set anew is one step."""
    steps: list[Step] = []
    rebuilt: dict[str, list[str]] = {}
    for line in commands:
        owner = next((key for key in rebuilt if line.startswith(f"set {key} ")), None)
        if owner is not None:
            rebuilt[owner].append(line)
        elif line.startswith("delete firewall ") and any(
            other.startswith(f"set {line.removeprefix('delete ')} ") for other in commands
        ):
            rebuilt[line.removeprefix("delete ")] = [line]
        else:
            steps.append(Step((), (line,)))
    return [*(Step((), tuple(lines)) for lines in rebuilt.values()), *steps]


def _objects(paths: dict[Words, None]) -> dict[Words, list[Words]]:
    """Return the statements of each definition, by its path."""
    found: dict[Words, list[Words]] = {}
    for words in paths:
        name = _object(words)
        if name:
            found.setdefault(name, []).append(words)
    return found


def _object(words: Words) -> Words:
    if words[:1] == ("firewall",) and words[3:4] == ("filter",):
        return words[:5]
    if words[:1] == ("class-of-service",) and len(words) > 3:
        if words[1] in ("classifiers", "rewrite-rules", "forwarding-classes"):
            return words[:4]
        if words[1] in ("scheduler-maps", "schedulers", "drop-profiles"):
            return words[:3]
    return ()


def _place(words: Words) -> str | None:
    """Return the interface or unit that a statement binds something to, None for others."""
    if words[:1] == ("interfaces",) and words[2:3] == ("unit",) and words[6:7] == ("filter",):
        return f"{words[1]}.{words[3]}"
    if words[:2] == ("class-of-service", "interfaces"):
        if words[3:4] == ("unit",):
            return f"{words[2]}.{words[4]}" if words[5:6] and words[5] in _SERVES else None
        return words[2] if words[3:4] and words[3] in _SERVES else None
    return None


def _renamed(words: Words, names: dict[str, str]) -> Words:
    return tuple(names.get(word, word) for word in words) if names else words


def _renamed_object(name: Words, names: dict[str, str]) -> Words:
    return (*name[:-1], names.get(name[-1], name[-1]))
