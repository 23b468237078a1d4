"""What `... set VALUE` does: code points, marks, the class; and what has no bearing.

Source: nft(8), "payload statement" and "meta statement".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from translator.codepoint import ECN_MASK, CodePoint
from translator.drivers.linux.chains import CopyTag
from translator.drivers.linux.conditions import NotReadError
from translator.drivers.linux.iptables_match import FULL, number
from translator.drivers.linux.nft_fields import mark_of
from translator.drivers.linux.nft_values import class_id, code_point
from translator.intents.pipeline import Action, SetTag, SetTos, Unclear, set_code_point

__all__ = ["Effect", "action_of", "set_effect"]

_ECN: Final = {"not-ect": 0, "ect1": 1, "ect0": 2, "ce": 3}
_MARKS: Final = frozenset({"mark", "ct_mark", "priority"})
# Statements that change nothing we look at; any other field that is written is unclear.
_NO_BEARING: Final = frozenset(
    [("meta", name) for name in ("secmark", "nftrace", "pkttype", "cgroup")]
    + [("ct", name) for name in ("secmark", "helper", "label", "zone", "event", "timeout")]
    + [("ip", "ttl"), ("ip6", "hoplimit"), ("tcp", "option"), ("ether", "saddr")]
    + [("ether", "daddr"), ("ip", "id"), ("ip", "checksum")]
)


@dataclass(frozen=True, slots=True)
class Effect:
    """Actions and copies; `version` is the IP version that the statement implies."""

    actions: tuple[Action, ...] = ()
    copies: tuple[CopyTag, ...] = ()
    version: int | None = None


def set_effect(field: tuple[str, str], words: Sequence[str]) -> Effect:
    """Return the effect of `field set words`.

    Raises:
        NotReadError: the value is not understood.
    """
    version = {"ip": 4, "ip6": 6}.get(field[0])
    if field in _NO_BEARING:
        return Effect(version=version)
    tag = mark_of(field)
    if tag is not None and words and (words[0] in _MARKS or len(words) > 1):
        return _computed(tag, words)
    if len(words) != 1:
        raise NotReadError(f"{' '.join(field)} set without one value")
    return Effect((action_of(field, words[0]),), version=version)


def action_of(field: tuple[str, str], word: str) -> Action:
    """Return what writing one constant into the field does."""
    if field[1] == "dscp":
        return set_code_point(CodePoint(code_point(word)))
    if field[1] == "ecn":
        if word not in _ECN:
            raise NotReadError(f"{word!r} is no ECN value")
        return SetTos(_ECN[word], ECN_MASK)
    tag = mark_of(field)
    if tag is not None:
        return SetTag(tag, class_id(word) if tag == "priority" else number(word))
    return Unclear(f"{' '.join(field)} is rewritten, which later rules see")


def _computed(tag: str, words: Sequence[str]) -> Effect:
    """Return the effect of `mark set ct mark`, `mark set mark and M or V` and the like."""
    words = [word for word in words if word not in ("(", ")")]
    if words[0] not in _MARKS:
        raise NotReadError("a computed mark that starts with a constant")
    keep, put = FULL, 0
    for operator, text in zip(words[1::2], words[2::2], strict=False):
        value = number(text)
        if operator in ("&", "and"):
            keep, put = keep & value, put & value
        elif operator in ("|", "or"):
            keep, put = keep & ~value, put | value
        elif operator in ("^", "xor") and value & keep == 0:
            put ^= value
        else:
            raise NotReadError(f"operator {operator} on a mark")
    fixed = FULL & ~keep
    put_action = (SetTag(tag, put, None if fixed == FULL else fixed),) if fixed else ()
    if words[0] == tag:
        return Effect(put_action)
    # Bits that are not copied are constants, written first.
    return Effect(put_action, (CopyTag(words[0], tag, keep),))
