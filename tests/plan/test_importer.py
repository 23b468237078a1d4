"""Tables from articles: every repair is made, told with its line, and nothing is guessed."""

from __future__ import annotations

import dataclasses

import pytest
from support.corpus import shared_file

from translator.errors import PlanError
from translator.plan.importer import import_table
from translator.plan.load import load_plan, load_preset
from translator.plan.model import Transport
from translator.ports import PortRange

# Written for this test in the way such tables arrive: lost cells, en dashes, glued ranges.
TABLE = """\
Ports of our pool, from the intranet page:

| Component | Communication type | Executable name | DSCP value | TCP/UDP | Source IP | Destination IP | Source Ports | Destination Ports |
|---|---|---|---|---|---|---|---|---|
| Conferencing server | Audio | AVMCUSvc.exe | 46 | Both | Any | Any | 49152-57500 | |
| Video | AVMCUSvc.exe | 34 | Both | Any | Any | 57501 — 65535 | ||
| Edge server | Audio | MediaRelaySvc.exe | EF | Both | Edge Internal IP | Any | 49152 – 57500 to the pool20000 – 20039 to desks | |
| Edge server to voice mail | Audio | MediaRelaySvc.exe | 46 | UDP | Edge Internal IP | Exchange UM Servers | 1024-65535 | |
| Desk client | Audio | lync.exe | **46** | Both | Any | Any | 20000 – 20039 | |
| | Video | lync.exe | 34 (AF41) | Both | Any | Any | 20040<br>20050-20079 | |
| Component | Communication type | Executable name | DSCP value | TCP/UDP | Source IP | Destination IP | Source Ports | Destination Ports |
| Phone | Audio | n/a | 46 | UDP | 10.8.0.0/16 | Any | 20000-20039
"""  # noqa: E501


@pytest.fixture(scope="module")
def imported():
    return import_table(TABLE, "page.md")


def kinds(imported, line):
    return {item.kind for item in imported.repairs if item.where.line == line}


def test_lost_component_cells_shift_the_row_back(imported):
    row = imported.plan.row("A02")
    assert row.component == "Conferencing server"
    assert (row.executable, row.code_point) == ("AVMCUSvc.exe", 34)
    assert row.source_ports == (PortRange(57501, 65535),)
    assert {"shifted-cells", "blank-component", "typography"} <= kinds(imported, 6)


def test_a_blank_component_in_its_place_is_filled(imported):
    row = imported.plan.row("A06")
    assert (row.component, row.code_point) == ("Desk client", 34)
    assert row.source_ports == (PortRange(20040, 20040), PortRange(20050, 20079))
    assert kinds(imported, 10) == {"blank-component"}


def test_glued_ranges_of_an_edge_are_split_and_become_destinations(imported):
    row = imported.plan.row("A03")
    assert row.source_ports == ()
    assert row.destination_ports == (PortRange(49152, 57500), PortRange(20000, 20039))
    assert row.sources == ("edge_internal",)
    assert row.narrow.udp == PortRange(3478, 3478)
    assert row.narrow.tcp == PortRange(443, 443)
    assert kinds(imported, 7) == {
        "typography",
        "glued-ranges",
        "words-in-ports",
        "edge-direction",
        "edge-narrowing",
    }


def test_the_pair_of_addresses_comes_first(imported):
    assert imported.plan.rows[0].id == "A04"
    assert imported.plan.rows[0].destinations == ("exchange_um",)
    assert imported.plan.rows[0].protocols == (Transport.UDP,)
    assert "order" in kinds(imported, 8)


def test_server_rows_need_addresses(imported):
    row = imported.plan.row("A01")
    assert row.needs == ("conference_servers",)
    assert not row.port_only_safe
    assert "needs-addresses" in kinds(imported, 5)


def test_no_executable_a_repeated_header_and_plain_addresses(imported):
    row = imported.plan.row("A07")
    assert row.executable is None
    assert row.sources == ("A07.sources",)
    group = next(item for item in imported.plan.groups if item.name == "A07.sources")
    assert str(group.prefixes[0]) == "10.8.0.0/16"
    assert kinds(imported, 11) == {"repeated-header"}
    assert kinds(imported, 12) == {"no-executable"}


def test_repairs_come_in_the_order_of_the_lines(imported):
    lines = [item.where.line for item in imported.repairs]
    assert lines == sorted(lines)
    assert str(imported.repairs[0]).startswith("page.md:5: ")


def test_a_sound_table_needs_no_repair():
    text = "media,dscp,protocol,source ports,component\nAudio,46,UDP,20000-20039,Desk\n"
    found = import_table(text, "t.csv")
    assert found.repairs == ()
    assert found.plan.row("A01").port_only_safe


@pytest.mark.parametrize(
    ("ports", "problem"),
    [
        ("20000 – 20039 and 5 more to desks", "a number that is no range"),
        ("20000 – 200039 to desks", "20000-200039 ends after port 65535"),
        ("20039 – 20000 to desks", "20039-20000 runs backwards"),
        ("to desks", "no port range"),
    ],
)
def test_ports_that_cannot_be_read_without_guessing(ports, problem):
    text = TABLE.replace("49152 – 57500 to the pool20000 – 20039 to desks", ports)
    with pytest.raises(PlanError, match=problem) as caught:
        import_table(text, "page.md")
    assert caught.value.where.line == 7


def test_csv_with_semicolons_and_excel_headers():
    text = (
        "Role;Media Type;EXE;DSCP;Protocol;Source Port;Destination Port\r\n"
        'Desk;voice;"lync.exe";46;tcp/udp;"20000-20019;20030-20039";\r\n'
    )
    row = import_table(text, "t.csv").plan.row("A01")
    assert row.source_ports == (PortRange(20000, 20019), PortRange(20030, 20039))
    assert row.protocols == (Transport.UDP, Transport.TCP)


def test_a_quoted_cell_over_two_lines_is_refused_at_its_first_line():
    text = "component,media,dscp,protocol,ports\nA,Audio,46,UDP,5000\n'x',Audio,46,UDP,\"50\n00\"\n"
    with pytest.raises(PlanError) as caught:
        import_table(text, "t.csv")
    assert caught.value.where.line == 3


IGNORED = {"where", "source", "note", "sources", "policy_range_of", "status", "confidence"}


def same_but(row, other, ignored):
    return [
        item.name
        for item in dataclasses.fields(row)
        if item.name not in ignored and getattr(row, item.name) != getattr(other, item.name)
    ]


def test_the_articles_table_gives_the_rows_of_the_preset():
    path = shared_file("reference/plan/article-table.md")
    found = import_table(path.read_text(encoding="utf-8"), "article-table.md")
    preset = load_preset("lync-2013")
    assert len(found.plan.rows) == 15
    for row in found.plan.rows:
        assert same_but(row, preset.row(row.id), IGNORED) == []
    told = [item.kind for item in found.repairs]
    assert told.count("shifted-cells") == told.count("blank-component") == 4
    assert told.count("glued-ranges") == 2
    assert told.count("edge-direction") == told.count("edge-narrowing") == 3


def test_the_repaired_sample_agrees_with_the_article():
    article = shared_file("reference/plan/article-table.md")
    sample = shared_file("reference/plan/samples/reconstructed/plan_table.csv")
    imported = import_table(article.read_text(encoding="utf-8"), "article-table.md").plan
    loaded = load_plan(sample)
    assert [row.id for row in loaded.rows] == [f"A{n:02}" for n in range(1, 16)]
    for row in loaded.rows:
        ignored = {"where", "status", "narrow"}
        assert same_but(row, imported.row(row.id), ignored) == []
