"""What -v, -vv and -vvv show: steps, commands, what libraries say; one line each, no secret."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from push.fleet.served import Served, serve

from translator.cli.main import main
from translator.push.logs import LOG, logged
from translator.push.redact import Redactor
from translator.push.secret import Secret

STEPS = ("r1: log in at 127.0.0.1", "r1: read its configuration", "r1: plan its change")
COMMANDS = ("r1: > show version", "r1: > show running-config")
LIBRARIES = ("paramiko.transport: ", "netmiko: ")


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with serve(("r1",), tmp_path, monkeypatch) as served:
        yield served


@pytest.mark.parametrize(
    ("words", "shown", "hidden"),
    [
        ((), (), (*STEPS, *COMMANDS, *LIBRARIES)),
        (("-v",), STEPS, (*COMMANDS, *LIBRARIES)),
        (("-vv",), (*STEPS, *COMMANDS), LIBRARIES),
        (("-vvv",), (*STEPS, *COMMANDS, *LIBRARIES), ()),
    ],
)
def test_each_v_shows_more(
    lab: Served, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], shown, hidden
):
    assert main(lab.push(*words)) == 1
    err = capsys.readouterr().err
    assert [text for text in shown if text not in err] == []
    assert [text for text in hidden if text in err] == []


@pytest.mark.parametrize("command", ["doctor", "collect", "counters", "audit"])
def test_every_command_that_logs_in_takes_it(
    lab: Served, capsys: pytest.CaptureFixture[str], command: str
):
    live = ["--live"] if command in ("counters", "audit") else []
    more = {"collect": ["-o", str(lab.folder / "texts")], "counters": ["--interval", "0"]}
    known = lab.options()[:2]
    main([command, *live, "-i", lab.inventory, *known, *more.get(command, []), "-vv"])
    err = capsys.readouterr().err
    assert STEPS[0] in err
    assert COMMANDS[0] in err


def test_steps_of_a_push_are_told_in_their_order(lab: Served, capsys: pytest.CaptureFixture[str]):
    assert main(lab.push("--commit", "--yes", "-v")) == 0
    err = capsys.readouterr().err
    steps = ("lock", "preflight", "drift", "snapshot", "arm", "apply", "prove", "confirm", "save")
    at = [err.index(f"r1: {step}\n") for step in steps]
    assert at == sorted(at)


def test_a_record_is_one_line_without_escapes_and_secrets():
    out = StringIO()
    with logged(out, 1, Redactor([Secret("hunter22")])):
        LOG.info("%s: \x1b[2Jsays\nfake line with hunter22", "r1\u2028")
        LOG.debug("not at this level")
    (line,) = out.getvalue().splitlines()
    assert line.endswith(r"r1\u2028: \x1b[2Jsays\x0afake line with <secret>")
    LOG.info("nobody listens any more")
    assert out.getvalue().count("\n") == 1
