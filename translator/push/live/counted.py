"""What many hosts counted, before and after some time, held against the plan."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.counters.examine import Examination, Question, examine
from translator.counters.snapshot import Snapshot, counting, snapshot_of
from translator.drivers.base import Driver, ReadsReplies
from translator.drivers.change import Command
from translator.drivers.registry import driver
from translator.errors import ParseError
from translator.intents.counters import Shown
from translator.intents.match import Prefix
from translator.inventory.model import Host
from translator.plan.model import Plan
from translator.push.change import procedures_of
from translator.push.live.looking import LookingSession, looking
from translator.push.live.many import FORKS, Advance, Ended, attempt, on_each
from translator.push.live.read import origin_of, read_in
from translator.push.logs import LOG
from translator.push.redact import Redactor
from translator.push.session import Opener

__all__ = ["Counted", "Counting", "Taken", "take"]

_LISTING_S: Final = 60.0
Addresses = Mapping[str, tuple[Prefix, ...]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a device had counted, and the configuration that says for what.

    Attributes:
        at_s: when, by our monotonic clock.
        notes: sentences on commands that the device did not take.
    """

    snapshot: Snapshot
    config: str
    at_s: float
    notes: tuple[str, ...] = ()


def take(host: Host, connect: Opener) -> Taken:
    """Return the counters of a host, of the interfaces that the inventory names, else of all.

    Raises:
        ChangeError: there was no session, it broke, or it is another device.
        ParseError: the configuration is not whole, or no counters could be read.
        UsageError: the driver reads no counters.
    """
    spoken = driver(host.driver)
    counting(spoken)
    procedures = procedures_of(spoken, host.transport)
    with looking(host, connect) as session:
        read = read_in(session, host, procedures)
        names = _interfaces(host, spoken, read.text)
        at_s = time.monotonic()
        replies, notes = _ask(session, spoken, names, origin_of(host))
        at_s = (at_s + time.monotonic()) / 2
    if not replies:
        raise ParseError(
            f"{host.name} shows no counters: {'; '.join(notes) or 'it has no interface with QoS'}",
            hint="name its interfaces in the inventory, and check what the login may see",
        )
    return Taken(snapshot_of(spoken, replies, host.name), read.text, at_s, tuple(notes))


@dataclass(frozen=True, slots=True)
class Counted:
    """What a host counted, judged, and sentences on commands that it did not take."""

    found: Examination
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counting:
    """Counters of many hosts over some time.

    Two logins each: a session that sleeps for minutes may be cut by any filter on the way.

    Attributes:
        interval_s: between the two; 0: everything since the counters began.
        addresses: bound for all hosts, over those of the inventory.
    """

    plan: Plan
    opener: Callable[[Host], Opener]
    redactor: Redactor
    interval_s: float
    addresses: Addresses = field(default_factory=dict)
    forks: int = FORKS
    sleep: Callable[[float], None] = time.sleep

    def examine(
        self, hosts: Sequence[Host], advance: Advance | None = None
    ) -> tuple[Ended[Counted], ...]:
        """Return what each host counted, judged."""
        before = {ended.host.name: ended for ended in self._all(hosts, advance)}
        after: dict[str, Ended[Taken]] = {}
        if self.interval_s:
            reached = [item for item in before.values() if item.value is not None]
            if reached:
                self.sleep(self.interval_s)
            for item in self._all([item.host for item in reached], advance):
                after[item.host.name] = item
        return tuple(self._judged(item, after.get(name)) for name, item in before.items())

    def _all(self, hosts: Sequence[Host], advance: Advance | None) -> tuple[Ended[Taken], ...]:
        return on_each(
            hosts,
            lambda host: take(host, self.opener(host)),
            self.redactor,
            forks=self.forks,
            advance=advance,
        )

    def _judged(self, before: Ended[Taken], after: Ended[Taken] | None) -> Ended[Counted]:
        host, first = before.host, before.value
        error = before.error or (after.error if after is not None else None)
        if first is None or error is not None:
            return Ended(host, error=error)
        second = None if after is None else after.value

        def judge(host: Host) -> Counted:
            return Counted(self._examined(host, first, second), (second or first).notes)

        return attempt(host, judge, self.redactor)

    def _examined(self, host: Host, before: Taken, after: Taken | None) -> Examination:
        bound = {**host.bindings, **self.addresses}
        question = Question(
            driver(host.driver),
            self.plan,
            (after or before).config,
            origin_of(host),
            host.interfaces,
            tuple(bound.items()),
        )
        if after is None:
            return examine(question, before.snapshot)
        seconds = round(after.at_s - before.at_s, 2)
        return examine(question, before.snapshot, after.snapshot, seconds)


def _interfaces(host: Host, spoken: Driver, config: str) -> tuple[str, ...]:
    if host.interfaces:
        return tuple(spec.name for spec in host.interfaces)
    return tuple(item.name for item in spoken.parse(config, file=origin_of(host)).interfaces)


def _ask(
    session: LookingSession, spoken: Driver, names: Sequence[str], origin: str
) -> tuple[list[Shown], list[str]]:
    """Return the replies, and a sentence for each command that was refused.

    Which of several commands a device knows is seen by asking: a router has nft or iptables.
    """
    LOG.info("%s: read its counters", session.device)
    replies: list[Shown] = []
    notes: list[str] = []
    for text in counting(spoken).counter_commands(names) if names else ():
        command = Command(text, _LISTING_S)
        reply = session.perform(command)
        problem = spoken.refusal(text, reply) if isinstance(spoken, ReadsReplies) else None
        if problem is not None:
            notes.append(f"`{text}`: {problem}")
        elif reply.text.strip():
            replies.append(Shown(text, reply.text, f"{origin} {text}"))
    return replies, notes
