"""A rollout whose process is killed or interrupted: the ledger knows, and it goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from devices import Faults, Hook
from devices.events import Kind
from push.fleet.served import Served, serve

from translator.cli.main import main
from translator.push.journal import Journal
from translator.push.kept_plans import kept_plan
from translator.push.ledger import rollouts

ROOT = Path(__file__).resolve().parents[3]
NAMES = ("r1", "r2", "r3")
pytestmark = pytest.mark.slow


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with serve(NAMES, tmp_path, monkeypatch) as served:
        yield served


def pushed(lab: Served, which: signal.Signals, *hooks: tuple[Kind, int]) -> tuple[int, str, str]:
    """Push in a process that gets a signal whenever r2 has come so far; return how it ended."""
    words = lab.push("--commit", "--yes", "--forks", "1", "--batch", "100%", "-v")
    said = lab.folder / "said"
    with (
        said.open("w", encoding="utf-8") as stderr,
        subprocess.Popen(
            [sys.executable, "-m", "translator", *words],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as process,
    ):

        def strike(_: object) -> None:
            heard = said.read_text(encoding="utf-8").count("interrupted")
            process.send_signal(which)
            # Two signals that a busy process has not looked at are one: r2 waits until it has.
            while process.poll() is None and which == signal.SIGINT:
                if said.read_text(encoding="utf-8").count("interrupted") > heard:
                    break
                time.sleep(0.01)

        faults = Faults(hooks=tuple(Hook(kind, strike, nth=nth) for kind, nth in hooks))
        lab.set_faults("r2", faults)
        out, _ = process.communicate(timeout=120)
    err = said.read_text(encoding="utf-8")
    assert "Traceback" not in err
    return process.returncode, out, err


def is_new(lab: Served, name: str) -> bool:
    device = lab.devices[name]
    assert device.running == device.startup
    return "service-policy input QOS-IN-CLIENT" in device.running


@pytest.mark.parametrize(
    ("kind", "nth"),
    [
        ("file-written", 1), ("timer-armed", 1), ("executed", 12), ("timer-cancelled", 1),
        ("saved", 1),
    ],
)  # fmt: skip
def test_a_killed_rollout_goes_on_where_it_was(
    lab: Served, capsys: pytest.CaptureFixture[str], kind: Kind, nth: int
):
    code, out, _ = pushed(lab, signal.SIGKILL, (kind, nth))
    assert (code, out) == (-signal.SIGKILL, "")
    with Journal(Path(lab.journal)) as journal:
        (known,) = rollouts(journal)
    assert known.ended is None
    assert [str(member.state) for member in known.members] == ["done", "begun", "not begun"]
    resume = ["push", "--resume", known.name, *lab.options(), "--yes", "--format", "json"]
    assert main(resume) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["run"] == known.name
    assert report["totals"]["done"] == len(report["hosts"]) == 3
    assert all(is_new(lab, name) for name in NAMES)
    assert not any("qos-" in name for device in lab.devices.values() for name in device.files)
    executed = lab.devices["r1"].lines_executed
    assert lab.devices["r3"].lines_executed == executed  # r1 was left alone
    with Journal(Path(lab.journal)) as journal:
        assert journal.unfinished() == ()
        assert rollouts(journal)[0].ended is not None
    assert main(resume) == 0  # nothing is left to do
    assert lab.devices["r1"].lines_executed == executed


def killed_behind_its_first_host(lab: Served) -> list[str]:
    """Return what goes on with the rollout that was killed."""
    assert pushed(lab, signal.SIGKILL, ("executed", 12))[0] == -signal.SIGKILL
    with Journal(Path(lab.journal)) as journal:
        (known,) = rollouts(journal)
        assert set(kept_plan(journal, known.name)) == set(NAMES)
    return ["push", "--resume", known.name, *lab.options(), "--yes", "--max-failures", "5"]


def test_it_goes_on_with_what_was_planned_or_not_at_all(
    lab: Served, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def anew(*_: object, **__: object) -> None:
        raise AssertionError("it was planned anew")

    resume = killed_behind_its_first_host(lab)
    lab.devices["r3"].change("ip access-list extended THEIRS\n permit udp any any eq 5\n")
    monkeypatch.setattr("translator.push.host_work.plan_change", anew)
    assert main(resume) == 5
    assert "r3 was changed since this change was planned" in capsys.readouterr().out
    assert [is_new(lab, name) for name in NAMES[:2]] == [True, True]
    assert lab.devices["r3"].lines_received == 0


def test_it_does_not_go_on_with_another_plan(lab: Served, capsys: pytest.CaptureFixture[str]):
    resume = killed_behind_its_first_host(lab)
    plan = lab.folder / "plan.yaml"
    plan.write_text(plan.read_text(encoding="ascii").replace("30019", "30018"), encoding="ascii")
    assert main(resume) == 5
    out = capsys.readouterr().out
    assert out.count("wants something else now than when this was") == 2
    assert lab.devices["r2"].running == lab.devices["r2"].startup
    assert not any("QOS-IN-CLIENT" in lab.devices[name].running for name in ("r2", "r3"))


def test_a_rollout_that_is_going_on_is_left_to_its_process(
    lab: Served, capsys: pytest.CaptureFixture[str]
):
    main(lab.push("--commit", "--yes"))
    with Journal(Path(lab.journal)) as journal:
        (known,) = rollouts(journal)
        journal.claim(known.name)
        capsys.readouterr()
        assert main(["push", "--resume", known.name, *lab.options(), "--yes"]) == 5
        assert "by another process" in capsys.readouterr().err


def test_ctrl_c_lets_a_device_in_flight_finish_and_says_so(lab: Served):
    code, out, err = pushed(lab, signal.SIGINT, ("executed", 8))
    assert code == 130
    assert "no further host is begun, those in flight finish" in err
    assert "stopped: interrupted; 1 hosts were not begun" in err
    assert "push --resume" in err
    assert "3 hosts = 1 not begun + 2 done" in out
    assert [is_new(lab, name) for name in NAMES] == [True, True, False]


def test_ctrl_c_twice_takes_a_device_in_flight_back_and_says_so(lab: Served):
    before = lab.devices["r2"].running
    code, out, err = pushed(lab, signal.SIGINT, ("executed", 8), ("executed", 12))
    assert code == 130
    assert "hosts in flight are taken back" in err
    assert "3 hosts = 1 not begun + 1 done + 1 reverted" in out
    assert lab.devices["r2"].running == lab.devices["r2"].startup == before
    assert [is_new(lab, name) for name in NAMES] == [True, False, False]
