"""Real packets through the rendered Linux configuration, captured on both sides and checked."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from lab.agreement import BINDINGS, intents_for
from lab.netns import Lab
from lab.packets import Sent

from translator.capture.check import Captures, check_captures
from translator.capture.device import Against, packets_before
from translator.capture.expectation import Expectation
from translator.capture.frames import EVERYTHING
from translator.capture.model import CaptureCheck, Verdict
from translator.drivers.linux import Linux
from translator.intents.lower import lower
from translator.plan.load import load_plan
from translator.verify.passage import passage_of

pytestmark = [
    pytest.mark.netns,
    pytest.mark.skipif(
        shutil.which("dumpcap") is None, reason="the Debian package tshark is missing"
    ),
]
LINUX = Linux()
WANTED = lower(intents_for("lan=client", "wan=wan:1G"), LINUX.capabilities)
PACKETS = [
    *(Sent(version, "udp", 20000, 50000, tos) for version in (4, 6) for tos in (0, 0xB8, 0x20)),
    *(Sent(version, "udp", 20040, 50000, size=4000) for version in (4, 6)),
    *(Sent(version, "tcp", port, 8443) for version in (4, 6) for port in (20001, 20050, 3000)),
    *(Sent(version, "udp", 3000, 4000, 0xB8) for version in (4, 6)),
]


@contextmanager
def captured(lab: Lab, who: str, path: Path) -> Iterator[None]:
    """Write what passes the interface of a namespace into a pcapng file."""
    command = [
        "ip",
        "netns",
        "exec",
        lab.names[who],
        "dumpcap",
        "-q",
        "-i",
        "eth0",
        "-w",
        str(path),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as program:
        assert program.stderr is not None
        for line in program.stderr:
            if line.startswith("File:"):
                break  # it captures from here on
        try:
            yield
            time.sleep(1)  # it looks for packets about twice a second
        finally:
            program.send_signal(signal.SIGINT)
            program.stderr.read()


def checked(lab: Lab, folder: Path, script: str, text: str) -> CaptureCheck:
    """Apply the script to the router, send packets, and hold them against the text."""
    lab.apply(script, folder=folder)
    before, behind = folder / "before.pcapng", folder / "behind.pcapng"
    with captured(lab, "client", before), captured(lab, "server", behind):
        lab.exchange(PACKETS)
    clients = BINDINGS["clients"]
    came = packets_before(str(before), EVERYTHING, clients)
    passage = passage_of(LINUX.parse(text), "lan", "wan")
    against = Against.of("apply.sh", passage, came, clients)
    expectation = Expectation(load_plan("lync-2013"), BINDINGS, clients)
    return check_captures(expectation, Captures((str(behind),)), against)


def test_what_the_kernel_did_is_as_configured(lab: Lab, tmp_path: Path) -> None:
    config = LINUX.render(WANTED).config
    found = checked(lab, tmp_path, config, config)
    assert found.device is not None
    verdicts = dict(found.device.packets)
    assert verdicts[Verdict.AS_CONFIGURED] >= len(PACKETS)
    assert set(verdicts) <= {Verdict.AS_CONFIGURED, Verdict.ANOTHER_WAY}
    assert found.device.left_over == 0
    (audio,) = [rule for rule in found.rules if "A12" in rule.rows]
    assert audio.sent.tcp == audio.sent.packets == audio.sent.right > 0
    assert audio.sent.no_media == 6  # the lab's own payload is none
    assert audio.returned.packets > 0


def test_one_port_off_is_seen_in_the_capture(lab: Lab, tmp_path: Path) -> None:
    right = LINUX.render(WANTED).config
    wrong = right.replace("20000-20039", "20001-20039")
    assert wrong != right
    found = checked(lab, tmp_path, wrong, right)
    assert found.device is not None
    assert dict(found.device.packets)[Verdict.OTHERWISE] == 6
    assert {":20000 >" in mark.packet for mark in found.device.wrong} == {True}
    assert {mark.wanted for mark in found.device.wrong} == {(46,)}
