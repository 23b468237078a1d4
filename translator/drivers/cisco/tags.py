"""Conditions on what the device itself attached to a packet: qos-group and the like."""

from __future__ import annotations

from translator.intents.condition import AllOf, AnyOf, Condition, Predicate, Tagged

__all__ = ["tagged"]


def tagged(name: str, values: tuple[int, ...]) -> Condition:
    """Return whether the tag has one of the values.

    Unverified: whether a packet to which nothing was attached matches the value 0.
    """
    found = Tagged(name, values)
    if 0 not in values:
        return found
    never_set = AllOf((Tagged(name, (None,)), Predicate(f"{name} is 0 where it was never set")))
    return AnyOf((found, never_set))
