"""One `set` command that sets several things at once, as the statements that it stands for.

The CLI takes `set ... from protocol udp port 5060` for two conditions of one term.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.drivers.juniper_junos import values
from translator.drivers.juniper_junos.filters import ACTION_WORDS
from translator.drivers.juniper_junos.matches import CONDITION_WORDS
from translator.drivers.juniper_junos.tree import Path

__all__ = ["statements"]

_SCHEDULER: Final = values.words(
    "transmit-rate shaping-rate buffer-size priority excess-rate excess-priority "
    "drop-profile-map explicit-congestion-notification"
)
_PORT: Final = values.words(
    "scheduler-map shaping-rate output-traffic-control-profile classifiers rewrite-rules "
    "forwarding-class unit"
)
_TABLES: Final = values.words("dscp dscp-ipv6 inet-precedence exp ieee-802.1 ieee-802.1ad")
_DIRECTIONS: Final = values.words("input output input-list output-list")
# Words that are a statement without a value behind them.
_ALONE: Final = values.words(
    "accept discard log syslog sample port-mirror is-fragment first-fragment tcp-established "
    "tcp-initial explicit-congestion-notification"
)
# Words that begin a hierarchy of their own.
_NESTED: Final = values.words("forwarding-class-set")
_PLACED: Final = (["filter"], ["policer"])


def statements(path: Path) -> Iterator[Path]:
    """Yield the statements of a path; most are one."""
    if path and path[0] == "groups":
        yield from ([*path[:2], *item] for item in statements(path[2:]))
        return
    start, keywords = _container(path)
    while (cut := _next_keyword(path, start, keywords)) is not None:
        yield path[:cut]
        path = [*path[:start], *path[cut:]]
        if (inner := _container(path)) != (start, keywords):
            yield from statements(path) if inner[0] > start else (path,)
            return
    yield path


def _container(path: Path) -> tuple[int, frozenset[str]]:
    """Return where the statements of the innermost hierarchy begin, and the words that can."""
    section = path[0] if path else ""
    if section == "firewall":
        term = 5 if path[1:2] == ["family"] else 3
        if path[term - 2 : term - 1] == ["filter"] and path[term : term + 1] == ["term"]:
            kind = path[term + 2 : term + 3]
            return term + 3, ACTION_WORDS if kind == ["then"] else CONDITION_WORDS
    elif section == "class-of-service":
        kind = path[1:2]
        if kind == ["schedulers"]:
            return 3, _SCHEDULER
        if kind == ["traffic-control-profiles"]:
            return 3, _PORT
        if kind == ["interfaces"]:
            start = 5 if path[3:4] == ["unit"] else 3
            tables = path[start : start + 1] in (["classifiers"], ["rewrite-rules"])
            return (start + 1, _TABLES) if tables else (start, _PORT)
    elif section == "interfaces" and path[2:3] == ["unit"]:
        start = 6 if path[4:5] == ["family"] else 4
        if path[start : start + 1] in _PLACED:
            return start + 1, _DIRECTIONS
    return len(path), frozenset()


def _next_keyword(path: Path, start: int, keywords: frozenset[str]) -> int | None:
    head = path[start] if start < len(path) else []
    if not isinstance(head, str) or head in _NESTED:  # a list is a value of what stands before
        return None
    first = start + (1 if head in _ALONE else 2)
    for place in range(first, len(path)):
        word = path[place]
        if isinstance(word, str) and word in keywords:
            return place
    return None
