"""The preset lync-2013: every row, in first-match order, with ports as the product has them."""

from __future__ import annotations

import pytest

from translator.codepoint import CodePoint
from translator.plan.groups import STANDARD_GROUPS
from translator.plan.load import load_preset
from translator.plan.model import Media, Status, Transport
from translator.ports import PortBlock, PortRange

PRESET = load_preset("lync-2013")
BOTH = (Transport.UDP, Transport.TCP)

# Row, component, medium, DSCP, transports, source ports, destination ports of the article's table.
ARTICLE = [
    ("A01", "AVMCUSvc.exe", "audio", 46, BOTH, "49152-57500", ""),
    ("A02", "AVMCUSvc.exe", "video", 34, BOTH, "57501-65535", ""),
    ("A03", "MediaRelaySvc.exe", "audio", 46, BOTH, "", "49152-57500 20000-20039"),
    ("A04", "MediaRelaySvc.exe", "video", 34, BOTH, "", "57501-65535 20040-20079"),
    ("A05", "MediaRelaySvc.exe", "audio", 46, (Transport.UDP,), "", "1024-65535"),
    ("A06", "MediationServerSvc.exe", "audio", 46, BOTH, "49152-57500", ""),
    ("A07", "OcsAppServerHost.exe", "audio", 46, BOTH, "49152-57500", ""),
    ("A08", "OcsAppServerHost.exe", "audio", 46, BOTH, "49152-57500", ""),
    ("A09", "OcsAppServerHost.exe", "audio", 46, BOTH, "49152-57500", ""),
    ("A10", "Communicator.exe", "audio", 46, BOTH, "20000-20039", ""),
    ("A11", "Communicator.exe", "video", 34, BOTH, "20040-20079", ""),
    ("A12", "lync.exe", "audio", 46, BOTH, "20000-20039", ""),
    ("A13", "lync.exe", "video", 34, BOTH, "20040-20079", ""),
    ("A14", "AttendantConsole.exe", "audio", 46, BOTH, "20000-20039", ""),
    ("A15", None, "audio", 46, BOTH, "20000-20039", ""),
]


def shown(ranges):
    return " ".join(str(item) for item in ranges)


@pytest.mark.parametrize("wanted", ARTICLE, ids=lambda row: row[0])
def test_row_of_the_article(wanted):
    row = PRESET.row(wanted[0])
    assert (
        row.id,
        row.executable,
        row.media,
        row.code_point,
        row.protocols,
        shown(row.source_ports),
        shown(row.destination_ports),
    ) == wanted
    assert row.status is Status.ARTICLE


def test_every_family_of_rows_is_complete():
    families = {"A": 15, "B": 4, "C": 10, "P": 7, "D": 7}
    wanted = {f"{name}{n:02}" for name, count in families.items() for n in range(1, count + 1)}
    assert {row.id for row in PRESET.rows} == wanted


def test_specific_rows_come_before_general_ones():
    order = [row.id for row in PRESET.rows]
    for earlier, later in [
        ("A05", "A03"), ("A05", "A04"), ("C06", "A03"), ("A04", "P04"), ("P04", "A01"),
        ("A02", "A10"), ("C08", "A11"), ("C04", "B01"), ("B01", "D02"), ("D02", "D04"),
        ("D05", "P01"), ("C10", "D06"),
    ]:  # fmt: skip
        assert order.index(earlier) < order.index(later), (earlier, later)


def test_servers_store_one_port_less_than_their_policy_marks():
    for row_id in ("A01", "A06", "A07", "A08", "A09"):
        block = PRESET.row(row_id).policy_range_of
        assert block == PortBlock(49152, 8348)
        assert block.range.high == 57499
    assert PRESET.row("A02").policy_range_of == PortBlock(57501, 8034)
    assert PRESET.row("P03").source_ports == (PortRange(40803, 49150),)


def test_edge_rows_match_by_destination_from_the_relay_ports():
    for row_id, tcp in (("A03", True), ("A04", True), ("A05", False)):
        row = PRESET.row(row_id)
        assert row.source_ports == ()
        assert row.narrow.udp == PortRange(3478, 3478)
        assert (row.narrow.tcp == PortRange(443, 443)) is tcp
        assert not row.port_only_safe
    assert PRESET.row("P07").narrow.tcp == PortRange(443, 443)


def test_rows_on_request_are_those_that_guess_or_stand_in():
    on_request = {row.id for row in PRESET.rows if row.opt_in}
    assert on_request == {"B02", "B03", "C09", "C10", "D02", "D04", "D05", "D06", "D07"}
    assert PRESET.row("C09").alternative_to == "A12"
    assert PRESET.row("C10").alternative_to == "A13"


def test_rows_that_cannot_be_rendered_say_why():
    for row_id in ("B04", "D01"):
        row = PRESET.row(row_id)
        assert row.code_point is None
        assert row.media is Media.ANY
        assert len(row.note) > 40
    assert PRESET.row("P01").port_setting == "client.app_sharing"
    assert PRESET.row("P02").port_setting == "client.file_transfer"
    assert PRESET.row("P01").source_ports == PRESET.row("P02").source_ports == ()


def test_phone_row_changes_40_of_phones_only():
    row = PRESET.row("B01")
    assert (row.match_code_point, row.code_point, row.sources) == (40, 46, ("phones",))


def test_queue_shares():
    assert [(queue.media, queue.percent) for queue in PRESET.queues] == [
        (Media.AUDIO, 10),
        (Media.VIDEO, 20),
        (Media.SIGNALLING, 3),
        (Media.APP_SHARING, 10),
        (Media.FILE_TRANSFER, 4),
        (None, 25),
    ]
    assert PRESET.queues[0].code_points == (CodePoint(46),)
    assert PRESET.queues[-1].code_points == ()


def test_the_standard_groups_are_those_of_the_preset():
    assert {group.name for group in PRESET.groups} == STANDARD_GROUPS
    assert all(group.note and not group.prefixes for group in PRESET.groups)


def test_every_row_has_its_line():
    lines = [row.where.line for row in PRESET.rows]
    assert lines == sorted(set(lines))
