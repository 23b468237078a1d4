"""A rollout: canaries first and alone, then batches; no host's failure loses another one.

`HostWork` says what is done on one host, `Pace` how fast, `Ledger` what became of each, `Brake`
what stops it. Here is only the order. At the end each host is in exactly one state:

    hosts = done + unchanged + refused + unreachable + reverted + unknown + not begun
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from translator.drivers.registry import driver
from translator.errors import DriverError, PreflightError, UsageError
from translator.inventory.model import Host
from translator.push.brake import INTERRUPTED, Brake
from translator.push.change import procedures_of
from translator.push.crew import Crew
from translator.push.journal import Journal, Step
from translator.push.ledger import Ledger, totals
from translator.push.member import HostState, Member, failed_member, finished_member, worst
from translator.push.outcome import Outcome
from translator.push.pace import Pace

__all__ = ["Act", "Fleet", "Report"]

Act = Callable[[Host, str], Outcome]
"""Changes one host in a run of that name.

Raises:
    TranslatorError: as `change_device`.
"""


@dataclass(frozen=True, slots=True)
class Report:
    """How a rollout ended.

    Attributes:
        rollout: its name in the journal.
        stopped: why hosts were not begun; "" where nothing stopped it.
    """

    rollout: str
    members: tuple[Member, ...]
    stopped: str = ""
    interrupted: bool = False

    @property
    def totals(self) -> dict[HostState, int]:
        """Hosts by state; the sum is the number of hosts."""
        return totals(self.members)

    @property
    def exit_code(self) -> int:
        """The worst of the hosts' codes."""
        codes = [member.code for member in self.members]
        return worst([*codes, INTERRUPTED] if self.interrupted else codes)


@dataclass(slots=True)
class Fleet:
    """The hosts of one rollout that are to be changed, in their order."""

    hosts: Sequence[Host]
    ledger: Ledger
    journal: Journal
    pace: Pace = field(default_factory=Pace)
    brake: Brake = field(default_factory=Brake)
    told: Callable[[Member], None] = lambda _: None
    _failures: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def carry_out(self, act: Act) -> Report:
        """Change the hosts; return what became of all hosts of the rollout."""
        waiting = list(self.hosts)
        if waiting:
            crew = Crew(waiting, self.pace.forks)
            size = self.pace.batch.size(len(self.ledger.members))
            self._canaries(crew, waiting, act)
            while waiting and not self.brake.why:
                wave, waiting = waiting[:size], waiting[size:]
                crew.each(wave, lambda host: self._one(host, act))
        self.ledger.end()
        return Report(self.ledger.name, self.ledger.members, self.brake.why, self.brake.interrupted)

    def _canaries(self, crew: Crew, waiting: list[Host], act: Act) -> None:
        """Go on until enough hosts have been changed: one that needed nothing shows nothing."""
        while waiting and not self.brake.why:
            done = totals(self.ledger.members)[HostState.DONE]
            wanted = self.pace.canary - done
            if wanted <= 0:
                return
            wave = waiting[:wanted]
            del waiting[:wanted]
            crew.each(wave, lambda host: self._one(host, act, canary=True))

    def _one(self, host: Host, act: Act, *, canary: bool = False) -> None:
        if self.brake.why:
            return
        try:
            run = self.ledger.begun(host.name)
            try:
                member = finished_member(act(host, run))
            except Exception as error:  # whatever happens to one host stays with that host
                member = failed_member(host.name, error, manual=self._manual(run))
            member = self.ledger.record(member)
        except BaseException:
            self.brake.stop("the journal cannot be written")
            raise
        if member.state.is_failure:
            self._failed(host, canary=canary)
        self.told(member)

    def _failed(self, host: Host, *, canary: bool) -> None:
        if canary:
            self.brake.stop(f"the canary {host.name} failed")
        with self._lock:
            self._failures += 1
            if self._failures >= self.pace.max_failures:
                self.brake.stop(f"as many hosts failed as may: {self._failures}")

    def _manual(self, run: str) -> tuple[str, ...]:
        """Return what takes a run back whose end nothing proves; nothing where it has ended."""
        with suppress(UsageError, DriverError, PreflightError):
            record = self.journal.run(run)
            if record.ending is None and record.reached(Step.ARM):
                return procedures_of(driver(record.driver)).manual(record.work)
        return ()
