"""Who names a definition of an EOS configuration, in lines of any kind.

A list of a class may filter a port, translate addresses or guard the management as well; a policy
may be bound by a profile. Nearly every chapter of the manual has a line that names a list, so a
line is taken for a user wherever the name is one of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from translator.drivers.arista_eos.edit_tree import (
    ACCESS_LIST,
    ACCESS_LIST_V6,
    CLASS_MAP,
    POLICY_MAP,
    Block,
    ConfigTree,
    canonical,
)

__all__ = ["is_taken", "users_of"]

_LISTS: Final = (ACCESS_LIST, ACCESS_LIST_V6)
_BETWEEN: Final = re.compile(r"[\s,;\"'()]+")
_FREE: Final = ("description", "remark")
_ABOUT_LISTS: Final = frozenset({"access-group", "access-list"})
_HEADS: Final = re.compile(r"(?:class-map|policy-map|(?:ip|ipv6|mac) access-list) ")


def users_of(tree: ConfigTree, kind: str, name: str) -> Iterator[Block]:
    """Yield the blocks, but for the definition's own, that may name a definition."""
    for block in tree.blocks:
        if (block.kind, block.name) != (kind, name) and any(
            name in line and _names(line, kind, name) for line in block.raw
        ):
            yield block


def is_taken(tree: ConfigTree, kind: str, name: str) -> bool:
    """Whether a definition that is not edited has the name: a standard list, another type."""
    return any(
        not block.kind and block.raw[0].startswith(f"{kind} ") and block.raw[0].split()[-1] == name
        for block in tree.blocks
    )


def _names(line: str, kind: str, name: str) -> bool:
    words = canonical(line).split()
    if words[0].startswith("!") or words[0] in _FREE or words[1:2] == ["remark"]:
        return False
    if name not in _BETWEEN.split(line) or _HEADS.match(line):
        return False
    if words[0] == "class":
        return kind == CLASS_MAP
    if "service-policy" in words:
        return kind == POLICY_MAP
    return kind in _LISTS or not _ABOUT_LISTS.intersection(words)
