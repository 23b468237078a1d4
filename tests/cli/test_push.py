"""`push`, `rollback` and `runs` against simulated routers over SSH, as a user meets them."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from devices import Faults
from push.fleet.served import LINES, Served, serve

from translator.cli.main import main

RUN = re.compile(r"run (\d{8}-\d{6}-[0-9a-f]{6}): ")


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with serve(("r1", "r2", "r3"), tmp_path, monkeypatch) as served:
        yield served


def run_of(out: str) -> str:
    found = RUN.search(out)
    assert found is not None, out
    return found[1]


def test_a_look_changes_nothing_and_says_all(lab: Served, capsys: pytest.CaptureFixture[str]):
    before = [device.running for device in lab.devices.values()]
    assert main(lab.push("--limit", "r1,r2")) == 1
    out, err = capsys.readouterr()
    for text in (
        "# ===== r1 (cisco_ios) =====", "it calls itself r1, CISCO2911",
        "audit, as it is now: missing", "GigabitEthernet0/1 in as client, no policy:",
        "    missing    audio",
        "entering GigabitEthernet0/1: udp from any port 30000-30019 to any",
        "A: keep, best-effort", "B: set dscp ef, best-effort (class QOS-CLIENT-AUDIO)",
        f"lines to be sent, {LINES}:", "   service-policy input QOS-IN-CLIENT",
        "what takes them back, 7:", "   no service-policy input QOS-IN-CLIENT", "proved: ",
    ):  # fmt: skip
        assert text in out
    assert "r3" not in out
    assert "2 to be changed, 0 as they should be, 0 failed" in err
    assert [device.running for device in lab.devices.values()] == before
    assert [device.lines_received for device in lab.devices.values()] == [0, 0, 0]
    assert not any(device.log.of("file-written", "locked") for device in lab.devices.values())


def test_a_push_is_kept_and_a_second_one_sends_nothing(
    lab: Served, capsys: pytest.CaptureFixture[str]
):
    assert main(lab.push("--commit", "--yes")) == 0
    out = capsys.readouterr().out
    assert out.endswith("3 hosts = 3 done\n")
    for device in lab.devices.values():
        assert device.running == device.startup
        assert "service-policy input QOS-IN-CLIENT" in device.running
    sent = [device.lines_received for device in lab.devices.values()]
    assert main(lab.push("--commit", "--yes")) == 0
    assert capsys.readouterr().out.endswith("3 hosts = 3 unchanged\n")
    assert [device.lines_received for device in lab.devices.values()] == sent
    assert main(lab.push()) == 0
    out = capsys.readouterr().out
    assert out.count("nothing to do: ") == 3
    assert (
        out.count("audit, as it is now: compliant\n  GigabitEthernet0/1 in as client, policy") == 3
    )


def test_runs_are_listed_shown_and_taken_back(lab: Served, capsys: pytest.CaptureFixture[str]):
    before = [device.running for device in lab.devices.values()]
    assert main(lab.push("--commit", "--yes", "--canary", "0", "--batch", "100%")) == 0
    run = run_of(capsys.readouterr().out)
    journal = ["--journal", lab.journal]
    assert main(["runs", *journal]) == 0
    listed = capsys.readouterr().out
    assert run in listed
    assert "3 hosts = 3 done" in listed
    assert main(["runs", run, *journal, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["totals"]["done"], len(told["hosts"])) == ("push", 3, 3)
    assert {"lock", "arm", "confirm", "save"} <= {s["step"] for s in told["hosts"][0]["steps"]}
    assert "@" in told["by"]
    assert main(["runs", told["hosts"][0]["run"], *journal]) == 0
    assert "line 22" in capsys.readouterr().out

    sent = [device.lines_received for device in lab.devices.values()]
    assert main(["rollback", run, *lab.options()]) == 1
    assert capsys.readouterr().out.count("no policy-map QOS-IN-CLIENT") == 3
    assert [device.lines_received for device in lab.devices.values()] == sent
    take_back = ["rollback", run, *lab.options(), "--commit", "--yes", "--format", "json"]
    assert main([*take_back, "--limit", "r1,r2"]) == 0
    back = json.loads(capsys.readouterr().out)
    assert (back["kind"], back["totals"]["done"]) == ("rollback", 2)
    assert [device.running for device in lab.devices.values()][:2] == before[:2]
    lab.devices["r3"].change("ip access-list extended THEIRS\n permit udp any any eq 5\n")
    assert main([*take_back, "--limit", "r3"]) == 5
    refused = json.loads(capsys.readouterr().out)["hosts"][0]
    assert refused["state"] == "refused"
    assert "was changed since" in refused["problem"]


def test_json_says_the_same_as_the_text(lab: Served, capsys: pytest.CaptureFixture[str]):
    assert main(lab.push("--limit", "r1", "--format", "json")) == 1
    look = json.loads(capsys.readouterr().out)
    assert (look["schema_version"], look["dry_run"]) == (1, True)
    (host,) = look["hosts"]
    assert (host["host"], host["state"], host["hostname"]) == ("r1", "would change", "r1")
    assert len(host["lines"]) == LINES
    assert host["audit"]["judgement"] == "missing"
    (placement,) = host["audit"]["placements"]
    assert placement == {
        "interfaces": ["GigabitEthernet0/1"], "direction": "in", "role": "client",
        "judgement": "missing",
    }  # fmt: skip
    assert main(
        ["audit", "--live", "-i", lab.inventory, "--plan", str(lab.folder / "plan.yaml"),
         "--limit", "r1", "--known-hosts", lab.options()[1], "--format", "json"]
    ) == 1  # fmt: skip
    (audit,) = json.loads(capsys.readouterr().out)["devices"]
    assert [item["id"] for item in host["audit"]["findings"]] == [
        item["id"] for item in audit["findings"]
    ]
    assert host["traffic"]["semdiff"]["verdict"] == "different"
    assert main(lab.push("--limit", "r1", "--format", "json", "--commit", "--yes")) == 0
    done = json.loads(capsys.readouterr().out)
    assert set(done) == {
        "schema_version", "dry_run", "kind", "run", "exit_code", "stopped", "interrupted",
        "totals", "hosts",
    }  # fmt: skip
    assert done["totals"] == {
        "not begun": 0, "begun": 0, "done": 1, "unchanged": 0, "refused": 0, "unreachable": 0,
        "reverted": 0, "unknown": 0,
    }  # fmt: skip
    assert set(done["hosts"][0]) == {
        "host", "state", "run", "attempt", "code", "lines_sent", "problem", "hint", "proof",
        "notes", "commands", "at",
    }  # fmt: skip


def test_a_saved_plan_is_applied_as_it_was_reviewed(
    lab: Served, capsys: pytest.CaptureFixture[str]
):
    file = lab.folder / "monday.json"
    assert main(lab.push("--save-plan", str(file))) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    capsys.readouterr()
    apply = ["push", str(file), *lab.options()]
    assert main(apply) == 1
    assert capsys.readouterr().out.count(f"lines to be sent, {LINES}:") == 3
    lab.devices["r2"].change("ip access-list extended THEIRS\n permit udp any any eq 5\n")
    assert main(apply) == 5
    assert "r2 was changed since this plan was saved" in capsys.readouterr().out
    assert main([*apply, "--commit", "--yes", "--max-failures", "5", "--format", "json"]) == 5
    hosts = json.loads(capsys.readouterr().out)["hosts"]
    assert [host["state"] for host in hosts] == ["done", "refused", "done"]
    assert hosts[1]["problem"] == "r2 was changed since this change was planned"
    assert lab.devices["r2"].lines_received == 0


def edited(plan: dict) -> None:
    plan["content"]["changes"][0]["work"]["lines"].append("reload")


def older(plan: dict) -> None:
    plan["version"] = 0


def stranger(plan: dict) -> None:
    plan["format"] = "another"


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [(edited, 5, "was edited"), (older, 2, "version 0"), (stranger, 2, "is no saved plan")],
)
def test_another_plan_than_was_saved_is_not_applied(
    lab: Served, capsys: pytest.CaptureFixture[str], change, code: int, says: str
):
    file = lab.folder / "monday.json"
    main(lab.push("--limit", "r1", "--save-plan", str(file)))
    plan = json.loads(file.read_text(encoding="utf-8"))
    change(plan)
    file.write_text(json.dumps(plan), encoding="utf-8")
    logins = len(lab.devices["r1"].log.of("login"))
    assert main(["push", str(file), *lab.options(), "--commit", "--yes"]) == code
    assert says in capsys.readouterr().err
    assert len(lab.devices["r1"].log.of("login")) == logins


def test_a_saved_plan_does_not_outlive_what_it_was_made_from(
    lab: Served, capsys: pytest.CaptureFixture[str]
):
    file = lab.folder / "monday.json"
    main(lab.push("--limit", "r1", "--save-plan", str(file)))
    plan = lab.folder / "plan.yaml"
    plan.write_text(plan.read_text(encoding="ascii").replace("30019", "30009"), encoding="ascii")
    assert main(["push", str(file), *lab.options(), "--commit", "--yes"]) == 5
    assert "wants something else now" in capsys.readouterr().err
    assert lab.devices["r1"].lines_received == 0


def test_the_worst_exit_code_counts_and_what_to_type_comes_last(
    lab: Served, capsys: pytest.CaptureFixture[str]
):
    broken = Faults(refuse={9: "% Invalid input detected at '^' marker.\n"})
    lab.set_faults("r2", broken)
    everything = lab.push("--commit", "--yes", "--max-failures", "9", "--canary", "0")
    assert main(everything) == 7
    out, err = capsys.readouterr()
    assert "r2  reverted" in out
    assert "r2 is proven to be as before: r2 refused line" in out
    assert "3 hosts = 2 done + 1 reverted" in out
    at = lab.devices["r2"].lines_received + 1 + LINES + 1  # the `end` behind them
    lab.set_faults("r2", Faults(refuse={at: "% Invalid input\n"}, rollback_refused="% No"))
    lab.set_faults("r3", Faults(login_refused=True))
    assert main(everything) == 6
    out, err = capsys.readouterr()
    assert "1 unchanged + 1 unreachable + 1 unknown" in out
    tail = err.splitlines()[-7:]
    assert tail[0] == tail[-1] == "!" * 72
    assert tail[1].startswith("ACT BY HAND: nothing proves what 1 of the hosts do now.")
    assert tail[3] == "    configure revert now"


@pytest.mark.parametrize(
    ("fault", "code", "state"),
    [
        (Faults(login_refused=True), 4, "unreachable"),
        (Faults(lock_owner="bob"), 5, "refused"),
        (Faults(archive_missing=True), 5, "refused"),
        (Faults(reset_before=12), 7, "reverted"),
        (Faults(unauthorized_at=12), 7, "reverted"),
    ],
    ids=["login", "lock", "archive", "reset", "authorization"],
)
def test_faults_have_their_exit_codes(
    tmp_path: Path, monkeypatch, capsys, *, fault: Faults, code: int, state: str
):
    from devices import Clock, IosDevice

    def make(name: str) -> IosDevice:
        users = {"admin": "pw-of-the-tests"}
        return IosDevice(name, users=users, clock=Clock(), faults=fault)

    with serve(("r1",), tmp_path, monkeypatch, make=make) as lab:
        before = lab.devices["r1"].running
        assert main(lab.push("--commit", "--yes", "--format", "json")) == code
        (host,) = json.loads(capsys.readouterr().out)["hosts"]
        assert host["state"] == state
        assert lab.devices["r1"].running == lab.devices["r1"].startup == before


def test_another_device_than_was_meant_gets_nothing(
    lab: Served, capsys: pytest.CaptureFixture[str]
):
    hosts = Path(lab.inventory) / "hosts.yaml"
    hosts.write_text(hosts.read_text(encoding="ascii").replace("r1:", "r9:"), encoding="ascii")
    assert main(lab.push("--limit", "r9", "--commit", "--yes")) == 5
    assert "it calls itself 'r1', expected was 'r9'" in capsys.readouterr().out
    assert lab.devices["r1"].lines_received == 0
    assert main(lab.push("--limit", "r9", "--commit", "--yes", "--any-hostname")) == 0


def test_an_unknown_host_key_is_refused_and_accepted_when_asked(
    lab: Served, capsys: pytest.CaptureFixture[str]
):
    (lab.folder / "known_hosts").write_text("", encoding="ascii")
    assert main(lab.push("--limit", "r1")) == 4
    assert "host key of r1 is not known" in capsys.readouterr().out
    assert not lab.devices["r1"].log.of("login")
    assert main(lab.push("--limit", "r1", "--host-key", "accept-new")) == 1
    assert main(lab.push("--limit", "r1")) == 1


def test_nobody_is_asked_where_nobody_sits(lab: Served, capsys: pytest.CaptureFixture[str]):
    assert main(lab.push("--commit")) == 2
    assert "add --yes" in capsys.readouterr().err
    assert not lab.devices["r1"].log.of("login")


@pytest.mark.parametrize("answer", ["yes\n", "y\n", "YES\n", "\n", ""])
def test_only_yes_is_yes(lab: Served, capsys, monkeypatch: pytest.MonkeyPatch, answer: str):
    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return answer

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("translator.cli.push_input.Call.may_ask", True)
    code = main(lab.push("--limit", "r1", "--commit"))
    out, err = capsys.readouterr()
    assert f"lines to be sent, {LINES}:" in out
    assert "Change 1 host? Only 'yes' is accepted" in err
    assert (code, "service-policy" in lab.devices["r1"].running) == (
        (0, True) if answer == "yes\n" else (1, False)
    )


@pytest.mark.parametrize(
    "words",
    [
        ["--password", "S3cretPw"], ["--password=S3cretPw"], ["--secret=S3cretPw"],
        ["--enable-secret", "S3cretPw"], ["--net-password=S3cretPw"], ["-password", "S3cretPw"],
        ["--passphrase=S3cretPw"], ["--PASS=S3cretPw"],
    ],
)  # fmt: skip
def test_a_password_on_the_command_line_is_refused_with_the_reason(words: list[str], capsys):
    for command in (["push", "-i", "x"], ["rollback", "x"], ["runs"]):
        assert main([*command, *words]) == 2
        out, err = capsys.readouterr()
        assert "can be read by every process" in err
        assert "S3cretPw" not in out + err


@pytest.mark.parametrize(
    "words",
    [
        ["push"], ["push", "plan.json", "--resume", "x"],
        ["push", "--resume", "no-such-run", "--yes"],
        ["push", "-i", "x", "--batch", "0"], ["push", "-i", "x", "--confirm-timeout", "soon"],
        ["push", "x.json"], ["push", "x.json", "--save-plan", "y"], ["rollback", "no-such-run"],
        ["push", "-i", "x", "--save-plan", "-"],
        ["push", "-i", __file__, "--save-plan", __file__],
        ["runs", "no-such-run"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_2_with_a_hint(words: list[str], tmp_path: Path, capsys):
    assert main([*words, "--journal", str(tmp_path / "journal")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert "hint: " in err
