"""A fault at every command and file of a push to a Linux router; over SSH at some of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

import pytest
from push.broken import Breaks, How
from push.faults import Fault
from push.lab.cases import COMMANDS, EACH_COMMAND, SERVER_DIES_AT
from push.lab.direct import Direct
from push.lab.router import Router, intents
from push.lab.sshd import until

from translator.drivers.change import Request
from translator.drivers.replies import Reply
from translator.errors import ChangeError, RevertedError
from translator.push import Change, Ending, Journal, Session
from translator.push.change import new_run
from translator.push.journal import Step

pytestmark = pytest.mark.netns
WANTED = intents("lan=client", "wan=wan:500M")
SOME = sorted(Random(5).sample(range(1, COMMANDS + 1), 8))


@dataclass(frozen=True)
class Prepared:
    """A router that has a policy, and a change of it.

    Attributes:
        old: what the kernel and the disk hold before.
        kept: the script that the boot runs.
    """

    router: Router
    change: Change
    old: str
    kept: str

    def again(self) -> Change:
        """Return the change with a name of its own."""
        return replace(self.change, work=replace(self.change.work, run=new_run()))

    def boots_with(self) -> str:
        return (self.router.disk / "state" / "current.sh").read_text()

    def make_old(self) -> None:
        """Bring back what was before; its own push is the way that is known to do it."""
        if self.router.state() != self.old or self.boots_with() != self.kept:
            self.router.push(intents(), lambda: Direct(self.router.lab))

    def ends(self, push: Callable[[Change], object], fault: Fault, where: int) -> bool:
        """Push, and hold the end of it against a row of the table; return whether it is new."""
        change, error = self.again(), None
        try:
            push(change)
        except ChangeError as problem:
            error = problem
        assert self.router.leftovers() == [], where
        with Journal(self.router.journal) as journal:
            assert journal.unfinished() == ()
            record = journal.run(change.work.run)
        assert record.ending == (Ending.OLD if error else Ending.NEW)
        if error is None:
            assert self.router.state() != self.old
            assert self.boots_with() == change.work.script
            self.make_old()
            return True
        assert self.router.state() == self.old, where
        assert self.boots_with() == self.kept
        reverted = record.reached(Step.APPLY)
        assert isinstance(error, RevertedError) == reverted
        cause = error.__cause__ if reverted else error
        assert type(cause) in fault.causes, (where, repr(cause))
        return False


@pytest.fixture
def prepared(router: Router) -> Prepared:
    router.push(intents(), lambda: Direct(router.lab))
    return Prepared(
        router,
        router.plan(WANTED),
        router.state(),
        (router.disk / "state" / "current.sh").read_text(),
    )


def test_a_push_has_as_many_commands(prepared: Prepared):
    plan = Breaks(lambda: Direct(prepared.router.lab), How.SILENCE)
    prepared.router.push(WANTED, plan, planned=prepared.again())
    assert len(plan.asked) == COMMANDS


@pytest.mark.parametrize("fault", EACH_COMMAND, ids=lambda fault: fault.name.replace(" ", "-"))
def test_a_fault_at_any_command_leaves_the_old_or_the_new(prepared: Prepared, fault: Fault):
    ended = []
    for number in range(1, COMMANDS + 1):
        plan = Breaks(lambda: Direct(prepared.router.lab), How(fault.name), number)

        def push(change: Change, plan: Breaks = plan) -> None:
            prepared.router.push(WANTED, plan, planned=change)

        ended.append(prepared.ends(push, fault, number))
        assert plan.open == 0
    assert set(ended) == {False, True}


@dataclass
class Killed:
    """Sessions whose server is killed just before the k-th request of all of them."""

    router: Router
    number: int
    asked: int = 0

    def __call__(self) -> Session:
        return _Counted(self.router.sshd.open(), self)

    def meet(self) -> None:
        self.asked += 1
        if self.asked == self.number:
            for pid in self.router.sshd.sessions():
                os.kill(int(pid), signal.SIGKILL)


@dataclass
class _Counted:
    inner: Session
    plan: Killed

    def perform(self, request: Request) -> Reply:
        self.plan.meet()
        return self.inner.perform(request)

    def close(self) -> None:
        self.inner.close()


@pytest.mark.parametrize("number", SOME)
def test_a_server_that_dies_at_a_command_is_noticed(prepared: Prepared, number: int):
    def push(change: Change) -> None:
        prepared.router.push(WANTED, Killed(prepared.router, number), planned=change)

    prepared.ends(push, SERVER_DIES_AT, number)
    # A server sees the end of a connection a moment later.
    until(lambda: not prepared.router.sshd.sessions())
