"""Values of a file of sites: numbers, percentages, rates and counts, each with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final, TypeVar

from translator.errors import PlanError, UsageError
from translator.intents.compile import parse_rate
from translator.plan.fields import Fields, scalar_of, table_of
from translator.plan.text import nearest
from translator.plan.tree import Node

__all__ = ["counts_of", "decimal_of", "percent_in", "percent_of", "rate_of"]

MAX_STREAMS: Final = 100_000
_DECIMAL: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_Known = TypeVar("_Known")


def rate_of(fields: Fields, key: str) -> int | None:
    """Return bit/s of `10M`, or None where absent.

    Raises:
        PlanError: no rate.
    """
    node = fields.node(key)
    if node is None:
        return None
    try:
        return parse_rate(scalar_of(node, key).text[:40])
    except UsageError as error:
        raise PlanError(f"{key}: {error.problem}", where=node.where, hint=error.hint) from None


def decimal_of(fields: Fields, key: str, most: int) -> Fraction | None:
    """Return a decimal number from 0 to `most`, or None where absent.

    Raises:
        PlanError: no such number.
    """
    node = fields.node(key)
    if node is None:
        return None
    text = scalar_of(node, key).text
    if not _DECIMAL.fullmatch(text) or Fraction(text) > most:
        raise PlanError(
            f"{key} {text[:40]!a} is no number within 0-{most}",
            where=node.where,
            hint="write a decimal number such as 12.5, without sign and unit",
        )
    return Fraction(text)


def percent_of(fields: Fields, key: str) -> Fraction | None:
    """Return a percentage from 0 to 100, or None where absent.

    Raises:
        PlanError: no percentage.
    """
    node = fields.node(key)
    return None if node is None else percent_in(node, key)


def percent_in(node: Node, what: str) -> Fraction:
    """Return a percentage from 0 to 100; it carries its sign, as 0.5 could be two things.

    Raises:
        PlanError: no percentage.
    """
    text = scalar_of(node, what).text
    number = text.removesuffix("%").rstrip()
    if not text.endswith("%") or not _DECIMAL.fullmatch(number) or Fraction(number) > 100:
        raise PlanError(
            f"{what} {text[:40]!a} is no percentage",
            where=node.where,
            hint="write a number within 0-100 and the sign: 1%",
        )
    return Fraction(number)


def counts_of(
    fields: Fields, key: str, known: Mapping[str, _Known]
) -> tuple[tuple[_Known, int], ...] | None:
    """Return how many there are of what: `{1280x720: 3}`; None where absent.

    Raises:
        PlanError: an unknown word, or no number of streams.
    """
    node = fields.node(key)
    if node is None:
        return None
    table = table_of(node, key)
    found: list[tuple[_Known, int]] = []
    for name in table.entries:
        if name not in known:
            raise PlanError(
                f"{key}: {name[:40]!a} is not known",
                where=table.keys.get(name, table.where),
                hint=nearest(name[:40], known),
            )
        count = Fields(table, key, known).number(name, 0, MAX_STREAMS)
        if count is None:
            raise PlanError(
                f"{key}: {name} has no number of streams",
                where=table.keys.get(name, table.where),
                hint=f"write {{{name}: 3}}",
            )
        found.append((known[name], count))
    return tuple(found)
