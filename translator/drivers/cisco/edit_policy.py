"""The classes of a policy-map and their actions, as commands change them."""

from __future__ import annotations

from typing import Final

from translator.drivers.cisco.edit_tree import Block, words_of
from translator.errors import RefusedError

__all__ = [
    "CLASS_DEFAULT",
    "OF_POLICER",
    "action_key",
    "actions_of",
    "add_action",
    "check_shares",
    "class_bounds",
    "refused",
    "remove_action",
    "share_of",
]

CLASS_DEFAULT: Final = "class-default"
_SINGLE: Final = frozenset(
    {"bandwidth", "priority", "shape", "fair-queue", "queue-limit", "service-policy", "trust"}
)
# Source: IOS command reference: these need a share of their own in the class, or class-default.
_NEED_SHARE: Final = frozenset({"random-detect", "fair-queue", "queue-limit"})
OF_POLICER: Final = ("conform-action", "exceed-action", "violate-action")


def class_bounds(block: Block) -> dict[str, tuple[int, int]]:
    """Return for each class of a policy-map where its lines start and end, in their order."""
    starts: list[tuple[str, int]] = []
    for at, words in block.statements():
        parts = words.split()
        if parts[0] == "class" and len(parts) > 1:
            starts.append((" ".join(parts[1:]), at))
    ends = [*(at for _, at in starts[1:]), len(block.body)]
    return {name: (at, end) for (name, at), end in zip(starts, ends, strict=False)}


def actions_of(block: Block, name: str) -> tuple[str, ...]:
    """Return the actions of a class, without its header, free text left out."""
    start, end = class_bounds(block)[name]
    found = (words_of(line) for line in block.body[start + 1 : end])
    return tuple(line for line in found if line and not line.startswith(("!", "description")))


def action_key(action: str) -> str:
    """Return what an action sets; entering another with the same key replaces it."""
    words = action.split()
    if words[0] == "set":
        return " ".join(words[: 3 if words[1:2] == ["ip"] else 2])
    if words[0] == "random-detect":
        return " ".join(words[:3]) if words[1:2] == ["dscp"] else "random-detect"
    return words[0] if words[0] in _SINGLE else action


def add_action(block: Block, name: str, action: str) -> str:
    """Enter an action; return the one that it replaces, "" for none.

    Unverified: entering `set dscp`, `bandwidth`, `priority` or `shape` again replaces the old
    value at once.

    Raises:
        RefusedError: the device would refuse it beside what the class has.
    """
    known = actions_of(block, name)
    _check_action(block, name, action, known)
    start, end = class_bounds(block)[name]
    for at in range(start + 1, end):
        if action_key(words_of(block.body[at]) or "!") == action_key(action):
            old = words_of(block.body[at])
            block.body[at] = f"  {action}"
            return old
    while end > start + 1 and not words_of(block.body[end - 1]).strip("!"):
        end -= 1
    block.body.insert(end, f"  {action}")
    return ""


def remove_action(block: Block, name: str, action: str) -> tuple[str, ...]:
    """Take an action away; return the lines of it, those of a policer with its outcomes.

    Raises:
        RefusedError: the class has no such action, or another one needs it.
    """
    start, end = class_bounds(block)[name]
    at = next((at for at in range(start + 1, end) if words_of(block.body[at]) == action), None)
    if at is None:
        raise refused(f"no {action}", f"class {name} has no such line")
    upto = at + 1
    while upto < end and words_of(block.body[upto]).startswith(OF_POLICER):
        upto += 1
    removed = tuple(words_of(line) for line in block.body[at:upto])
    del block.body[at:upto]
    left = actions_of(block, name)
    if name != CLASS_DEFAULT and not _has_share(left):
        for other in left:
            if action_key(other).split()[0] in _NEED_SHARE:
                raise refused(f"no {action}", f"`{other}` needs a share in class {name}")
    return removed


def check_shares(block: Block, line: str) -> None:
    """Refuse a policy whose shares do not fit together.

    Source: IOS: shares of one policy sum to 100 % at most and are of one unit.

    Raises:
        RefusedError: they do not.
    """
    total = remaining = 0
    units: set[str] = set()
    for name in class_bounds(block):
        for action in actions_of(block, name):
            unit, value = share_of(action)
            if unit == "percent":
                total += value
            if unit == "remaining percent":
                remaining += value
            if unit and action.startswith("bandwidth"):
                units.add(unit)
    if max(total, remaining) > 100:
        raise refused(line, f"the classes of {block.name} would ask for more than 100 %")
    if len(units) > 1:
        raise refused(line, f"{block.name} would mix {' and '.join(sorted(units))}")


def share_of(action: str) -> tuple[str, int]:
    """Return unit and value of a share, ("", 0) for other actions."""
    words = action.split()
    if words[0] not in ("bandwidth", "priority"):
        return "", 0
    if words[:2] == ["priority", "level"]:
        words = words[1:]
        del words[1:2]
    numbers = [word for word in words[1:] if word.isdigit()]
    if not numbers:
        return "", 0
    unit = " ".join(word for word in words[1:3] if not word.isdigit()) or "kbit/s"
    return unit, int(numbers[0])


def _check_action(block: Block, name: str, action: str, known: tuple[str, ...]) -> None:
    key = action_key(action)
    for other in known:
        if {key, action_key(other)} in _EXCLUDE:
            raise refused(action, f"class {name} has `{other}`")
        if key == "service-policy" and action_key(other) == key and action != other:
            raise refused(action, f"class {name} has `{other}`, which must be removed first")
        if key == "bandwidth" == action_key(other) and share_of(action)[0] != share_of(other)[0]:
            raise refused(action, f"class {name} has `{other}` in another unit")
        if action == other:
            raise refused(action, f"class {name} of {block.name} has the line already")
    needs_share = key.split()[0] in _NEED_SHARE and name != CLASS_DEFAULT
    if needs_share and not _has_share(known):
        raise refused(action, f"class {name} has no share that it could stand beside")


_EXCLUDE: Final = (
    {"priority", "bandwidth"},
    {"priority", "shape"},
    {"priority", "random-detect"},
    {"set dscp", "set ip dscp"},
    {"trust", "set dscp"},
    {"trust", "set ip dscp"},
)


def _has_share(actions: tuple[str, ...]) -> bool:
    return any(action.split()[0] in ("bandwidth", "shape", "priority") for action in actions)


def refused(line: str, why: str) -> RefusedError:
    """Return the error for a command that the device would not take, or that would harm."""
    return RefusedError(f"`{words_of(line)}` is refused: {why}", hint="nothing was changed")
