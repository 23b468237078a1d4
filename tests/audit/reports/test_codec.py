"""Audits as bytes: nothing is lost, damage is noticed."""

from __future__ import annotations

import pytest
from audit.reports.samples import FLEET, HOSTILE_DEVICE, SURROGATE, different_device

from translator.audit.codec import Packed, from_plain, to_plain
from translator.audit.model import DeviceAudit

ALL = (*FLEET.devices, HOSTILE_DEVICE, DeviceAudit(SURROGATE, SURROGATE, notes=(SURROGATE,)))


@pytest.mark.parametrize("device", ALL, ids=lambda device: ascii(device.file[-12:]))
def test_bytes_give_the_audit_back(device):
    data = to_plain(device)
    assert from_plain(data) == device
    assert to_plain(from_plain(data)) == data


@pytest.mark.parametrize("data", [b"", b"\x00", b"{", b"{}", b"\x80", b"\xff" * 9, b"[" * 10**6])
def test_damaged_bytes_are_refused(data):
    with pytest.raises(ValueError, match=r"."):
        from_plain(data)


def test_every_cut_of_the_bytes_is_refused():
    data = to_plain(different_device())
    for end in range(len(data)):
        with pytest.raises(ValueError, match=r"."):
            from_plain(data[:end])


def test_packed_audits_can_be_read_again_and_again():
    packed = Packed(ALL[:3])
    packed.add(ALL[3])
    assert len(packed) == 4
    assert tuple(packed) == tuple(packed) == ALL[:4]
