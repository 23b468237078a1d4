"""Damaged captures: one error with its place, what came before counts, and nothing hangs."""

from __future__ import annotations

import contextlib
import gzip
import random
import struct
import tracemalloc

import pytest
from capture.reading import PLAIN, checked
from capture.writer import Sent, conversation, ethernet, option, pcap, pcapng, raw_block
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.capture import meter, stream
from translator.capture.check import Captures, check_captures
from translator.errors import CaptureError, UsageError

FRAMES = conversation(seed=5, count=6)
SIZES = [len(frame) for frame in FRAMES]
CAPTURES = {
    "pcap": pcap(FRAMES),
    "pcap, other order": pcap(FRAMES, order=">", ticks=10**9),
    "pcapng": pcapng([(0, frame) for frame in FRAMES], comment=b"\x1b[2J\n"),
    "pcapng, other order": pcapng([(0, frame) for frame in FRAMES], order=">", block="old"),
    "pcapng, simple": pcapng([(0, frame) for frame in FRAMES], block="simple"),
    "gzip": gzip.compress(pcap(FRAMES)),
}


@pytest.mark.parametrize("name", CAPTURES)
def test_cut_at_every_byte(tmp_path, name):
    """Nothing, one error, or the frames before the cut with the place of the damage."""
    data = CAPTURES[name]
    frames = -1
    refused = []
    for size in range(len(data)):
        try:
            found = checked(tmp_path / "c", data[:size])
        except CaptureError as error:
            refused.append((size, str(error), error.hint))
            continue
        (read,) = found.files
        assert read.frames >= frames
        frames = read.frames
        assert (found.exit_code() == 2) == (read.damage is not None)
        if read.damage is not None:
            assert str(read.damage).startswith(str(tmp_path / "c"))
            assert "frame" in str(read.damage) or "compression" in str(read.damage)
    assert checked(tmp_path / "c", data).files[0].damage is None
    assert [size for size, _, _ in refused] == list(range(len(refused)))  # then it is a capture
    assert all(str(tmp_path / "c") in problem and hint for _, problem, hint in refused)


def test_a_cut_frame_is_named_with_its_byte(tmp_path):
    data = pcap(FRAMES)[:-5]
    (read,) = checked(tmp_path / "c", data).files
    at = 24 + sum(16 + size for size in SIZES[:-1])
    assert f"frame {len(FRAMES)}, at byte {at}: the file ends within the frame" in str(read.damage)
    assert read.frames == len(FRAMES) - 1


NG = pcapng([(0, FRAMES[0])])
HEADER = pcap([])
SECTION = NG[:28]


def ng(*blocks: bytes) -> bytes:
    return SECTION + b"".join(blocks)


INTERFACE = raw_block("<", 1, struct.pack("<HHI", 1, 0, 0))


def enhanced(interface: int, captured: int, data: bytes = FRAMES[0]) -> bytes:
    return raw_block("<", 6, struct.pack("<IIIII", interface, 0, 0, captured, captured) + data)


LIES = {
    "a frame of 4 GiB": (HEADER + struct.pack("<IIII", 0, 0, 2**32 - 1, 60), "4294967295 bytes"),
    "a frame above the limit": (
        HEADER + struct.pack("<IIII", 0, 0, 262145, 60) + bytes(300_000),
        "262145 bytes long",
    ),
    "a block of no length": (ng(struct.pack("<II", 6, 0) + bytes(40)), "it is 0 bytes long"),
    "a block of 4 GiB": (ng(struct.pack("<II", 6, 2**32 - 4) + bytes(40)), "4294967292 bytes"),
    "a block above the limit": (ng(struct.pack("<II", 9, 2**24 + 4) + bytes(9)), "16777220 bytes"),
    "a block of odd length": (ng(struct.pack("<II", 6, 33) + bytes(40)), "33 bytes long"),
    "two lengths": (ng(INTERFACE[:-4] + struct.pack("<I", 24)), "two lengths of a block differ"),
    "no interface": (ng(enhanced(0, 60)), "interface 0, and 0 are described"),
    "another interface": (ng(INTERFACE, enhanced(9, 60)), "interface 9, and 1 are described"),
    "longer than its block": (ng(INTERFACE, enhanced(0, 5000)), "5000 bytes long"),
    "a packet without fields": (ng(INTERFACE, raw_block("<", 6, bytes(8))), "block of 20 bytes"),
    "an interface without fields": (ng(raw_block("<", 1, b"")), "too few bytes"),
    "a section without order": (NG + raw_block("<", 0x0A0D0D0A, bytes(16)), "its byte order"),
    "many interfaces": (ng(INTERFACE * 70_000), "more than 65536 interfaces"),
}


@pytest.mark.parametrize("name", LIES)
def test_lengths_that_lie(tmp_path, name):
    data, message = LIES[name]
    (read,) = checked(tmp_path / "c", data).files
    assert message in str(read.damage)
    assert f"{tmp_path / 'c'}: frame " in str(read.damage)


