"""From what was asked for to rollouts: look at all hosts, change them, go on, or take back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from translator.errors import InventoryError, PreflightError, UsageError
from translator.inventory.model import Host
from translator.push.asked import Asked
from translator.push.change import Change, new_run
from translator.push.crew import Crew, Gathered
from translator.push.device import Planned
from translator.push.fleet import Fleet, Report
from translator.push.host_work import HostWork, Prepared
from translator.push.journal import Journal
from translator.push.kept_plans import keep_plan
from translator.push.ledger import Kind, Ledger, rollout
from translator.push.member import HostState, Member, failed_member
from translator.push.outcome import Ending, Outcome
from translator.verify.diagram import Space

__all__ = ["Campaign", "runs_to_take_back"]

_T = TypeVar("_T")


def _nobody(_: Member) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Campaign:
    """What is asked of hosts, and who tells of it.

    Attributes:
        hosts: by name; those of the inventory that are meant.
        told: called with each host that has ended, by its thread.
    """

    asked: Asked
    hosts: Mapping[str, Host]
    work: HostWork
    told: Callable[[Member], None] = _nobody

    def look(
        self,
        names: Sequence[str],
        view: Callable[[Planned, Space], _T],
        advance: Callable[[int, int], None],
    ) -> Gathered[Prepared[_T]]:
        """Return the change that each host needs, with what `view` shows of it."""
        hosts = [self.hosts[name] for name in names]
        if not hosts:
            return Gathered()
        crew = Crew(hosts, self.asked.pace.forks)
        return crew.gather(
            hosts, lambda host: self.work.prepare(host, view), self.work.brake, advance
        )

    def push(
        self, journal: Journal, changes: Mapping[str, Change], failed: Mapping[str, Exception]
    ) -> Report:
        """Make the changes as a new rollout of all hosts.

        Args:
            failed: why there is no change for a host.
        """
        name = new_run()
        keep_plan(journal, name, changes.values())  # first: no rollout is ever without
        ledger = Ledger.begin(journal, name, Kind.PUSH, tuple(self.hosts), self.asked)
        return self._pushed(journal, ledger, changes, failed)

    def go_on(
        self,
        journal: Journal,
        ledger: Ledger,
        names: Sequence[str],
        changes: Callable[[Sequence[str]], tuple[Mapping[str, Change], Mapping[str, Exception]]],
    ) -> Report:
        """Continue a rollout that did not end.

        Runs that died are brought to an end first; then their hosts, unless that made them new,
        and those that were not begun, are changed.

        Args:
            names: hosts to go on with, as `left_over` returns them.
            changes: makes the changes of hosts, or says why there is none.
        """
        left = self._finished(journal, ledger, names)
        if ledger.kind is Kind.ROLLBACK:
            return self._taken_back(journal, ledger, left)
        made, failed = changes(left)
        return self._pushed(journal, ledger, made, failed)

    def take_back(self, journal: Journal, runs: Mapping[str, str]) -> Report:
        """Take back runs, by host name, as a new rollout."""
        ledger = Ledger.begin(journal, new_run(), Kind.ROLLBACK, tuple(runs), self.asked)
        return self._taken_back(journal, ledger, tuple(runs))

    def left_over(self, ledger: Ledger, *, failed_too: bool) -> tuple[str, ...]:
        """Return the hosts of a rollout that are not at an end, or failed and are tried again."""
        states = {member.device: member.state for member in ledger.members}
        return tuple(
            name
            for name, state in states.items()
            if state.is_open or (failed_too and state.is_failure)
        )

    def _pushed(
        self,
        journal: Journal,
        ledger: Ledger,
        changes: Mapping[str, Change],
        failed: Mapping[str, Exception],
    ) -> Report:
        for name, error in failed.items():
            self.told(ledger.record(failed_member(name, error)))
        for name, change in changes.items():
            if not change.needed:
                member = Member(name, HostState.UNCHANGED, proof=change.proof)
                self.told(ledger.record(member))

        def act(host: Host, run: str) -> Outcome:
            return self.work.change(host, run, changes[host.name], journal)

        return self._fleet(journal, ledger, (n for n, c in changes.items() if c.needed)).carry_out(
            act
        )

    def _taken_back(self, journal: Journal, ledger: Ledger, names: Iterable[str]) -> Report:
        of = runs_to_take_back(journal, self.asked.of)

        def act(host: Host, run: str) -> Outcome:
            return self.work.take_back(host, run, of[host.name], journal)

        return self._fleet(journal, ledger, names).carry_out(act)

    def _fleet(self, journal: Journal, ledger: Ledger, names: Iterable[str]) -> Fleet:
        known = [self.hosts[name] for name in names]
        return Fleet(known, ledger, journal, self.asked.pace, self.work.brake, self.told)

    def _finished(self, journal: Journal, ledger: Ledger, names: Sequence[str]) -> tuple[str, ...]:
        """Bring the runs of hosts to an end; return the hosts that are still to be changed."""
        here = [self.hosts[name] for name in names if name in self.hosts]
        found: Gathered[bool] = Gathered()
        if here:
            found = Crew(here, self.asked.pace.forks).gather(
                here,
                lambda host: self.work.finish(host, ledger.member(host.name).run, journal),
                self.work.brake,
                lambda _done, _all: None,
            )
        for name in names:
            if name not in self.hosts:
                gone = InventoryError(f"the inventory has no host {name} any more")
                self.told(ledger.record(failed_member(name, gone)))
            elif name in found.failed:
                self.told(ledger.record(failed_member(name, found.failed[name])))
            elif found.made.get(name):
                proof = ("it was finished by a later process, and proven again",)
                self.told(ledger.record(Member(name, HostState.DONE, proof=proof)))
            elif name in found.made and ledger.member(name).state is not HostState.NOT_BEGUN:
                ledger.record(Member(name))  # it is as before, so it is begun anew
        return tuple(name for name, kept in found.made.items() if not kept)


def runs_to_take_back(journal: Journal, name: str) -> dict[str, str]:
    """Return the runs that changed something, by device: of a rollout, or the one of that name.

    Raises:
        UsageError: the journal knows neither.
        PreflightError: nothing was changed.
    """
    found: dict[str, str] = {}
    try:
        members = rollout(journal, name).members
    except UsageError:
        record = journal.run(name)
        if record.ending == Ending.NEW:
            found = {record.device: record.run}
    else:
        done = (item for item in members if item.state is HostState.DONE and item.run)
        found = {item.device: item.run for item in done}
    if not found:
        raise PreflightError(
            f"run {name} changed nothing that could be taken back",
            hint="see `runs` for those that changed something",
        )
    return found
