"""The actions of a tc filter, and whether the next action, or the next filter, follows them.

Source: tc-actions(8), tc-police(8), tc-skbedit(8), tc-mirred(8); what stands for a control that is
left out is that of iproute2 (m_police.c, m_mirred.c, m_skbedit.c).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from translator.drivers.linux.conditions import NotReadError
from translator.drivers.linux.iptables_match import number
from translator.drivers.linux.tc_words import hex_id, rate_bps
from translator.intents.pipeline import Action, Drop, Police, SetTag

__all__ = ["NAMES_OF_CLASSES", "action_of", "end_of_action"]

NAMES_OF_CLASSES: Final = frozenset({"flowid", "classid", "*flowid"})
_DROPS: Final = frozenset({"drop", "shot"})
_PASSES: Final = frozenset({"pass", "ok"})
_CONTROLS: Final = _DROPS | _PASSES | {"pipe", "continue", "reclassify", "stolen"}


@dataclass(frozen=True, slots=True)
class FoundAction:
    """What an action does, and how it ends: `control` is one of the words for that.

    Attributes:
        doubt: why it is not known what is done.
    """

    actions: tuple[Action, ...]
    control: str
    doubt: str = ""


def end_of_action(words: list[str], at: int) -> int:
    """Return where the words of the action at `at` end; `action drop` of a policer is its own."""
    is_own = words[at] in ("police", "gact")
    for end in range(at + 1, len(words)):
        if words[end] in NAMES_OF_CLASSES:
            return end
        if words[end] == "action":
            control = words[end + 1].partition("/")[0] if end + 1 < len(words) else ""
            if not is_own or control not in _CONTROLS:
                return end
    return len(words)


def action_of(name: str, inside: list[str], *, enters: bool) -> FoundAction:
    """Return what an action does; `enters` says that it meets packets on their way in.

    Raises:
        NotReadError: it is not known.
    """
    if name == "police":
        return _police(inside)
    given = [word for word in (name, *inside) if word in _CONTROLS]
    control = given[-1] if given else "pipe"
    actions: list[Action] = []
    doubt = ""
    if name == "skbedit":
        actions += _edited(inside)
    elif name == "mirred" and {"redirect", "Redirect"} & set(inside):
        control = "pass"
        # Source: tc-mirred(8): a redirect to an ifb device shapes what arrives; the packet
        # goes on unchanged afterwards.
        if not enters or not any(word.startswith("ifb") for word in inside):
            doubt = "a packet is sent out by another device"
    elif name not in ("mirred", "gact", *_CONTROLS) or "random" in inside:
        raise NotReadError(f"action {name}")
    if control in _DROPS:
        actions.append(Drop())
    elif control not in ("pipe", "continue", *_PASSES):
        raise NotReadError(f"action {name} {control}")
    return FoundAction(tuple(actions), control, doubt)


def _edited(inside: list[str]) -> list[Action]:
    found: list[Action] = []
    for word, value in pairwise(inside):
        if word == "priority":
            found.append(SetTag("priority", hex_id(value)))
        elif word == "mark":
            found.append(SetTag("mark", number(value)))
    if not found or inside[0] not in ("priority", "mark"):
        raise NotReadError(f"action skbedit {' '.join(inside[:1])}")
    return found


def _police(inside: list[str]) -> FoundAction:
    """Return a policer: above its rate it drops, below it ends the search, if it does not say else.

    What is above the rate and not dropped is handed on: nobody knows which packets that are.
    """
    pairs = dict(pairwise(inside))
    rate = pairs.get("rate")
    alone = next((word for word in inside if word in _CONTROLS), "reclassify")
    above, _, below = (pairs.get("conform-exceed") or pairs.get("action") or alone).partition("/")
    below = below or "pass"
    police = () if above in _PASSES else (Police(rate_bps(rate) if rate else None),)
    doubt = f"what is above the rate is let on ({above})" if above in ("continue", "pipe") else ""
    if below in _DROPS:
        return FoundAction((Drop(),), "drop", doubt)
    if above not in _CONTROLS or below not in ("pipe", "continue", *_PASSES):
        raise NotReadError(f"action police {above}/{below}")
    return FoundAction(police, below, doubt)
