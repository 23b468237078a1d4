"""A configuration as `show running-config` prints it, and the differences between two."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import lru_cache

from ..tree import Node

__all__ = ["body", "contextual_diff", "printed"]

# The order of the sections in what IOS prints; what is in none of them comes where `aaa` stands.
_ORDER = (
    "version ", "service ", "hostname ", "boot ", "enable ", "*", "aaa ",
    "clock ", "ip source-route",
    "ip domain", "ip name-server", "ip cef", "ipv6 unicast-routing", "mls qos map",
    "mls qos srr-queue",
    "mls qos queue-set", "mls qos", "vtp ", "configuration mode", "file prompt",
    "archive", "username ",
    "spanning-tree ", "vlan ", "table-map ", "class-map ", "policy-map ", "interface ", "router ",
    "ip default-gateway", "ip forward-protocol", "ip http", "ip ssh", "ip scp", "ip route",
    "ip access-list standard", "ip access-list extended", "logging ", "access-list ",
    "ipv6 access-list", "snmp-server ", "control-plane", "banner ", "line ", "ntp ",
)  # fmt: skip


@lru_cache(maxsize=4096)
def _rank(text: str) -> int:
    fits = [place for place, start in enumerate(_ORDER) if f"{text} ".startswith(start)]
    return max(fits, key=lambda place: len(_ORDER[place]), default=_ORDER.index("*"))


def _lines(node: Node, level: int, *, numbered: bool) -> Iterator[str]:
    for child in node.children.values():
        # IOS indents the description of a class-map by one more.
        extra = 1 if node.mode == "config-cmap" and child.text.startswith("description") else 0
        number = (
            f"{child.number} " if numbered and child.number and "remark" not in child.text else ""
        )
        yield " " * (level + extra) + number + child.text
        yield from _lines(child, level + 1, numbered=numbered)


def body(tree: Node, *, numbered: bool = False) -> str:
    """Return the configuration from `version` to `end`.

    `numbered` prints the numbers of access list entries, as IOS XE does from 16.12 on.
    """
    sections = sorted(tree.children.values(), key=lambda node: _rank(node.text))
    out: list[str] = []
    last = -1
    for node in sections:
        rank = _rank(node.text)
        if out and (rank != last or node.mode):
            out.append("!")
        out.append(node.text)
        out.extend(_lines(node, 1, numbered=numbered and "access-list" in node.text))
        last = rank
    return "\n".join([*out, "!", "end"]) + "\n"


def printed(text: str, changed: str) -> str:
    """Return what `show running-config` prints; `changed` is its comment on the last change."""
    whole = f"!\n{changed}!\n{text}"
    size = len(whole)
    return f"Building configuration...\n\nCurrent configuration : {size} bytes\n{whole}\n"


def contextual_diff(old: str, new: str) -> list[str]:
    """Return what `show archive config differences` prints: each changed line under its parents."""
    before, after = _paths(old), _paths(new)
    out: list[str] = []
    shown: tuple[str, ...] = ()
    for line in difflib.ndiff([_SEP.join(p) for p in before], [_SEP.join(p) for p in after]):
        sign, path = line[0], tuple(line[2:].split(_SEP))
        if sign not in "+-":
            continue
        for depth in range(1, len(path)):
            if path[:depth] != shown[:depth]:
                out.append(" " * (depth - 1) + path[depth - 1])
        out.append(" " * (len(path) - 1) + sign + path[-1])
        shown = path
    return out


_SEP = "\x1f"


def _paths(text: str) -> list[tuple[str, ...]]:
    """Each line with its parents."""
    paths: list[tuple[str, ...]] = []
    stack: list[tuple[int, str]] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("!") or line.strip() == "end":
            continue
        indent = len(line) - len(line.lstrip())
        while stack and stack[-1][0] >= indent:
            stack.pop()
        stack.append((indent, line.strip()))
        paths.append(tuple(word for _, word in stack))
    return paths
