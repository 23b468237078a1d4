"""Lines that were not understood, called by their words instead of their numbers.

A driver names an unread line by its number in the text. Two texts of one platform that share the
line would else differ as soon as one of them is a line longer above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from msgspec import Struct, structs

from translator.intents.condition import Predicate
from translator.intents.device import DeviceQos
from translator.intents.pipeline import Unclear

__all__ = ["with_words_for_lines"]

_NUMBERED: Final = re.compile(r"\bline (\d+)\b")


def with_words_for_lines(device: DeviceQos) -> DeviceQos:
    """Return the device with `line 12` replaced by that line's words where it was not read."""
    words = {str(item.line): repr(item.text.strip()) for item in device.unread}
    if not words:
        return device
    return replace(
        device,
        interfaces=_worded(device.interfaces, words),
        other_interface=_worded(device.other_interface, words),
        forward=_worded(device.forward, words),
        policies=_worded(device.policies, words),
    )


def _worded(value: Any, words: dict[str, str]) -> Any:
    """Return the value with the names of all predicates and unclear actions in words."""
    if isinstance(value, Predicate):
        return Predicate(_named(value.name, words), value.unread)
    if isinstance(value, Unclear):
        return Unclear(_named(value.reason, words))
    if isinstance(value, tuple):
        changed = tuple(_worded(item, words) for item in value)
        same = all(new is old for new, old in zip(changed, value, strict=True))
        return value if same else changed
    if isinstance(value, Struct):
        changes = _changes(value, value.__struct_fields__, words)
        return structs.replace(value, **changes) if changes else value
    if is_dataclass(value) and not isinstance(value, type):
        changes = _changes(value, (item.name for item in fields(value) if item.init), words)
        return replace(value, **changes) if changes else value
    return value


def _changes(value: object, names: Iterable[str], words: dict[str, str]) -> dict[str, Any]:
    """Return those of a value's fields that change, with what they become."""
    parts = {name: getattr(value, name) for name in names}
    new = {name: _worded(part, words) for name, part in parts.items()}
    return {name: part for name, part in new.items() if part is not parts[name]}


def _named(text: str, words: dict[str, str]) -> str:
    return _NUMBERED.sub(lambda found: words.get(found[1], found[0]), text)
