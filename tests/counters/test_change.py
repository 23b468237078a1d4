"""What was counted between two snapshots: clearing, restarts, the end of a counter, rates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.counters.change import Change, State, difference
from translator.counters.snapshot import Snapshot
from translator.errors import UsageError
from translator.intents.counters import ClassCounters, Dropped, DropReason
from translator.intents.device import Unread

AUDIO = ClassCounters("Gi0/0", "out", "AUDIO", packets=100, bytes=6400, bits=32)
VIDEO = replace(AUDIO, name="VIDEO", packets=50, bytes=50000)
LAST_32 = 2**32 - 1


def snapshot(*classes: ClassCounters, at: int | None = None, device: str = "r1") -> Snapshot:
    taken = None if at is None else datetime(2026, 1, 1, 12, 0, at, tzinfo=UTC)
    return Snapshot(device, "cisco_ios", taken, classes=classes)


def changes(old: tuple[ClassCounters, ...], new: tuple[ClassCounters, ...]) -> list[Change]:
    return list(difference(snapshot(*old), snapshot(*new)).changes)


def test_numbers_are_subtracted_and_rates_computed():
    later = replace(AUDIO, packets=150, bytes=9600, drops=(Dropped(DropReason.TOTAL, 3),))
    found = difference(snapshot(AUDIO, at=0), snapshot(later, at=10))
    (change,) = found.changes
    assert (change.counted.packets, change.counted.bytes) == (50, 3200)
    assert (found.seconds, change.bps, change.state) == (10, 2560, State.COUNTED)
    assert change.counted.dropped == 3


def test_a_lower_counter_was_cleared_and_its_interface_with_it():
    old = (AUDIO, VIDEO, replace(AUDIO, interface="Gi0/1"))
    new = (replace(AUDIO, packets=7, bytes=448), replace(VIDEO, packets=60), old[2])
    audio, video, other = changes(old, new)
    assert (audio.state, audio.counted.packets) == (State.CLEARED, 7)
    assert (video.state, video.counted.packets) == (State.CLEARED, 60)
    assert (other.state, other.counted.packets) == (State.COUNTED, 0)


def test_a_counter_of_32_bits_starts_anew():
    old = replace(AUDIO, bytes=LAST_32 - 99)
    (change,) = changes((old,), (replace(AUDIO, packets=110, bytes=200),))
    assert change.wrapped
    assert (change.state, change.counted.packets, change.counted.bytes) == (State.COUNTED, 10, 300)


def test_a_counter_of_64_bits_does_not_start_anew_at_32():
    old = replace(AUDIO, bits=64, bytes=LAST_32 - 99)
    (change,) = changes((old,), (replace(old, packets=110, bytes=200),))
    assert (change.state, change.counted.bytes) == (State.CLEARED, 200)


def test_a_high_counter_that_was_cleared_with_others_is_no_lap():
    old = replace(AUDIO, packets=3 * 10**9, bytes=5 * 10**11)
    (change,) = changes((old,), (replace(AUDIO, packets=5, bytes=320),))
    assert (change.state, change.counted.packets) == (State.CLEARED, 5)


def test_new_and_gone_classes_are_told():
    found = difference(snapshot(AUDIO), snapshot(VIDEO))
    assert [item.state for item in found.changes] == [State.NEW]
    assert found.gone == (AUDIO,)


def test_what_was_unknown_before_stays_unknown():
    old = replace(AUDIO, unread=(Unread(3, "?"),))
    (change,) = changes((old,), (AUDIO,))
    assert change.counted.seen is None


@pytest.mark.parametrize("seconds", [0, -5.0])
def test_the_wrong_order_is_refused(seconds):
    with pytest.raises(UsageError, match="older than the first"):
        difference(snapshot(AUDIO), snapshot(AUDIO), seconds)
    with pytest.raises(UsageError, match="7 s older"):
        difference(snapshot(AUDIO, at=9), snapshot(AUDIO, at=2))


def test_two_devices_are_refused():
    with pytest.raises(UsageError, match="of r1 and r2"):
        difference(snapshot(AUDIO), snapshot(AUDIO, device="r2"))


counts = st.integers(0, 2**64 - 1) | st.integers(2**32 - 1000, 2**32 + 1000) | st.integers(0, 1000)


@given(counts, counts, counts, counts, st.sampled_from([32, 64]))
def test_nothing_is_ever_negative(packets, size, later_packets, later_size, bits):
    old = replace(AUDIO, packets=packets, bytes=size, bits=bits)
    new = replace(AUDIO, packets=later_packets, bytes=later_size, bits=bits)
    (change,) = changes((old,), (new,))
    assert change.counted.packets is not None
    assert change.counted.packets >= 0
    assert change.counted.bytes is not None
    assert change.counted.bytes >= 0
    if later_packets >= packets and later_size >= size:
        assert (change.state, change.wrapped) == (State.COUNTED, False)
