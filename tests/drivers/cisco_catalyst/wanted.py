"""Intents as this platform's tests want them: lowered to what the switch can say."""

from __future__ import annotations

from conformance.shapes import intents_of

from translator.drivers.registry import driver
from translator.intents.lower import lower
from translator.intents.model import DeviceIntents

__all__ = ["CATALYST", "lowered", "shape"]

CATALYST = driver("cisco_catalyst")


def shape(name: str) -> DeviceIntents:
    """Return the lowered intents of one of the shapes that every driver is tested with."""
    return lowered(intents_of("cisco_catalyst", name))


def lowered(intents: DeviceIntents) -> DeviceIntents:
    """Return the intents as the switch can serve them."""
    return lower(intents, CATALYST.capabilities)
