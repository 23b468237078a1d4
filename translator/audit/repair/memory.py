"""What earlier repairs found: near-equal devices of a fleet are repaired by the same commands.

Only proposals are remembered, never proofs: commands that held on one device are tried first on
the next that shows the same QoS lines and is asked for the same, and are proven on it anew.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from translator.audit.repair.case import Case
from translator.drivers.base import Step, joined
from translator.intents.model import DeviceIntents

__all__ = ["RepairMemory", "key_of", "memory_of_thread"]

_T = TypeVar("_T")
_MOST: Final = 256
_WORD: Final = re.compile(r"[\w./:-]+")


@dataclass(slots=True)
class RepairMemory:
    """Rendered texts by what is wanted, and steps by what is wanted and what is there.

    Not shared between threads.
    """

    _rendered: dict[Hashable, tuple[str, ...]] = field(default_factory=dict)
    _steps: dict[Hashable, tuple[Step, ...]] = field(default_factory=dict)

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

    def keep(self, case: Case, key: Hashable, steps: tuple[Step, ...]) -> None:
        """Remember the steps that repaired a device of this key."""
        if not _names_host(case, "\n".join(joined(steps))):
            _make_room(self._steps)
            self._steps[key] = steps


class _Local(threading.local):
    def __init__(self) -> None:
        self.memory = RepairMemory()


_LOCAL: Final = _Local()


def memory_of_thread() -> RepairMemory:
    """Return the memory of the calling thread."""
    return _LOCAL.memory


def key_of(case: Case) -> Hashable:
    """Return what a search for a repair depends on.

    That is what is wanted, each line that bears on QoS as it is written, and which words of the
    rendered text, names among them, the other lines use.
    """
    device = case.driver.parse(case.text, file=case.file)
    lines = case.text.split("\n")
    numbers = sorted({*device.understood, *(item.line for item in device.unread)})
    shown = tuple(lines[at - 1] for at in numbers if at <= len(lines))
    words = frozenset(_WORD.findall(case.rendered)).intersection(case.text.split())
    words -= {case.intents.device}
    return case.driver.platform, _of_any_host(case.intents), case.tolerance, shown, words


def _of_any_host(intents: DeviceIntents) -> DeviceIntents:
    """Return the intents as those of any device."""
    return replace(intents, device="")


def _names_host(case: Case, text: str) -> bool:
    return bool(case.intents.device) and case.intents.device in text


def _make_room(known: dict[Hashable, _T]) -> None:
    if len(known) >= _MOST:
        known.clear()
