"""Typed reading of one mapping of a plan file; every error has the line of the value."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from ipaddress import ip_network
from typing import Final, TypeVar

from translator.codepoint import CodePoint
from translator.errors import PlanError, UsageError, Where
from translator.plan.groups import Prefix
from translator.plan.text import nearest, require_name, require_printable
from translator.plan.tree import Items, Node, Scalar, Table

__all__ = ["MAX_NOTE", "MAX_TEXT", "Fields", "items_of", "name_of", "scalar_of", "table_of"]

MAX_TEXT: Final = 120
MAX_NOTE: Final = 1000
_FLAGS: Final = {"true": True, "yes": True, "false": False, "no": False}
_Choice = TypeVar("_Choice", bound=StrEnum)


def table_of(node: Node, what: str) -> Table:
    """Return the node as a mapping.

    Raises:
        PlanError: it is none.
    """
    if not isinstance(node, Table):
        raise PlanError(f"{what} is no mapping", where=node.where, hint="write `key: value` lines")
    return node


def items_of(node: Node, what: str) -> tuple[Node, ...]:
    """Return the members of a list; a single text counts as a list of one.

    Raises:
        PlanError: a mapping.
    """
    if isinstance(node, Table):
        raise PlanError(f"{what} is no list", where=node.where, hint="write [a, b] or - lines")
    if isinstance(node, Scalar):
        return () if node.is_null else (node,)
    return node.items


def scalar_of(node: Node, what: str) -> Scalar:
    """Return the node as a text.

    Raises:
        PlanError: a list or mapping.
    """
    if not isinstance(node, Scalar):
        kind = "list" if isinstance(node, Items) else "mapping"
        raise PlanError(f"{what} is a {kind}", where=node.where, hint="write one value")
    return node


def name_of(node: Node, what: str) -> str:
    """Return the node as an identifier.

    Raises:
        PlanError: it cannot be one.
    """
    return require_name(scalar_of(node, what).text, what, node.where)


class Fields:
    """The values of a mapping by key; keys that nobody knows are refused at once."""

    def __init__(self, table: Table, what: str, known: Collection[str]) -> None:
        self.where = table.where
        self._what = what
        self._entries = table.entries
        for key in table.entries:
            if key not in known:
                raise PlanError(
                    f"{what} has an unknown key {key[:60]!a}",
                    where=table.keys.get(key, table.where),
                    hint=nearest(key, known),
                )

    def node(self, key: str) -> Node | None:
        """Return the value as it stands; None where absent or null."""
        node = self._entries.get(key)
        return None if isinstance(node, Scalar) and node.is_null else node

    def where_of(self, key: str) -> Where:
        """Return the line of a value, or of the mapping where it is absent."""
        node = self._entries.get(key)
        return self.where if node is None else node.where

    def text(self, key: str, default: str = "", limit: int = MAX_TEXT) -> str:
        """Return one line of printable text."""
        node = self.node(key)
        if node is None:
            return default
        what = f"{self._what}: {key}"
        return require_printable(scalar_of(node, what).text.strip(), what, node.where, limit)

    def required(self, key: str) -> Node:
        """Return a value that must be there.

        Raises:
            PlanError: it is not.
        """
        node = self.node(key)
        if node is None:
            raise PlanError(
                f"{self._what} has no {key}", where=self.where, hint=f"add `{key}: ...`"
            )
        return node

    def name(self, key: str) -> str | None:
        """Return an identifier, or None where absent."""
        node = self.node(key)
        return None if node is None else name_of(node, f"{self._what}: {key}")

    def names(self, key: str) -> tuple[str, ...]:
        """Return a list of identifiers."""
        node = self.node(key)
        if node is None:
            return ()
        what = f"{self._what}: {key}"
        return tuple(name_of(item, what) for item in items_of(node, what))

    def number(self, key: str, low: int, high: int, *, hint: str = "") -> int | None:
        """Return a decimal number, or None where absent; `hint` adds to what an error advises.

        Raises:
            PlanError: no number, or not within the limits.
        """
        node = self.node(key)
        if node is None:
            return None
        text = scalar_of(node, f"{self._what}: {key}").text
        plain = text.isascii() and text.isdigit() and len(text) <= 9 and str(int(text)) == text
        if not plain or not low <= int(text) <= high:
            raise PlanError(
                f"{self._what}: {key} {text[:40]!a} is no number within {low}-{high}",
                where=node.where,
                hint="write a decimal number without sign, unit or leading zero" + hint,
            )
        return int(text)

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false.

        Raises:
            PlanError: another word.
        """
        node = self.node(key)
        if node is None:
            return default
        word = scalar_of(node, f"{self._what}: {key}").text.lower()
        if word not in _FLAGS:
            raise PlanError(
                f"{self._what}: {key} {word[:40]!a} is neither true nor false",
                where=node.where,
                hint="write true or false",
            )
        return _FLAGS[word]

    def choice(self, key: str, kind: type[_Choice], default: _Choice | None = None) -> _Choice:
        """Return a member of an enumeration.

        Raises:
            PlanError: absent without a default, or another word.
        """
        if self.node(key) is None and default is not None:
            return default
        node = self.required(key)
        word = scalar_of(node, f"{self._what}: {key}").text.lower()
        if word not in list(kind):
            raise PlanError(
                f"{self._what}: {key} {word[:40]!a} is not known",
                where=node.where,
                hint=nearest(word, list(kind)),
            )
        return kind(word)

    def optional_choice(self, key: str, kind: type[_Choice]) -> _Choice | None:
        """Return a member of an enumeration, or None where absent."""
        return None if self.node(key) is None else self.choice(key, kind)

    def code_point(self, key: str) -> CodePoint | None:
        """Return a code point by name or number, or None where absent."""
        node = self.node(key)
        return None if node is None else _code_point(node, f"{self._what}: {key}")

    def code_points(self, key: str) -> tuple[CodePoint, ...]:
        """Return a list of code points."""
        node = self.node(key)
        what = f"{self._what}: {key}"
        return (
            () if node is None else tuple(_code_point(item, what) for item in items_of(node, what))
        )

    def prefixes(self, key: str) -> tuple[Prefix, ...]:
        """Return a list of IPv4 and IPv6 prefixes.

        Raises:
            PlanError: no prefix, or host bits set.
        """
        node = self.node(key)
        what = f"{self._what}: {key}"
        return () if node is None else tuple(_prefix(item, what) for item in items_of(node, what))


def _code_point(node: Node, what: str) -> CodePoint:
    try:
        return CodePoint.of(scalar_of(node, what).text[:40])
    except UsageError as error:
        raise PlanError(f"{what}: {error.problem}", where=node.where, hint=error.hint) from None


def _prefix(node: Node, what: str) -> Prefix:
    text = scalar_of(node, what).text.strip()
    try:
        return ip_network(text)
    except ValueError as error:
        reason = "host bits are set" if "host bits" in str(error) else "not an address"
        raise PlanError(
            f"{what}: {text[:60]!a} is no prefix: {reason}",
            where=node.where,
            hint="write 10.1.0.0/16, 2001:db8:1::/48 or a single address",
        ) from None
