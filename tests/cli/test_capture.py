"""`capture check` from the command line: tables, JSON, CSV, exit codes, and what is no capture."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from capture.test_device import CONFIG, behind
from capture.writer import Sent, arp, ethernet, pcap, pcapng

from tests.support.values import replace
from translator.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
CALL = Sent()
WRONG = replace(CALL, tos=0)
OTHER = replace(CALL, source_port=3000)
CHECK = ["capture", "check"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    save("right.pcap", CALL, CALL)
    save("wrong.pcap", CALL, WRONG, replace(CALL, payload=b"something else"))
    (tmp_path / "r1.conf").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def save(name: str, *packets: Sent) -> None:
    Path(name).write_bytes(pcap([*(ethernet(item.ip(), 5) for item in packets), arp()]))


def test_right_marks(capsys):
    assert main([*CHECK, "right.pcap"]) == 0
    shown = capsys.readouterr()
    assert "3 frames of right.pcap against lync-2013" in shown.out
    assert "100.0 %" in shown.out
    assert "ef (802.1p 5) 2" in shown.out
    assert "not looked into: ARP: 1 frame, first right.pcap frame 3" in shown.out
    assert "not checked: rows A03, A04, P07 are left out: the addresses" in shown.out
    assert shown.err == ""


def test_wrong_marks_are_named_by_frame(capsys):
    assert main([*CHECK, "right.pcap", "wrong.pcap"]) == 1
    shown = capsys.readouterr().out
    assert "ef (802.1p 5) 3 = 75.0 %, df (802.1p 5) 1 = 25.0 %" in shown
    assert "wrong: 1 packet of A10 A12" in shown
    assert "wrong.pcap frame 2: udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0 (802.1p 5)" in shown
    assert "no media: 1 packet from the ports of A10" in shown
    assert main([*CHECK, "wrong.pcap", "--max-wrong", "1"]) == 0


def test_json(capsys):
    assert main([*CHECK, "wrong.pcap", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["exit_code"], found["checked_packets"], found["wrong_packets"]) == (1, 2, 1)
    (audio,) = [item for item in found["rules"] if "A12" in item["rows"]]
    assert audio["sent"]["payloads"] == {"rtp": 2, "other": 1}
    assert audio["sent"]["rtp_payload_types"] == {"111": 2}
    assert audio["wrong"][0]["place"] == {"file": "wrong.pcap", "frame": 2}
    assert audio["sent"]["share_right"] == 0.5
    assert [mark["share"] for mark in audio["sent"]["marks"]] == [0.5, 0.5]
    assert found["not_looked_into"][0]["reason"] == "ARP"
    assert found["device"] is None


def test_csv(capsys):
    assert main([*CHECK, "wrong.pcap", "--format", "csv"]) == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["direction"], row["found"], row["priorities"], row["right"]) for row in rows] == [
        ("sent", "0", "5", "no"),
        ("sent", "46", "5", "yes"),
    ]


def test_the_same_answer_every_time(capsys):
    for output in ("text", "json", "csv"):
        texts = []
        for _ in range(2):
            main([*CHECK, "wrong.pcap", "right.pcap", "--format", output])
            texts.append(capsys.readouterr().out)
        assert texts[0] == texts[1]


def test_a_cut_file_counts_and_is_an_error(folder, capsys):
    data = (folder / "right.pcap").read_bytes()
    (folder / "cut.pcap").write_bytes(data[:-70])
    assert main([*CHECK, "cut.pcap"]) == 2
    shown = capsys.readouterr()
    assert "100.0 %" in shown.out
    assert "error: cut.pcap: frame 3, at byte " in shown.err
    assert "  hint: what was read before it counts" in shown.err
    for output in ("json", "csv"):
        assert main([*CHECK, "cut.pcap", "--format", output]) == 2
        shown = capsys.readouterr()
        assert "error: cut.pcap: frame 3" in shown.err
        assert shown.out


def test_a_window(capsys):
    assert main([*CHECK, "wrong.pcap", "--until", "1"]) == 0
    assert main([*CHECK, "wrong.pcap", "--from", "2", "--until", "2"]) == 1
    assert main([*CHECK, "wrong.pcap", "--until", "0.01s"]) == 0
    assert main([*CHECK, "wrong.pcap", "--until", "2023-11-14T22:13:20Z"]) == 0
    assert main([*CHECK, "wrong.pcap", "--from", "2023-11-14T22:13:20.01"]) == 1
    assert main([*CHECK, "wrong.pcap", "--from", "2030-01-01"]) == 1
    assert "nothing checked" in capsys.readouterr().out


def test_a_site_of_an_inventory_binds_the_addresses(capsys):
    server = Sent("10.1.10.3", 50000, "10.2.32.9", 20001, 0xB8)
    save("server.pcap", server)
    assert main([*CHECK, "server.pcap"]) == 1
    example = ["-i", str(ROOT / "inventories" / "example")]
    assert main([*CHECK, "server.pcap", *example, "--site", "branch"]) == 0
    assert main([*CHECK, "server.pcap", *example]) == 2
    shown = capsys.readouterr().err
    assert "hosts bind the address group clients differently" in shown
    assert "--site branch" in shown


def test_clients_are_told_from_strangers(capsys):
    save("stranger.pcap", CALL, replace(WRONG, source="10.9.9.9"))
    assert main([*CHECK, "stranger.pcap"]) == 1
    assert main([*CHECK, "stranger.pcap", "--client", "10.1.1.0/24,2001:db8:1::/64"]) == 0
    assert main([*CHECK, "stranger.pcap", "--address", "clients=10.1.1.0/24"]) == 1


DEVICE = ["--against", "r1.conf", "--platform", "cisco_ios", "--in", "Gi0/1", "--out", "Gi0/0"]


def test_a_device(capsys):
    save("before.pcap", WRONG)
    save("behind.pcap", behind(WRONG))
    assert main([*CHECK, "behind.pcap", *DEVICE]) == 0
    shown = capsys.readouterr().out
    assert "device r1.conf: 1 as configured" in shown
    assert "assumed: there is no capture before the device" in shown
    assert main([*CHECK, "behind.pcap", *DEVICE, "--before", "before.pcap"]) == 0
    assert "0 packets before the device did not come out here" in capsys.readouterr().out
    save("later.pcap", OTHER, OTHER, behind(WRONG))
    save("earlier.pcap", WRONG)
    window = ["--from", "3", "--until", "3"]  # frames of the one, not of the other
    assert main([*CHECK, "later.pcap", *DEVICE, "--before", "earlier.pcap", *window]) == 0
    capsys.readouterr()
    policy = [*DEVICE[:4], "--policy", "QOS-IN-CLIENT"]
    assert main([*CHECK, "behind.pcap", *policy, "--sources", "10.1.1.0/24"]) == 0
    assert main([*CHECK, "behind.pcap", *policy, "--sources", "10.9.0.0/16"]) == 1
    assert "1 not from the given sources" in capsys.readouterr().out
    assert main([*CHECK, "before.pcap", *DEVICE, "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["device"]["packets"] == {"otherwise": 1}
    assert found["device"]["wrong"][0]["wanted"] == [46]


BAD = {
    "missing": (["missing.pcap"], "error: missing.pcap: cannot be read: No such file"),
    "a folder": (["/"], "error: /: cannot be read: Is a directory"),
    "empty": (["empty"], "error: empty: is empty"),
    "text": (["r1.conf"], "error: r1.conf: is no capture"),
    "nul": (["a\0b"], "is no file name"),
    "terminal codes": (["a\x1b[31m\u2028"], r"error: a\x1b[31m\x2028: cannot be read"),
    "twice": (["right.pcap", "right.pcap"], "right.pcap is given twice"),
    "second missing": (["right.pcap", "missing"], "error: missing: cannot be read"),
    "a window backwards": (["right.pcap", "--from", "9", "--until", "3"], "ends with frame 3"),
    "no window": (["right.pcap", "--from", "noon"], "'noon' is no frame and no time"),
    "frame 0": (["right.pcap", "--from", "0"], "'0' is no frame"),
    "site alone": (["right.pcap", "--site", "x"], "--site names hosts of an inventory"),
    "client": (["right.pcap", "--client", "10.1.1.1/24"], "is no address prefix"),
    "group": (["right.pcap", "--address", "cleints=10.0.0.0/8"], "no address group 'cleints'"),
    "device options": (["right.pcap", "--in", "Gi0/1"], "speak of a device"),
    "no platform": (["right.pcap", "--against", "r1.conf"], "platform of r1.conf is not given"),
    "same before": (["right.pcap", *DEVICE, "--before", "right.pcap"], "and behind it"),
    "stdin twice": (["-", *DEVICE, "--before", "-"], "stdin can be read once"),
    "no way": (["right.pcap", *DEVICE[:4]], "it is not said where the packet goes"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_error(folder, capsys, name):
    (folder / "empty").write_bytes(b"")
    arguments, message = BAD[name]
    assert main([*CHECK, *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert message in shown.err
    assert shown.err.count("error:") == 1
    assert "  hint: " in shown.err
    assert "\x1b" not in shown.err


def test_names_and_comments_in_a_capture_never_reach_the_terminal(folder, capsys):
    comment = b"\x1b[2Jhello\xe2\x80\xa8\n"
    data = pcapng([(0, ethernet(CALL.ip()))], comment=comment)
    (folder / "c\x1b[2J.pcapng").write_bytes(data)
    for output in ("text", "json", "csv"):
        assert main([*CHECK, "c\x1b[2J.pcapng", "--format", output]) == 0
        shown = capsys.readouterr()
        assert "\x1b" not in shown.out + shown.err
        assert "hello" not in shown.out + shown.err
