"""The changes of a rollout as they were planned, in the journal: a later process applies these.

They are what a saved plan holds of each host, so there is no secret in them.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from translator.push.change import Change, refuse_secrets
from translator.push.journal import Journal
from translator.push.saved_plan import SavedChange, saved_change

__all__ = ["keep_plan", "kept_plan"]


def keep_plan(journal: Journal, rollout: str, changes: Iterable[Change]) -> None:
    """Write down the changes of a rollout that is about to begin.

    Raises:
        PreflightError: a line of one looks like one that holds a secret.
    """
    rows = []
    for change in changes:
        refuse_secrets(change.work)
        rows.append((rollout, change.device, msgspec.json.encode(saved_change(change)).decode()))
    journal.file.write_many("INSERT INTO plans VALUES (?, ?, ?)", rows)


def kept_plan(journal: Journal, rollout: str) -> dict[str, SavedChange]:
    """Return the changes that were planned for a rollout, by host."""
    rows = journal.file.rows("SELECT device, change FROM plans WHERE rollout = ?", (rollout,))
    return {device: msgspec.json.decode(text, type=SavedChange) for device, text in rows}
