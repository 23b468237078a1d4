"""The way breaks, the other end dies, we die: the router ends old or proven new."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from push.faults import Ends, Fault, raising
from push.lab.cases import (
    CHANGED,
    DIED_BEFORE,
    KILLED_AT_ROW,
    KILLED_DURING,
    LOCKED_OUT,
    SERVER_DIES,
    SILENT,
)
from push.lab.router import HOST, Router, intents
from push.lab.sshd import until

from translator.drivers.change import Command, Request
from translator.drivers.replies import Reply
from translator.push import (
    Change,
    Ending,
    Journal,
    Patience,
    Session,
    change_device,
    resume_all,
)
from translator.push.journal_file import JournalFile

pytestmark = pytest.mark.netns

LOCKOUT = """
nft -f - <<'MORE'
table inet lockout {
	chain input {
		type filter hook input priority filter; policy drop;
	}
}
MORE
# end of configuration
"""


CUT = """\
table inet cut {
	chain input {
		type filter hook input priority filter; policy drop;
	}
	chain output {
		type filter hook output priority filter; policy drop;
	}
}
"""


class Disturbed:
    """A session in which something happens just before the change is made."""

    def __init__(self, inner: Session, happen: Callable[[], object]) -> None:
        self.inner = inner
        self.happen = happen

    def perform(self, request: Request) -> Reply:
        if isinstance(request, Command) and request.changes and "candidate.sh" in request.text:
            self.happen()
        return self.inner.perform(request)

    def close(self) -> None:
        self.inner.close()


THEIRS = """\
table inet another {
	chain input {
		type filter hook input priority filter; policy accept;
		ip saddr 10.8.8.8 counter packets 0 bytes 0 drop
	}
}
"""


def disturbed(router: Router, happen: Callable[[], object]) -> Callable[[], Session]:
    """Return what opens sessions of which the first one is disturbed."""
    opened: list[Session] = []

    def connect() -> Session:
        opened.append(router.sshd.open())
        if len(opened) > 1:
            return opened[-1]
        return Disturbed(opened[0], happen)

    return connect


def test_rules_that_lock_us_out_are_undone_by_the_router_itself(router: Router):
    change = router.plan(intents(), revert_s=3)
    script = change.work.script.replace("# end of configuration\n", LOCKOUT)
    locked_out = replace(change, work=replace(change.work, script=script))
    with raising(LOCKED_OUT, router.state):
        router.push(intents(), planned=locked_out)
    assert router.leftovers() == []


def test_a_server_that_dies_during_the_change_is_noticed_and_the_change_undone(router: Router):

    def kill() -> None:
        for pid in router.sshd.sessions():
            os.kill(int(pid), signal.SIGKILL)

    change = router.plan(intents())
    with raising(SERVER_DIES, router.state):
        router.push(intents(), disturbed(router, kill), planned=change)
    assert router.leftovers() == []


def test_a_way_that_falls_silent_is_noticed_and_the_change_undone(router: Router):
    mended = threading.Timer(4.0, router.lab.run, ("nft", "flush", "ruleset"), {"where": "client"})

    def silence() -> None:
        router.lab.run("nft", "-f", "-", where="client", text=CUT)
        mended.start()

    change = router.plan(intents(), revert_s=3)
    with raising(SILENT, router.state):
        router.push(intents(), disturbed(router, silence), planned=change)
    mended.join()
    assert router.leftovers() == []


def test_what_others_change_meanwhile_stays_and_ours_goes(router: Router):
    router.push(intents())
    before = router.state()
    wanted = intents("lan=client", "wan=wan:500M")

    def change() -> None:
        router.lab.run("nft", "-f", "-", text=THEIRS)

    with raising(CHANGED) as failed:
        router.push(wanted, disturbed(router, change), planned=router.plan(wanted))
    assert "+ table inet another" in str(failed.value)
    assert "10.8.8.8" in router.state()
    router.lab.run("nft", "delete", "table", "inet", "another")
    assert router.state() == before
    assert router.leftovers() == []


class _DiesBehindRow(JournalFile):
    """The file of a journal whose process is killed as soon as its n-th row is written."""

    rows_left = 0

    def write(self, statement: str, values: tuple[object, ...], *, synced: bool = True) -> None:
        super().write(statement, values, synced=synced)
        self.rows_left -= 1
        if self.rows_left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def killed_behind_row(router: Router, change: Change, row: int, fault: Fault) -> bool:
    """Push in a process that is killed behind a row; return whether it came that far."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            journal = Journal(router.journal)
            journal.file.close()
            journal.file = file = _DiesBehindRow(router.journal)
            file.rows_left = row
            wanted, options = change.intents, router.options()
            assert wanted is not None
            change_device(HOST, wanted, router.sshd.open, journal, options, planned=change)
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    assert not os.WIFSIGNALED(status) or os.WTERMSIG(status) == fault.signal
    return os.WIFSIGNALED(status)


def test_killed_at_any_step_a_later_process_ends_it_old_or_proven_new(router: Router):
    old = router.state()
    change = router.plan(intents())
    endings: list[Ending] = []
    assert KILLED_AT_ROW.ends is Ends.EITHER
    states: dict[Ending, set[str]] = {Ending.OLD: set(), Ending.NEW: set()}
    while killed_behind_row(router, change, len(endings) + 1, KILLED_AT_ROW):
        with Journal(router.journal) as journal:
            finished = resume_all(journal, "lab", router.sshd.open, patience=Patience(3.0, 0.2))
            # Behind the very last row there is nothing left to do.
            record = journal.runs()[-1]
            assert list(finished) in ([record.run], [])
            assert journal.unfinished() == ()
            ending = Ending(str(record.ending))
        endings.append(ending)
        states[ending].add(router.state())
        assert router.leftovers() == []
        router.forget()
    assert states[Ending.OLD] == {old}
    assert len(states[Ending.NEW]) == 1
    assert old not in states[Ending.NEW]
    # The later it died, the further it was: there is one point from which on it ends new.
    assert endings == sorted(endings, key=lambda item: item is Ending.NEW)
    assert len(endings) > 25


def test_killed_during_the_change_the_router_goes_back_without_us(router: Router):
    old = router.state()
    change = router.plan(intents(), revert_s=2)
    rows = 20  # behind the row of the script that is run

    assert KILLED_DURING.ends is Ends.OLD_LATER
    assert killed_behind_row(router, change, rows, KILLED_DURING)
    until(lambda: router.state() == old)
    with Journal(router.journal) as journal:
        assert list(resume_all(journal, "lab", router.sshd.open).values()) == [Ending.OLD]
    assert router.state() == old
    assert router.leftovers() == []


def test_a_push_first_finishes_what_a_dead_one_left(router: Router):
    change = router.plan(intents("lan=client", "wan=wan:500M"))
    assert killed_behind_row(router, change, 20, KILLED_DURING)
    assert len(router.leftovers()) == 2
    assert DIED_BEFORE.ends is Ends.NEW
    assert router.push(intents()).ending is Ending.NEW
    with Journal(router.journal) as journal:
        assert [run.ending for run in journal.runs()] == ["old", "new"]
    assert router.leftovers() == []
