"""What a rollout does on each host: plan its change, make it, or take one back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import Final, Generic, TypeVar

from translator.drivers.napalm_way import OnlyReads
from translator.drivers.registry import driver
from translator.errors import UsageError
from translator.intents.model import DeviceIntents
from translator.inventory.model import Host
from translator.push.brake import Brake
from translator.push.change import Change, procedures_of
from translator.push.device import Options, Planned, change_device, plan_change
from translator.push.hands import Patience
from translator.push.journal import Journal
from translator.push.outcome import Ending, Expected, Outcome
from translator.push.proofs import Proofs
from translator.push.redact import Redactor, redacted
from translator.push.resume import resume_all
from translator.push.rollback import rollback
from translator.push.session import Opener
from translator.verify.diagram import Space

__all__ = ["HostWork", "Prepared", "expected_of"]

_T = TypeVar("_T")
_REVERT_S: Final = 300


@dataclass(frozen=True, slots=True)
class Prepared(Generic[_T]):
    """A change that was looked at and not made yet; the texts are gone, for there are many."""

    change: Change
    shown: _T


@dataclass(frozen=True, slots=True)
class HostWork:
    """What is done on one host; for many threads.

    Attributes:
        connect: returns what opens sessions with a host.
        intents: what is wanted, by host name.
        journal: None for a dry run, which begins and finishes nothing.
        revert_s: after this time without confirmation a device goes back by itself.
        any_hostname: devices may call themselves otherwise than the inventory does.
    """

    connect: Callable[[Host], Opener]
    intents: Mapping[str, DeviceIntents]
    journal: Journal | None = None
    brake: Brake = field(default_factory=Brake)
    redact: Redactor = field(default_factory=Redactor)
    revert_s: int = _REVERT_S
    any_hostname: bool = False
    patience: Patience = field(default_factory=Patience)
    _proofs: Proofs = field(default_factory=Proofs, repr=False, compare=False)

    def prepare(self, host: Host, look: Callable[[Planned, Space], _T]) -> Prepared[_T]:
        """Read a host and return the change that it needs; runs of it that died are finished.

        Args:
            look: returns what is to be shown of it, while the texts are at hand.

        Raises:
            TranslatorError: as `plan_change`.
        """
        try:
            connect = self._opener(host)
            if self.journal is not None:
                _refuse_read_only(host)
                self._resume(host, self.journal)
            wanted = self.intents[host.name]
            planned = plan_change(host, wanted, connect, self._options(host), self._proofs)
            with self._proofs.turn() as space:
                shown = look(planned, space)
            return Prepared(replace(planned.change, after=""), shown)
        except Exception as error:
            redacted(error, self.redact)
            raise

    def finish(self, host: Host, run: str, journal: Journal) -> bool:
        """Bring runs of a host that died to an end; return whether this one is kept.

        Raises:
            LockedError, StateUnknownError: as `resume_all`.
        """
        self._resume(host, journal)
        with suppress(UsageError):  # it died before its run was written down
            return bool(run) and journal.run(run).ending == Ending.NEW
        return False

    def change(self, host: Host, run: str, change: Change, journal: Journal) -> Outcome:
        """Make a change that was prepared, in a run of that name.

        Raises:
            TranslatorError: as `change_device`.
        """
        return change_device(
            host,
            self.intents[host.name],
            self._opener(host),
            journal,
            self._options(host),
            planned=replace(change, work=replace(change.work, run=run)),
            proofs=self._proofs,
        )

    def take_back(self, host: Host, run: str, of: str, journal: Journal) -> Outcome:
        """Take back what a run `of` a host did, in a run of that name.

        Raises:
            TranslatorError: as `rollback`.
        """
        return rollback(
            journal,
            of,
            self._opener(host),
            expected=expected_of(host, any_hostname=self.any_hostname),
            patience=self.patience,
            name=run,
            transport=host.transport,
        )

    def _resume(self, host: Host, journal: Journal) -> None:
        resume_all(
            journal,
            host.name,
            self._opener(host),
            patience=self.patience,
            transport=host.transport,
        )

    def _opener(self, host: Host) -> Opener:
        return self.brake.guarded(self.connect(host))

    def _options(self, host: Host) -> Options:
        expected = expected_of(host, any_hostname=self.any_hostname)
        return Options(self.revert_s, expected, self.patience)


def _refuse_read_only(host: Host) -> None:
    procedures = procedures_of(driver(host.driver), host.transport)
    if isinstance(procedures, OnlyReads):
        raise procedures.why_unchanged(host.name)


def expected_of(host: Host, *, any_hostname: bool = False) -> Expected:
    """Return which device must answer: of the host's name and serial number.

    A host that the inventory names by its address may call itself as it likes.
    """
    return Expected(None if any_hostname or _is_address(host.name) else host.name, host.serial)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
