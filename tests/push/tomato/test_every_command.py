"""A fault at every command and file of a push to a Tomato router."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from push.broken import Breaks, How
from push.faults import MEMORY, Fault
from push.tomato.busybox import HOST, WANTED, Busybox, busybox, options, push
from push.tomato.cases import COMMANDS, EACH_COMMAND

from translator.errors import ChangeError, RevertedError
from translator.push import Change, Ending, Journal, plan_change
from translator.push.change import new_run
from translator.push.journal import Step


@cache
def change() -> Change:
    """Plan once; each push makes it with a name and a folder of its own."""
    with TemporaryDirectory(dir=MEMORY) as name, busybox(Path(name)) as router:
        return plan_change(HOST, WANTED, lambda: router, options(router)).change


def broken(router: Busybox, how: How, number: int) -> tuple[Breaks, ChangeError | None]:
    settings = options(router).settings
    work = replace(change().work, run=new_run(), options=settings)
    plan = Breaks(lambda: router, how, number)
    try:
        push(router, replace(change(), work=work), connect=plan)
    except ChangeError as error:
        return plan, error
    return plan, None


def left(router: Busybox) -> list[str]:
    state = router.root / "state"
    return [item.name for item in (state / "runs").glob("*")] + ["lock"] * (
        state / "lock"
    ).is_symlink()


@pytest.mark.parametrize("fault", EACH_COMMAND, ids=lambda fault: fault.name.replace(" ", "-"))
def test_a_fault_at_any_command_leaves_the_old_or_the_new(fault: Fault):
    ended: list[bool] = []
    for number in range(1, COMMANDS + 1):
        with TemporaryDirectory(dir=MEMORY) as name, busybox(Path(name)) as router:
            old = router.settings()
            plan, error = broken(router, How(fault.name), number)
            assert len(plan.asked) >= number
            ended.append(error is None)
            assert plan.open == 0
            assert left(router) == []
            with Journal(router.root / "journal.sqlite") as journal:
                (record,) = journal.runs()
            assert record.ending == (Ending.OLD if error else Ending.NEW)
            if error is None:
                assert router.settings("nvram.flash") == router.settings() != old
                continue
            assert router.settings() == old
            assert not (router.root / "nvram.flash").exists()
            reverted = record.reached(Step.APPLY)
            assert isinstance(error, RevertedError) == reverted
            cause = error.__cause__ if reverted else error
            assert type(cause) in fault.causes, (number, repr(cause))
    assert set(ended) == {False, True}


def test_a_push_has_as_many_commands(tmp_path: Path):
    with busybox(tmp_path) as router:
        plan, error = broken(router, How.SILENCE, 0)
        assert error is None
        assert len(plan.asked) == COMMANDS