def test_a_snap_length_that_lies_does_no_harm(tmp_path):
    data = bytearray(pcap(FRAMES))
    data[16:20] = struct.pack("<I", 3)
    assert checked(tmp_path / "c", bytes(data)).frames == len(FRAMES)


def test_endless_options(tmp_path):
    many = option("<", 1, b"x") * 100_000
    data = ng(raw_block("<", 1, struct.pack("<HHI", 1, 0, 0) + many), enhanced(0, SIZES[0]))
    assert checked(tmp_path / "c", data).frames == 1
    overrun = struct.pack("<HH", 1, 0xFFFF)
    data = ng(raw_block("<", 1, struct.pack("<HHI", 1, 0, 0) + overrun), enhanced(0, SIZES[0]))
    assert checked(tmp_path / "c", data).frames == 1


def test_no_resolution_stops_the_reading_of_times(tmp_path):
    for power in (0, 127, 128, 255):
        data = pcapng([(0, FRAMES[0])], resolution=power)
        assert checked(tmp_path / "c", data).frames == 1


NO_CAPTURES = {
    "empty": b"",
    "text": b"interface GigabitEthernet0/1\n ip address 10.0.0.1 255.255.255.0\n",
    "a header cut": HEADER[:20],
    "another version": HEADER[:4] + b"\x03\x00" + HEADER[6:],
    "a modified kind of pcap": b"\xa1\xb2\xcd\x34" + HEADER[4:],
    "gzip of text": gzip.compress(b"hello"),
    "damaged gzip": b"\x1f\x8bnothing of the sort",
}


@pytest.mark.parametrize("name", NO_CAPTURES)
def test_what_is_no_capture_is_one_error(tmp_path, name):
    with pytest.raises(CaptureError) as caught:
        checked(tmp_path / "c", NO_CAPTURES[name])
    assert str(caught.value).startswith(f"{tmp_path / 'c'}: ")
    assert caught.value.hint
    assert caught.value.exit_code == 2


def test_damage_within_gzip_keeps_what_came_before(tmp_path):
    frames = conversation(seed=1, count=3000)
    packed = bytearray(gzip.compress(pcap(frames), compresslevel=1))
    for at in (len(packed) // 2, len(packed) - 6):
        damaged = bytearray(packed)
        damaged[at] ^= 0xFF
        (read,) = checked(tmp_path / "c", bytes(damaged)).files
        assert "damage" in str(read.damage) or "frame" in str(read.damage)
        assert read.frames > 500


def test_a_file_is_not_counted_twice(tmp_path):
    with pytest.raises(UsageError, match="twice"):
        Captures(("a.pcap", "a.pcap"))


@settings(max_examples=150)
@given(st.sampled_from(sorted(CAPTURES)), st.randoms(use_true_random=False))
def test_damaged_bytes_are_read_or_refused(tmp_path_factory, name, draw: random.Random):
    data = bytearray(CAPTURES[name])
    for _ in range(draw.randrange(1, 6)):
        at = draw.randrange(len(data))
        kind = draw.randrange(4)
        if kind == 0:
            data[at] = draw.randrange(256)
        elif kind == 1:
            data[at : at + 4] = draw.choice((b"\0" * 4, b"\xff" * 4, b"\x7f\xff\xff\xff"))
        elif kind == 2:
            del data[at : at + draw.randrange(1, 9)]
        else:
            data[at:at] = data[: draw.randrange(1, 64)]
    path = tmp_path_factory.getbasetemp() / "damaged"
    with contextlib.suppress(CaptureError):
        assert checked(path, bytes(data)).exit_code() in (0, 1, 2)


def test_memory_does_not_grow_with_the_capture(tmp_path, monkeypatch):
    """Six times the packets, every one of them of another flow."""
    monkeypatch.setattr(meter, "_MOST_KNOWN", 500)
    monkeypatch.setattr(stream, "_CHUNK", 1 << 16)
    peaks = []
    for count in (2_000, 12_000):
        path = tmp_path / f"{count}.pcap"
        write_flood(path, count)
        tracemalloc.start()
        try:
            found = check_captures(PLAIN, Captures((str(path),)))
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
        assert found.frames == count
    # The 10,000 headers more would take some 10 MB, were they kept.
    assert peaks[1] < peaks[0] + 500_000, peaks


def test_reasons_are_bounded(tmp_path):
    frames = [number.to_bytes(4, "big") + bytes(40) for number in range(100, 3000)]
    found = checked(tmp_path / "c", pcap(frames, link=0))
    assert len(found.unlooked) == 501
    assert sum(item.packets for item in found.unlooked) == len(frames)
    assert found.unlooked[0].reason == "other reasons"


def write_flood(path, count):
    frame = bytearray(ethernet(Sent(source_port=9, tos=0).ip()))
    with path.open("wb") as file:
        file.write(HEADER)
        for number in range(count):
            frame[26:30] = (10 << 24 | number).to_bytes(4, "big")
            file.write(struct.pack("<IIII", number, 0, len(frame), len(frame)) + frame)
