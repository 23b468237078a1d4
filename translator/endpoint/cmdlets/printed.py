"""An object as a cmdlet printed it: its properties by name, each with the line that it stood on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from translator.errors import PlanError, Where
from translator.plan.text import require_printable

__all__ = ["MAX_VALUE", "Printed", "Property", "canonical", "object_of"]

MAX_VALUE: Final = 300
# Two names of one property: cmdlet help and cmdlets differ, and Get-NetQosPolicy has short names
# beside those of its parameters.
# Source: help of Set-CsConferencingConfiguration and of New-NetQosPolicy.
_ALIASES: Final = {
    "clienttransferport": "clientfiletransferport",
    "clienttransferportrange": "clientfiletransferportrange",
    "dscpaction": "dscpvalue",
    "priorityvalue8021action": "priorityvalue",
    "apppath": "apppathname",
    "appname": "apppathname",
}
_SUFFIX: Final = "matchcondition"
_CUT: Final = ("...", "\u2026")
_FLAGS: Final = {"true": True, "false": False}
_LIST: Final = "print a list in full: ... | Format-List | Out-String -Width 300"


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its name and value as printed."""

    name: str
    text: str
    where: Where


@dataclass(frozen=True, slots=True)
class Printed:
    """One object; `properties` by canonical name (`canonical`)."""

    properties: Mapping[str, Property]
    where: Where

    def has(self, name: str) -> bool:
        """Whether the property was printed, with a value or without."""
        return name in self.properties

    def where_of(self, name: str) -> Where:
        """Return the line of a property, or of the object where it was not printed."""
        found = self.properties.get(name)
        return self.where if found is None else found.where

    def text(self, name: str) -> str:
        """Return a value, "" where there is none.

        Raises:
            PlanError: cut short by the console, too long, or with characters that are no text.
        """
        found = self.properties.get(name)
        if found is None:
            return ""
        if found.text.endswith(_CUT):
            raise PlanError(
                f"the value of {found.name} was cut off: {found.text[:60]!a}",
                where=found.where,
                hint=_LIST,
            )
        return require_printable(found.text, found.name, found.where, MAX_VALUE)

    def number(self, name: str, low: int, high: int) -> int | None:
        """Return a decimal number; None where the property was not printed or has no value.

        Raises:
            PlanError: no number, or not within the limits.
        """
        text = self.text(name)
        if not text:
            return None
        digits = text.removeprefix("-")
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= 20
        if not is_number or not low <= int(text) <= high:
            found = self.properties[name]
            raise PlanError(
                f"{found.name} {text[:40]!a} is no number within {low}-{high}",
                where=found.where,
                hint="give the output as the cmdlet prints it",
            )
        return int(text)

    def flag(self, name: str) -> bool | None:
        """Return True or False; None where the property was not printed.

        Raises:
            PlanError: another word, or no value.
        """
        if not self.has(name):
            return None
        word = self.text(name)
        if word.lower() not in _FLAGS:
            found = self.properties[name]
            raise PlanError(
                f"{found.name} {word[:40]!a} is neither True nor False",
                where=found.where,
                hint="give the output as the cmdlet prints it",
            )
        return _FLAGS[word.lower()]


def canonical(name: str) -> str:
    """Return the one spelling of a property's name: lower case, aliases resolved."""
    word = name.lower()
    word = _ALIASES.get(word, word)
    short = word.removesuffix(_SUFFIX)
    return _ALIASES.get(short, short)


def object_of(properties: Iterable[Property], where: Where) -> Printed:
    """Return an object of its properties.

    Raises:
        PlanError: a property stands there twice with two values.
    """
    found: dict[str, Property] = {}
    for item in properties:
        first = found.setdefault(canonical(item.name), item)
        if first.text != item.text:
            raise PlanError(
                f"{item.name} is {item.text[:40]!a} here and {first.text[:40]!a} on line "
                f"{first.where.line}, in one object",
                where=item.where,
                hint="leave an empty line between objects",
            )
    return Printed(found, where)
