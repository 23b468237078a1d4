"""What earlier repairs found: near-equal devices of a fleet are repaired by the same commands.

Commands that held on one device are tried first on the next that shows the same QoS lines and is
asked for the same. They are proven on it anew, unless all that a proof looks at is equal: what is
read of the text before and after, the interfaces that nobody asked about, and the way back. What
lies between the commands follows from these lines and the commands alone.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from translator.audit.repair.case import Case
from translator.audit.repair.model import Repair
from translator.drivers.base import Step, joined
from translator.intents.device import DeviceQos
from translator.intents.model import DeviceIntents

__all__ = ["Proven", "RepairMemory", "Seen", "key_of", "memory_of_thread"]

Seen = tuple[DeviceQos, DeviceQos, tuple[str, ...]]
_T = TypeVar("_T")
_MOST: Final = 256
_WORD: Final = re.compile(r"[\w./:-]+")


@dataclass(frozen=True, slots=True)
class Proven:
    """A repair that was proven on a device, and all that the proof has looked at.

    Attributes:
        seen: what was read before and after, and the interfaces that nobody asked about.
        restores: whether the rollback brings back the text line by line.
    """

    repair: Repair
    seen: Seen
    restores: bool


@dataclass(slots=True)
class RepairMemory:
    """Rendered texts by what is wanted, and steps by what is wanted and what is there.

    Not shared between threads.
    """

    _rendered: dict[Hashable, tuple[str, ...]] = field(default_factory=dict)
    _steps: dict[Hashable, tuple[Step, ...]] = field(default_factory=dict)
    _proven: dict[Hashable, Proven] = field(default_factory=dict)

    def rendered(self, case: Case, render: Callable[[], str]) -> str:
        """Return the proven text for the intents of a case; `render` is called for new ones."""
        key = (case.driver.platform, _of_any_host(case.intents))
        known = self._rendered.get(key)
        if known is not None:
            return case.intents.device.join(known)
        text = render()
        parts = text.split(case.intents.device) if case.intents.device else [text]
        # A text may name its host where it begins, in a comment.
        if len(parts) == 1 or (len(parts) == 2 and "\n" not in parts[0]):
            _make_room(self._rendered)
            self._rendered[key] = tuple(parts)
        return text

    def recall(self, key: Hashable) -> tuple[Step, ...] | None:
        """Return the steps that repaired a device of this key, None without."""
        return self._steps.get(key)

    def keep(self, case: Case, key: Hashable, steps: tuple[Step, ...]) -> bool:
        """Remember the steps that repaired a device of this key, unless they name that device."""
        if _names_host(case, "\n".join(joined(steps))):
            return False
        _make_room(self._steps)
        self._steps[key] = steps
        return True

    def recall_proof(self, key: Hashable) -> Proven | None:
        """Return what was proven last of a device of this key, None without."""
        return self._proven.get(key)

    def keep_proof(self, key: Hashable, proven: Proven) -> None:
        """Remember what was proven of a device of this key."""
        _make_room(self._proven)
        self._proven[key] = proven


class _Local(threading.local):
    def __init__(self) -> None:
        self.memory = RepairMemory()


_LOCAL: Final = _Local()


def memory_of_thread() -> RepairMemory:
    """Return the memory of the calling thread."""
    return _LOCAL.memory


def key_of(case: Case) -> Hashable:
    """Return what a search for a repair depends on.

    That is what is wanted, each line that bears on QoS as it is written, which words of the
    rendered text, names among them, the other lines use, and those of the other lines that name a
    definition: a list that filters a port elsewhere is not changed for a class.
    """
    device = case.read(case.text)
    lines = case.text.split("\n")
    numbers = sorted({*device.understood, *(item.line for item in device.unread)})
    shown = tuple(lines[at - 1] for at in numbers if at <= len(lines))
    words = frozenset(_WORD.findall(case.rendered)).intersection(case.text.split())
    words -= {case.intents.device}
    heads = (*shown, *case.rendered.split("\n"))
    named = tuple(_users(case.text, lines, frozenset(numbers), frozenset(_defined(heads))))
    return case.driver.platform, _of_any_host(case.intents), case.tolerance, shown, words, named


def _defined(lines: Iterable[str]) -> Iterator[str]:
    """Yield the names that lines at the margin may give: their last words."""
    for line in lines:
        word = line.rpartition(" ")[2]
        if line[:1].isalpha() and not word.isdigit() and _WORD.fullmatch(word):
            yield word


def _users(
    text: str, lines: Sequence[str], numbers: frozenset[int], names: frozenset[str]
) -> Iterator[str]:
    """Yield the lines but for those of some numbers, from 1, that have a name among their words."""
    if not names:
        return
    found = re.compile(f"(?:{'|'.join(map(re.escape, sorted(names)))})[^\n]*")
    line = counted = 0
    for item in found.finditer(text):
        line += text.count("\n", counted, item.start())
        counted = item.start()
        if line + 1 not in numbers and not names.isdisjoint(lines[line].split()):
            yield lines[line]


def _of_any_host(intents: DeviceIntents) -> DeviceIntents:
    """Return the intents as those of any device."""
    return replace(intents, device="")


def _names_host(case: Case, text: str) -> bool:
    return bool(case.intents.device) and case.intents.device in text


def _make_room(known: dict[Hashable, _T]) -> None:
    if len(known) >= _MOST:
        known.clear()
