"""Maps: one lookup decides a verdict (`vmap`) or a value (`... set KEY map`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from translator.drivers.linux.chains import Entry, Verdict
from translator.drivers.linux.conditions import NotReadError, conjunction
from translator.drivers.linux.iptables_match import number
from translator.drivers.linux.nft_fields import condition_of, is_mutable, masked_condition
from translator.drivers.linux.nft_set import action_of
from translator.drivers.linux.nft_values import MapElement
from translator.intents.condition import AnyOf, Condition, Tagged
from translator.intents.match import ANY
from translator.intents.pipeline import Flow, Rule, SetTag

__all__ = ["Dispatch", "mapped", "verdicts_of"]

_VERDICTS: Final = {
    "accept": Verdict.ACCEPT,
    "drop": Verdict.DROP,
    "return": Verdict.RETURN,
    "continue": Verdict.CONTINUE,
    "jump": Verdict.JUMP,
    "goto": Verdict.GOTO,
}


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A verdict map: the fields that are looked up, perhaps under a mask, and the elements."""

    fields: tuple[tuple[str, str], ...]
    members: tuple[MapElement, ...]
    mask: int | None = None


def verdicts_of(dispatch: Dispatch, before: Condition, line: int, spec: str) -> list[Entry]:
    """Return entries that do what the verdict map does behind the condition `before`.

    The lookup happens once. Where a chain that is jumped to could change the key, the result of
    the lookup is first kept in a tag of its own.
    """
    keys = [_key(dispatch, item) for item in dispatch.members]
    targets = [_verdict(item.value) for item in dispatch.members]
    if not any(is_mutable(field) for field in dispatch.fields):
        return [
            Entry(conjunction((before, key)), (), verdict, target, lines=(line,), spec=spec)
            for key, (verdict, target) in zip(keys, targets, strict=True)
        ]
    tag = f"verdict map of line {line}"
    looked_up = tuple(
        Rule(key, (SetTag(tag, at),), Flow.RETURN) for at, key in enumerate(keys, start=1)
    )
    entries = [
        Entry(ANY, (SetTag(tag, 0),), lines=(line,), spec=spec),
        Entry(before, body=looked_up, lines=(line,), spec=spec),
    ]
    for at, (verdict, target) in enumerate(targets, start=1):
        entries.append(Entry(Tagged(tag, (at,)), (), verdict, target, lines=(line,), spec=spec))
    return entries


def _key(dispatch: Dispatch, item: MapElement) -> Condition:
    if dispatch.mask is None:
        return condition_of(dispatch.fields, [item.key], False)
    if len(item.key) != 1 or item.key[0].low != item.key[0].high:
        raise NotReadError("a range behind a mask")
    return masked_condition(dispatch.fields[0], dispatch.mask, number(item.key[0].low), False)


def mapped(
    field: tuple[str, str], keys: tuple[tuple[str, str], ...], members: tuple[MapElement, ...]
) -> tuple[Condition, tuple[Rule, ...]]:
    """Return the condition that a key is in the map, and the rules that write its value."""
    found = list(_mapped(field, keys, members))
    return AnyOf(tuple(rule.condition for rule in found)), tuple(found)


def _mapped(
    field: tuple[str, str], keys: tuple[tuple[str, str], ...], members: tuple[MapElement, ...]
) -> Iterator[Rule]:
    for item in members:
        if len(item.value) != 1:
            raise NotReadError("a map value that is not one word")
        key = condition_of(keys, [item.key], False)
        yield Rule(key, (action_of(field, item.value[0]),), Flow.RETURN)


def _verdict(words: tuple[str, ...]) -> tuple[Verdict, str]:
    if not words or words[0] not in _VERDICTS:
        raise NotReadError(f"verdict {' '.join(words)!r} is not known")
    return _VERDICTS[words[0]], words[1] if len(words) > 1 else ""
