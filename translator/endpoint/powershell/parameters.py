"""The arguments of a command bound to the parameters of its cmdlet, as PowerShell does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from translator.endpoint.powershell.commands import Argument, Command
from translator.endpoint.powershell.tokens import SINGLE_QUOTES
from translator.errors import PlanError, Where
from translator.plan.text import nearest

__all__ = ["Parameters", "Value", "bind", "flag", "literal", "number", "quoted", "words"]

# Source: about_CommonParameters; WhatIf and Confirm are those of cmdlets that change something.
_COMMON: Final = {
    "Debug": ("db",),
    "ErrorAction": ("ea",),
    "ErrorVariable": ("ev",),
    "InformationAction": ("infa",),
    "InformationVariable": ("iv",),
    "OutBuffer": ("ob",),
    "OutVariable": ("ov",),
    "PipelineVariable": ("pv",),
    "Verbose": ("vb",),
    "WarningAction": ("wa",),
    "WarningVariable": ("wv",),
    "WhatIf": ("wi",),
    "Confirm": ("cf",),
}
_COMMON_SWITCHES: Final = frozenset({"Debug", "Verbose", "WhatIf", "Confirm"})
_NUMBER: Final = re.compile(r"(?:0[xX]([0-9A-Fa-f]{1,16})|(\d{1,18}))([kKmMgG][bB])?", re.ASCII)
_UNITS: Final = {"": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}
_TRUE: Final = frozenset({"$true", "1"})
_FALSE: Final = frozenset({"$false", "0"})
_QUOTED: Final = re.compile(f"([{SINGLE_QUOTES}])")


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a cmdlet, all of them, so that an abbreviation is known to be clear.

    Attributes:
        names: each parameter with its aliases.
        switches: those that take no value.
        positional: what values without a parameter are, in order.
    """

    names: Mapping[str, tuple[str, ...]]
    switches: frozenset[str] = frozenset()
    positional: tuple[str, ...] = ()
    _known: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {
            word.casefold(): name
            for name, aliases in {**_COMMON, **self.names}.items()
            for word in (name, *aliases)
        }
        object.__setattr__(self, "_known", known)

    def resolve(self, word: str, cmdlet: str, where: Where) -> str:
        """Return the parameter that a word stands for: its name, an alias, or a clear beginning.

        Raises:
            PlanError: it stands for none, or for several.
        """
        folded = word.casefold()
        if folded in self._known:
            return self._known[folded]
        found = {name for known, name in self._known.items() if known.startswith(folded)}
        if len(found) == 1:
            return found.pop()
        if found:
            raise PlanError(
                f"{cmdlet}: -{word[:60]} may be {' or '.join(sorted(found)[:4])}",
                where=where,
                hint="write the parameter in full",
            )
        raise PlanError(
            f"{cmdlet} has no parameter {'-' + word[:60]!a}",
            where=where,
            hint=nearest(word, self.names),
        )

    def takes_value(self, name: str) -> bool:
        """Whether a value follows the parameter."""
        return name not in self.switches and name not in _COMMON_SWITCHES


def words(
    names: str, aliases: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, tuple[str, ...]]:
    """Return parameter names out of a text, with the aliases of those that have some."""
    return {name: (aliases or {}).get(name, ()) for name in names.split()}


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter was given; a switch has the text `$true` unless it is switched off."""

    parameter: str
    text: str
    where: Where
    literal: bool = True


def bind(command: Command, parameters: Parameters) -> dict[str, Value]:
    """Return the values of a command by parameter, in the order of the text.

    Raises:
        PlanError: an unknown, unclear or doubled parameter, one without its value, or a value
            that belongs to none.
    """
    found: dict[str, Value] = {}
    rest = iter(_single_values(command))
    positions = iter(parameters.positional)
    for argument in rest:
        if argument.is_parameter:
            name = parameters.resolve(argument.text, command.name, argument.where)
            value = _switched_on(argument)
            if argument.joined or parameters.takes_value(name):
                value = next(rest, value)
                if value.is_parameter:
                    raise PlanError(
                        f"{command.name}: -{name} has no value",
                        where=argument.where,
                        hint="write the value behind it",
                    )
        else:
            name, value = _next_position(command, argument, positions), argument
        if name in found:
            raise PlanError(
                f"{command.name}: -{name} is given twice", where=argument.where, hint="keep one"
            )
        found[name] = Value(name, value.text, argument.where, value.literal)
    return found


def _switched_on(argument: Argument) -> Argument:
    return Argument("$true", argument.where, is_parameter=True, literal=False)


def _next_position(command: Command, argument: Argument, positions: Iterator[str]) -> str:
    name = next(positions, "")
    if not name:
        raise PlanError(
            f"{command.name}: {argument.text[:60]!a} belongs to no parameter",
            where=argument.where,
            hint="write parameters as -Name value; quote a value that holds blanks",
        )
    return name


def _single_values(command: Command) -> list[Argument]:
    """The arguments, with what belongs together (`a,b`, `a=b`) as one value that is no literal."""
    found: list[Argument] = []
    joins = False
    for argument in command.arguments:
        is_operator = not argument.literal and argument.text in (",", "=", "<", ">", "&")
        if found and not found[-1].is_parameter and (is_operator or joins):
            found[-1] = Argument(found[-1].text + argument.text, found[-1].where, literal=False)
        else:
            found.append(argument)
        joins = is_operator
    return found


def quoted(text: str) -> str:
    """Return a text as a PowerShell string in which nothing is evaluated.

    Every kind of single quote ends such a string, so each is doubled.
    """
    return "'" + _QUOTED.sub(r"\1\1", text) + "'"


def literal(value: Value) -> str:
    """Return a text that is written out.

    Raises:
        PlanError: it is a variable or an expression.
    """
    if not value.literal:
        raise PlanError(
            f"-{value.parameter} {value.text[:60]!a} has to be evaluated",
            where=value.where,
            hint="only values that are written out are read; put the value in",
        )
    return value.text


def number(value: Value, low: int, high: int) -> int:
    """Return a whole number, decimal or hexadecimal; `1MB` counts in powers of 1024.

    Raises:
        PlanError: it is none, or not within the limits.
    """
    found = _NUMBER.fullmatch(value.text) if value.literal else None
    if found is None:
        raise PlanError(
            f"-{value.parameter} {value.text[:60]!a} is no number",
            where=value.where,
            hint="only numbers that are written out are read; put the value in",
        )
    counted = int(found[1], 16) if found[1] else int(found[2])
    counted *= _UNITS[(found[3] or "").lower()]
    if not low <= counted <= high:
        raise PlanError(
            f"-{value.parameter} {counted} is not within {low}-{high}",
            where=value.where,
            hint="correct the number",
        )
    return counted


def flag(value: Value) -> bool:
    """Return `$true` or `$false`.

    Raises:
        PlanError: it is neither.
    """
    word = value.text.casefold()
    if word not in _TRUE | _FALSE:
        raise PlanError(
            f"-{value.parameter} {value.text[:60]!a} is neither $true nor $false",
            where=value.where,
            hint="write $true or $false",
        )
    return word in _TRUE
