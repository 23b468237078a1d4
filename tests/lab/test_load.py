"""Voice beside 20 Mbit/s of other traffic on a 10 Mbit/s uplink, with and without the policy."""

from __future__ import annotations

import socket
import statistics
import struct
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from lab.agreement import intents_for
from lab.netns import Lab
from lab.packets import SERVER

from translator.drivers.linux import Linux
from translator.intents.lower import lower

pytestmark = pytest.mark.netns

LINUX = Linux()
VOICE_PACKETS = 150
VOICE_EVERY_S = 0.02
BULK_BPS = 20_000_000
BULK_BYTES = 1400
WITHOUT_RULES = "\nnft delete table inet qos_translator\n"


@dataclass(frozen=True, slots=True)
class Heard:
    """What arrived of the voice stream."""

    lost_percent: float
    mean_ms: float
    p99_ms: float

    def __str__(self) -> str:
        return f"loss {self.lost_percent:.1f} %, mean {self.mean_ms:.2f} ms, p99 {self.p99_ms:.2f}"


@pytest.mark.parametrize("version", [4, 6])
def test_voice_survives_a_full_uplink(
    lab: Lab, version: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = lower(intents_for("lan=client", "wan=wan:10M"), LINUX.capabilities)
    script = LINUX.render(wanted).config
    lab.apply(script, folder=tmp_path)
    with_policy = voice_under_load(lab, version)
    lab.apply(script + WITHOUT_RULES, folder=tmp_path)
    without = voice_under_load(lab, version)
    with capsys.disabled():
        print(f"\nIPv{version} voice with policy: {with_policy}; without: {without}")
    assert with_policy.lost_percent == 0
    assert with_policy.p99_ms < 20
    assert without.lost_percent > 20 or without.mean_ms > 20


def voice_under_load(lab: Lab, version: int) -> Heard:
    """Return how a call sounds while something else fills the line."""
    ends = threading.Event()
    bulk = threading.Thread(target=_bulk, args=(lab, version, ends))
    bulk.start()
    try:
        time.sleep(0.6)
        return _voice(lab, version)
    finally:
        ends.set()
        bulk.join()


def _bulk(lab: Lab, version: int, ends: threading.Event) -> None:
    one = lab.open_socket("client", version, socket.SOCK_DGRAM)
    one.bind(("", 33333))
    start, sent = time.monotonic(), 0
    with one:
        while not ends.is_set():
            one.sendto(b"b" * BULK_BYTES, (SERVER[version], 9999))
            sent += 1
            due = start + sent * (BULK_BYTES + 28) * 8 / BULK_BPS
            time.sleep(max(0.0, due - time.monotonic()))


def _voice(lab: Lab, version: int) -> Heard:
    ear = lab.open_socket("server", version, socket.SOCK_DGRAM)
    ear.bind(("", 6000))
    ear.settimeout(1.5)
    mouth = lab.open_socket("client", version, socket.SOCK_DGRAM)
    mouth.bind(("", 20000))
    delays: dict[int, float] = {}
    listener = threading.Thread(target=_listen, args=(ear, delays))
    listener.start()
    with ear, mouth:
        start = time.monotonic()
        for number in range(VOICE_PACKETS):
            stamp = struct.pack("!Id", number, time.monotonic())
            mouth.sendto(stamp + b"v" * 160, (SERVER[version], 6000))
            due = start + (number + 1) * VOICE_EVERY_S
            time.sleep(max(0.0, due - time.monotonic()))
        listener.join()
    found = sorted(delays.values()) or [float("inf")]
    lost = 100 * (VOICE_PACKETS - len(delays)) / VOICE_PACKETS
    p99 = found[int(0.99 * (len(found) - 1))]
    return Heard(lost, 1000 * statistics.fmean(found), 1000 * p99)


def _listen(ear: socket.socket, delays: dict[int, float]) -> None:
    while len(delays) < VOICE_PACKETS:
        try:
            data = ear.recv(2000)
        except TimeoutError:
            return
        number, sent_at = struct.unpack("!Id", data[:12])
        delays[number] = time.monotonic() - sent_at
