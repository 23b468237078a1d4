"""What others changed on a device during a run: told from what the run did, and left to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from translator.drivers.base import Driver, Edits
from translator.drivers.change import KeepsOthers, Procedures, Running, Work
from translator.drivers.deviations import Deviation, Path, deviations, of_others
from translator.errors import DriftError, RefusedError
from translator.push.redact import Redactor

__all__ = ["ChangedByOthersError", "ours_is_gone", "theirs_in"]

_MOST_SHOWN: Final = 3


class ChangedByOthersError(DriftError):
    """Somebody else changed a device while a run did; `theirs` is what."""

    def __init__(self, device: str, theirs: tuple[Deviation, ...], redact: Redactor) -> None:
        shown = "; ".join(_told(item, redact) for item in theirs[:_MOST_SHOWN])
        more = len(theirs) - _MOST_SHOWN
        super().__init__(
            f"{device} was changed by somebody else during this run: "
            f"{shown}{f'; and {more} lines more' if more > 0 else ''}",
            hint="ask who that was, then plan the change again",
        )
        self.theirs = theirs

    def kept_not(self, why: BaseException) -> BaseException:
        """Return the error where all had to go back; what ends our process stays what it is."""
        if not isinstance(why, Exception):
            return why
        return DriftError(f"{self.problem}; that could not be kept: {why}", hint=self.hint)


def _told(item: Deviation, redact: Redactor) -> str:
    """Lines by themselves, and all together: either may show what is a secret."""
    return redact(f"{item.sign} {' '.join(map(redact, item.path))}")


def theirs_in(
    procedures: Procedures, driver: Driver, work: Work, before: Running, after: Running
) -> tuple[Deviation, ...]:
    """Return what a text that was read back holds, or lacks, without the run having done it.

    Outside of what was sent the text must be the predicted one, line by line. What differs within
    is for a proof of its meaning. Of platforms that do not tell, and of parts of texts, nothing.
    """
    if not isinstance(procedures, KeepsOthers) or before.doubt or after.doubt:
        return ()
    old = procedures.paths(before.text)
    found = deviations(
        _predicted(procedures, driver, work, before) or old, procedures.paths(after.text)
    )
    return of_others(procedures.part(work), old, found)


def ours_is_gone(
    procedures: KeepsOthers,
    before: Running,
    now: Running,
    theirs: tuple[Deviation, ...],
    same: Callable[[Running, Running], bool],
) -> bool:
    """Whether a text is that of before a run, but for what others did.

    Args:
        same: whether two texts mean the same, for lines that came back in another order.
    """
    if before.doubt or now.doubt:
        return False
    old, new = procedures.paths(before.text), procedures.paths(now.text)
    if not set(deviations(old, new)) <= set(theirs):
        return False
    paths = {item.path for item in theirs}
    in_order = [path for path in old if path not in paths] == [
        path for path in new if path not in paths
    ]
    return in_order or same(before, now)


def _predicted(
    procedures: KeepsOthers, driver: Driver, work: Work, before: Running
) -> tuple[Path, ...]:
    if not work.lines or not isinstance(driver, Edits):
        return ()
    try:
        return procedures.paths(driver.apply(before.text, work.lines))
    except RefusedError:
        return ()
