"""`plan export` as a user meets it: bytes on stdout or in files, the rest on stderr."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "translator", "plan", "export"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
EDGE = ("--address", "edge_internal=192.0.2.10/32")


def run(*arguments: str, folder: Path, code: int = 0) -> tuple[bytes, str]:
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        check=False,
        timeout=120,
    )
    errors = done.stderr.decode()
    assert "Traceback" not in errors, errors
    assert done.returncode == code, errors
    return done.stdout, errors


def test_a_script_on_stdout_and_what_is_left_out_on_stderr(tmp_path):
    out, errors = run("--format", "powershell-cs", folder=tmp_path)
    assert out.decode().splitlines()[-1] == (
        "Set-CsUCPhoneConfiguration -Identity Global -VoiceDiffServTag 46"
    )
    assert "rows D03, C06, C07 are left out: it names no program" in errors
    assert "left out" not in out.decode()


def test_a_registry_file_on_stdout_is_that_of_regedit(tmp_path):
    out, _ = run("lync-2013", "--format", "reg", folder=tmp_path)
    assert out.startswith(b"\xff\xfeW\0i\0n\0")
    run("--plan", "lync-2013", "--format", "reg", "-o", "clients.reg", folder=tmp_path)
    assert (tmp_path / "clients.reg").read_bytes() == out


def test_a_terminal_gets_text(tmp_path):
    ours, theirs = pty.openpty()
    command = [*COMMAND, "--format", "reg"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=ENVIRONMENT, stdout=theirs, stderr=subprocess.DEVNULL
    ) as process:
        os.close(theirs)
        found = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            if not piece:
                break
            found += piece
    os.close(ours)
    assert process.returncode == 0
    assert found.startswith(b"Windows Registry Editor Version 5.00\r\n")
    assert b"\0" not in found


def test_a_folder_is_given_a_name_of_its_own(tmp_path):
    (tmp_path / "out").mkdir()
    for where in ("out", "new/"):
        _, errors = run("--format", "intune", "-o", where, folder=tmp_path)
        written = tmp_path / where / "intune.json"
        assert "omaSettings" in json.loads(written.read_bytes())
        assert f"wrote {Path(where) / 'intune.json'}" in errors


def test_every_format_and_the_list_of_what_was_left_out(tmp_path):
    out, errors = run("--all", "-o", "hosts", *EDGE, folder=tmp_path)
    assert out == b""
    names = {path.name for path in (tmp_path / "hosts").iterdir()}
    assert names == {
        "intune.json", "left-out.txt", "netqospolicy.ps1", "powershell-cs.ps1", "reg.reg",
        "exported-plan.yaml",
    }  # fmt: skip
    listed = (tmp_path / "hosts" / "left-out.txt").read_text(encoding="utf-8")
    assert (
        "row P04 is left out: the addresses of lync_servers are not known\n  hint: bind" in listed
    )
    assert "left out: NetworkQoSPolicy has no place for addresses" in listed
    assert "wrote hosts/reg.reg" in errors
    once = {path.name: path.read_bytes() for path in (tmp_path / "hosts").iterdir()}
    run("--all", "-o", "hosts", *EDGE, folder=tmp_path)
    assert once == {path.name: path.read_bytes() for path in (tmp_path / "hosts").iterdir()}


def test_the_name_that_means_stdout_is_stdout(tmp_path):
    assert run("--format", "reg", "-o", "-", folder=tmp_path) == run(
        "--format", "reg", folder=tmp_path
    )
    assert list(tmp_path.iterdir()) == []


def test_opt_in_rows_of_xp(tmp_path):
    plan = "extends: lync-2013\noptions: {include: [B02, B03]}\n"
    (tmp_path / "plan.yaml").write_text(plan, encoding="utf-8")
    out, _ = run("plan.yaml", "--format", "psched", folder=tmp_path)
    assert '"ServiceTypeGuaranteed"=dword:0000002e' in out.decode("utf-16")


WRONG = {
    "nothing": ((), "no format is named", "one of psched, reg, intune"),
    "unknown": (("--format", "regg"), "there is no format 'regg'", "did you mean reg?"),
    "hostile": (("--format", "a\x1b[31m\nb"), "there is no format 'a\\x1b[31m\\nb'", "known: "),
    "nothing for it": (("--format", "teams-tenant"), "has nothing that teams-tenant holds", "reg"),
    "both": (("--all", "--format", "reg", "-o", "x"), "--all writes every format", "take"),
    "no folder": (("--all",), "--all writes several files", "-o"),
    "two plans": (("a.yaml", "--plan", "b.yaml", "--format", "reg"), "two plans are given", "once"),
    "no plan": (("none.yaml", "--format", "reg"), "cannot be read", "path"),
    "no group": (("--format", "reg", "--address", "edge=::1"), "edge", ""),
    "stdout for several": (("--all", "-o", "-"), "no place to write", "name a folder"),
    "no place": (("--format", "reg", "-o", "no/such/x.reg"), "cannot be written", "folder"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_usage_is_one_error_and_writes_nothing(case, tmp_path):
    arguments, problem, hint = WRONG[case]
    out, errors = run(*arguments, folder=tmp_path, code=2)
    assert out == b""
    assert sum(line.startswith("error: ") for line in errors.splitlines()) == 1
    assert problem in errors
    assert hint in errors
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_replaced_stays(tmp_path):
    (tmp_path / "hosts").write_text("mine", encoding="utf-8")
    run("--all", "-o", "hosts", folder=tmp_path, code=2)
    assert (tmp_path / "hosts").read_text(encoding="utf-8") == "mine"


def test_a_plan_without_an_endpoint_side(tmp_path):
    row = "{id: X1, media: audio, code_point: ef, protocols: udp, source_ports: 20000-20039}"
    (tmp_path / "plan.yaml").write_text(f"name: x\nrows:\n  - {row}\n", encoding="utf-8")
    _, errors = run("plan.yaml", "--all", "-o", "x", folder=tmp_path, code=2)
    assert "plan x has nothing for any format" in errors


def test_ports_that_no_cmdlet_takes_are_told(tmp_path):
    settings = "{client.audio: {start: 80, count: 9}, other.audio: {start: 9000, count: 9}}"
    plan = f"extends: lync-2013\nport_settings: {settings}\n"
    (tmp_path / "plan.yaml").write_text(plan, encoding="utf-8")
    out, errors = run("plan.yaml", "--format", "powershell-cs", folder=tmp_path)
    assert b"-ClientAudioPort " not in out
    for name in ("client.audio", "other.audio"):
        assert f"ports {name} are left out: no cmdlet that is known sets them" in errors


def test_help_names_every_format(tmp_path):
    from translator.endpoint.formats.registry import all_formats

    out, _ = run("--help", folder=tmp_path)
    text = " ".join(out.decode().replace("|", " ").split())
    for item in all_formats():
        if item.write is not None:
            assert item.name in text
