"""A plan on disk: what somebody has reviewed, so that exactly that is applied later, or nothing.

It holds no secret and no credentials. Its hash shows that it was edited, by mistake or in good
faith; who may write the file may also write another hash, so keep it where plans are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec

from translator import __version__
from translator.drivers.change import Work
from translator.errors import DriftError, UsageError, Where
from translator.intents.model import DeviceIntents
from translator.outfile import write_file
from translator.push.asked import Asked
from translator.push.change import Change, refuse_secrets
from translator.push.journal import now

__all__ = [
    "PLAN_VERSION",
    "SavedChange",
    "SavedPlan",
    "intents_hash",
    "load_saved",
    "save_plan",
    "saved_change",
]

PLAN_VERSION: Final = 1
_FORMAT: Final = "qos-translator push plan"
_MOST_BYTES: Final = 256 << 20


@dataclass(frozen=True, slots=True)
class SavedChange:
    """The change of one device.

    Attributes:
        base: fingerprint of the configuration that it was made for.
        intents: hash of what the device is to do; see `intents_hash`.
        work: what is sent, with what takes it back.
    """

    device: str
    driver: str
    base: str
    intents: str
    needed: bool
    work: Work
    proof: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def change(self, intents: DeviceIntents) -> Change:
        """Return the change, for the intents that it was made for.

        Raises:
            DriftError: the intents are others.
        """
        if intents_hash(intents) != self.intents:
            raise DriftError(
                f"{self.device}: the plan or the inventory wants something else now than when "
                "this was saved",
                hint="plan it again with --save-plan, and review it again",
            )
        return Change(
            *(self.device, self.driver, self.base, self.work, intents, self.needed),
            *(self.proof, self.notes),
        )


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """What was reviewed.

    Attributes:
        made: when, UTC; `program` is the version that made it.
        asked: the options that it came from, which say again where the devices are.
    """

    made: str
    program: str
    asked: Asked
    changes: tuple[SavedChange, ...]


def intents_hash(intents: DeviceIntents) -> str:
    """Return a hash of what is wanted of a device; equal intents have equal hashes."""
    return sha256(_canonical(intents)).hexdigest()


def save_plan(path: Path, changes: Sequence[Change], asked: Asked) -> None:
    """Write a plan, readable to its owner alone; an older file is replaced as a whole.

    Raises:
        PreflightError: a line of it looks like one that holds a secret.
        UsageError: it cannot be written.
    """
    for change in changes:
        refuse_secrets(change.work)
    saved = SavedPlan(now(), __version__, asked, tuple(map(saved_change, changes)))
    content = msgspec.to_builtins(saved)
    whole = {
        "format": _FORMAT,
        "version": PLAN_VERSION,
        "hash": _hash(content),
        "content": content,
    }
    text = msgspec.json.format(msgspec.json.encode(whole), indent=1)
    write_file(path, [text, b"\n"], private=True)


def load_saved(path: Path) -> SavedPlan:
    """Return a plan that was saved.

    Raises:
        UsageError: it cannot be read, is of another version, or something else.
        DriftError: it was edited since it was saved.
    """
    whole = _whole(path)
    version = whole.get("version")
    if version != PLAN_VERSION:
        raise UsageError(
            f"the plan is of version {version}, this program applies {PLAN_VERSION}",
            where=Where(str(path)),
            hint="plan it again with --save-plan",
        )
    if whole.get("hash") != _hash(whole.get("content")):
        raise DriftError(
            "the plan was edited since it was saved",
            where=Where(str(path)),
            hint="what is applied is exactly what was reviewed; plan it again with --save-plan",
        )
    try:
        return msgspec.convert(whole["content"], SavedPlan)
    except (msgspec.ValidationError, ValueError) as error:
        raise _no_plan(path, str(error)) from None


def _whole(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}", where=Where(str(path)), hint="name a saved plan"
        ) from None
    try:
        whole = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _no_plan(path, str(error)) from None
    if not isinstance(whole, dict) or whole.get("format") != _FORMAT:
        raise _no_plan(path, "it does not say that it is one")
    return whole


def _no_plan(path: Path, why: str) -> UsageError:
    return UsageError(
        f"is no saved plan: {why}",
        where=Where(str(path)),
        hint="`push -i INVENTORY --save-plan FILE` writes one",
    )


def saved_change(change: Change) -> SavedChange:
    """Return what is kept of a change on a disk."""
    assert change.intents is not None, "only a rollback has none, and none is saved"
    return SavedChange(
        *(change.device, change.driver, change.base, intents_hash(change.intents)),
        *(change.needed, change.work, change.proof, change.notes),
    )


def _hash(content: object) -> str:
    return sha256(_canonical(content)).hexdigest()


def _canonical(value: object) -> bytes:
    """The one spelling of a value: equal values have the same bytes, in every process."""
    return msgspec.json.encode(value, enc_hook=str, order="deterministic")
