"""The vocabulary in which drivers state their abilities; lowering reads it, so it lives there."""

from translator.intents.capabilities import Capabilities, Feature

__all__ = ["Capabilities", "Feature"]
