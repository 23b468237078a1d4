"""Which platform a text is of: what stands in it decides, and where that is not clear, nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from translator.drivers.base import RecognisesText
from translator.drivers.registry import driver_names, drivers
from translator.drivers.signs import Sign, Signs
from translator.errors import ParseError, Where

__all__ = ["AUTO", "Detected", "detect", "looks_like"]

AUTO: Final = "auto"
"""The word that stands for "what the text says" where a platform is asked for."""


@dataclass(frozen=True, slots=True)
class Detected:
    """The driver of a text, and the lines that say so."""

    driver: str
    reason: str


def detect(text: str, *, file: str = "<config>") -> Detected:
    """Return the one driver whose platform alone writes lines of this text and all of them.

    Args:
        text: a text as `translator.drivers.text.text_of` returns it.

    Raises:
        ParseError: no driver knows it, or more than one does.
    """
    seen = _signs_of(text)
    fitting = {name: signs for name, signs in seen.items() if signs.own and not signs.foreign}
    if len(fitting) == 1:
        ((name, signs),) = fitting.items()
        return Detected(name, _shown(signs.own))
    raise ParseError(
        _why_not(fitting, seen),
        where=Where(file),
        hint="say it with --platform NAME; known: " + ", ".join(driver_names()),
    )


def looks_like(text: str) -> tuple[str, ...]:
    """Return the platforms whose lines a text has; more than one where siblings share them all."""
    fitting = {name: found for name, found in _signs_of(text).items() if not found.foreign}
    own = tuple(name for name, found in fitting.items() if found.own)
    return own or tuple(name for name, found in fitting.items() if found.shared)


def _signs_of(text: str) -> dict[str, Signs]:
    return {
        item.platform: item.signs(text) for item in drivers() if isinstance(item, RecognisesText)
    }


def _why_not(fitting: dict[str, Signs], seen: dict[str, Signs]) -> str:
    if fitting:
        both = "; ".join(f"{name} ({_shown(signs.own)})" for name, signs in fitting.items())
        return f"the text is of more than one platform: {both}"
    open_ = {
        name: signs.shared for name, signs in seen.items() if signs.shared and not signs.foreign
    }
    if open_:
        shared = next(iter(open_.values()))
        return f"the text may be of {_listed(open_)} ({_shown(shared)}), but nothing shows it"
    against = {name: signs for name, signs in seen.items() if signs.foreign}
    told = next((item for item in against.values() if item.own or item.shared), None)
    if told is not None:
        names = _listed(name for name, signs in against.items() if signs.own or signs.shared)
        return f"the text looks like {names}, which never write {_shown(told.foreign)}"
    return "the text has no line by which one of the platforms is known"


def _listed(names: Iterable[str]) -> str:
    return " or ".join(names)


def _shown(signs: tuple[Sign, ...]) -> str:
    more = f" and {len(signs) - 1} more like it" if len(signs) > 1 else ""
    return f"{signs[0]}{more}"
