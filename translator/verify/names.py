"""Short names of interfaces, as people type them, and the names that a text has."""

from __future__ import annotations

from collections.abc import Collection

from translator.intents.device import DeviceQos

__all__ = ["spelled_among", "spelled_out"]


def spelled_out(device: DeviceQos, name: str) -> str:
    """Return the one interface that `Gi0/1` stands for; the name itself where there is none."""
    return spelled_among([item.name for item in device.interfaces], name)


def spelled_among(names: Collection[str], name: str) -> str:
    """Return the one of the names that a short one stands for; itself where there is none."""
    if name in names:
        return name
    letters, number = _name_parts(name)
    meant = [
        item
        for item in names
        for known_letters, known_number in [_name_parts(item)]
        if known_number == number and _abbreviates(letters, known_letters)
    ]
    return meant[0] if len(meant) == 1 else name


def _abbreviates(one: str, other: str) -> bool:
    """Whether one kind of interface may be short for the other, whichever of them is written."""
    return bool(one and other) and (other.startswith(one) or one.startswith(other))


def _name_parts(name: str) -> tuple[str, str]:
    """Return the kind of an interface in lower case, and its number."""
    name = name.replace(" ", "")
    start = next((index for index, sign in enumerate(name) if sign.isdigit()), len(name))
    return name[:start].lower(), name[start:]
