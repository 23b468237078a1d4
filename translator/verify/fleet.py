"""Proofs for many devices: what differs only in the names of interfaces is proven once.

Readers take interface names as names: a text in which `eth1` is called `eth7` throughout does on
`eth7` what the other does on `eth1` (a test holds every driver to this). So two devices whose
intents and texts are equal but for such names, of the same kind (equal but for digits), have the
same proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from msgspec import structs

from translator.drivers.base import Driver, Rendered
from translator.intents.model import DeviceIntents
from translator.verify.diagram import Space
from translator.verify.prove import Proof, prove_rendered

__all__ = ["Prover"]

_DIGITS = re.compile(r"\d+")
_CLOSED = "\ue000{}\ue001"  # private-use characters: no configuration text holds them


class _Known(NamedTuple):
    """A proof, and the intents it was made for, with interface names replaced."""

    intents: DeviceIntents
    proof: Proof
    names: tuple[str, ...]


class Prover:
    """Renders and proves devices one after the other and remembers what it has proven."""

    def __init__(self, space: Space | None = None) -> None:
        self._space = Space() if space is None else space
        self._known: dict[tuple[str, str], list[_Known]] = {}

    def render(self, driver: Driver, intents: DeviceIntents) -> tuple[Rendered, Proof]:
        """Return what the driver renders for the intents, proven.

        Raises:
            UnsupportedIntentError: the platform cannot express an intent.
            ProofError: the text does something else than the intents ask.
        """
        rendered = driver.render(intents)
        names = _names(intents)
        anonymous = _anonymous_intents(intents)
        known = self._known.setdefault(
            (driver.platform, _anonymous_text(rendered.config, intents, names)), []
        )
        for item in known:
            if item.intents == anonymous:
                return rendered, _renamed(item.proof, dict(zip(item.names, names, strict=True)))
        proof = prove_rendered(driver, intents, rendered, self._space)
        known.append(_Known(anonymous, proof, names))
        return rendered, proof


def _names(intents: DeviceIntents) -> tuple[str, ...]:
    """The interface names, each with the physical port of a unit or sub-interface behind it."""
    found: list[str] = []
    for item in intents.interfaces:
        found += [item.name, item.name.rpartition(".")[0] or item.name]
    return tuple(found)


def _anonymous_intents(intents: DeviceIntents) -> DeviceIntents:
    return replace(
        intents,
        device="",
        interfaces=tuple(
            structs.replace(item, name=f"{_DIGITS.sub('0', item.name)}_{index}")
            for index, item in enumerate(intents.interfaces)
        ),
    )


def _anonymous_text(text: str, intents: DeviceIntents, names: tuple[str, ...]) -> str:
    closed = {intents.device: _CLOSED.format("device")}
    for index, name in enumerate(names):
        closed.setdefault(name, _CLOSED.format(index))
    return "".join(_replaced(text, closed))


def _replaced(text: str, closed: dict[str, str]) -> Iterator[str]:
    ordered = sorted(filter(None, closed), key=len, reverse=True)
    pattern = "|".join(re.escape(name) for name in ordered)
    end = 0
    for found in re.finditer(rf"(?<![\w./:-])(?:{pattern})(?![\w/-])", text):
        yield text[end : found.start()]
        yield closed[found[0]]
        end = found.end()
    yield text[end:]


def _renamed(proof: Proof, names: dict[str, str]) -> Proof:
    def sentence(text: str) -> str:
        return "".join(_replaced(text, names)) if names else text

    return replace(
        proof,
        pairs=tuple((names.get(a, a), names.get(b, b)) for a, b in proof.pairs),
        assumptions=tuple(sentence(item) for item in proof.assumptions),
    )
