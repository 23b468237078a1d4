"""Plan files: what they may say, and what a file that extends a preset changes."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from translator.errors import PlanError
from translator.plan.load import load_plan, load_preset, parse_plan
from translator.plan.model import Media, Transport, Treatment
from translator.ports import PortBlock, PortRange

SMALL = """\
name: small
rows:
  - {id: V1, media: audio, code_point: ef, protocols: udp, source_ports: 30000-30019}
"""


def extended(text):
    return parse_plan("extends: lync-2013\n" + text, "site.yaml")


def test_a_small_plan_gets_the_standard_queues():
    plan = parse_plan(SMALL, "small.yaml")
    row = plan.row("V1")
    assert row.code_point == 46
    assert row.protocols == (Transport.UDP,)
    assert row.source_ports == (PortRange(30000, 30019),)
    assert row.port_only_safe
    assert row.where.line == 3
    assert plan.queues == load_preset("lync-2013").queues


@pytest.mark.parametrize(
    "ports",
    ["30000-30019", "30000:30019", "'30000 – 30019'", "[30000-30019]", "'30000 to 30019'"],
)
def test_ways_to_write_a_range(ports):
    text = SMALL.replace("30000-30019", ports)
    assert parse_plan(text, "x.yaml").row("V1").source_ports == (PortRange(30000, 30019),)


def test_dynamic_ports_are_not_safe_by_themselves():
    row = parse_plan(SMALL.replace("30000-30019", "50000-50019"), "x.yaml").row("V1")
    assert not row.port_only_safe


def test_extending_keeps_all_that_is_not_said():
    plan, preset = extended("title: Our sites"), load_preset("lync-2013")
    assert plan.name == "site"
    assert plan.title == "Our sites"
    assert plan.rows == preset.rows
    assert plan.queues == preset.queues


def test_moving_a_port_setting_moves_every_row_that_uses_it():
    plan = extended("port_settings:\n  client.audio: {start: 50020, count: 20}\n")
    moved = (PortRange(50020, 50039),)
    for row_id in ("A10", "A12", "A15", "C01", "B01"):
        assert plan.row(row_id).source_ports == moved
    assert plan.row("D04").destination_ports == moved
    assert plan.row("A03").destination_ports == (PortRange(49152, 57500), *moved)
    setting = next(item for item in plan.port_settings if item.name == "client.audio")
    assert (setting.block, setting.min_count) == (PortBlock(50020, 20), 20)
    assert not plan.row("A10").port_only_safe


def test_setting_the_ports_of_application_sharing_frees_its_rows():
    plan = extended("port_settings:\n  client.app_sharing: {start: 20080, count: 40}\n")
    assert plan.row("P01").source_ports == (PortRange(20080, 20119),)
    assert plan.row("P01").port_setting is None
    assert plan.row("P07").destination_ports[-1] == PortRange(20080, 20119)


def test_a_server_setting_of_ones_own_has_no_policy_range():
    plan = extended("port_settings:\n  conference_server.audio: {start: 40000, count: 1000}\n")
    assert plan.row("A01").source_ports == (PortRange(40000, 40999),)
    assert plan.row("A01").policy_range_of is None


def test_groups_are_bound_by_a_list_or_in_full():
    plan = extended(
        "groups:\n"
        "  conference_servers: [10.0.0.0/24, '2001:db8::/64']\n"
        "  phones: {prefixes: 10.9.0.0/16, note: voice}\n"
        "  branch: 10.7.0.0/16\n"
    )
    groups = {group.name: group for group in plan.groups}
    assert groups["conference_servers"].prefixes == (
        ip_network("10.0.0.0/24"),
        ip_network("2001:db8::/64"),
    )
    assert "pool address" in groups["conference_servers"].note
    assert groups["phones"].prefixes == (ip_network("10.9.0.0/16"),)
    assert groups["branch"].prefixes == (ip_network("10.7.0.0/16"),)


def test_rows_are_changed_added_and_moved():
    plan = extended(
        "rows:\n"
        "  - {id: P03, code_point: cs3}\n"
        "  - {id: X1, media: audio, code_point: 46, protocols: udp, source_ports: 7000,"
        " before: A03}\n"
        "  - {id: X2, media: video, code_point: 34, protocols: tcp, source_ports: 7001,"
        " after: X1}\n"
        "  - {id: D04, after: D05}\n"
    )
    order = [row.id for row in plan.rows]
    assert plan.row("P03").code_point == 24
    assert plan.row("P03").executable == "ASMCUSvc.exe"
    assert plan.row("P03").where.file == "site.yaml"
    at = order.index("X1")
    assert order[at : at + 3] == ["X1", "X2", "A03"]
    assert order[order.index("D05") + 1] == "D04"
    assert order.count("D04") == 1


def test_options_and_queues_are_merged():
    plan = extended(
        "options: {tcp: no, include: [D04]}\nqueues:\n  - {media: audio, percent: 25}\n"
    )
    assert not plan.options.tcp
    assert plan.options.client_port_ranges
    assert plan.options.include == ("D04",)
    audio = plan.queues[0]
    assert (audio.media, audio.percent, audio.treatment) == (Media.AUDIO, 25, Treatment.PRIORITY)
    assert len(plan.queues) == 6


def test_a_file_goes_before_a_preset_of_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lync-2013").write_text(SMALL, encoding="utf-8")
    assert load_plan("lync-2013").name == "small"


def test_windows_files_are_read(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert load_plan(path).row("V1").where.line == 3


def test_an_alias_may_repeat_a_list():
    text = SMALL.replace("30000-30019}", "&p [30000-30019]}") + (
        "  - {id: V2, media: audio, code_point: ef, protocols: tcp, source_ports: *p}\n"
    )
    assert parse_plan(text, "x").row("V2").source_ports == (PortRange(30000, 30019),)


@pytest.mark.parametrize(
    ("old", "new", "problem", "hint", "line"),
    [
        ("30000-30019", "20000:200039", "20000:200039 ends after port 65535", "20000-20039", 3),
        ("30000-30019", "20079-20040", "20079-20040 runs backwards", "20040-20079", 3),
        ("30000-30019", "'20000 - '", "'20000 -' is no port range", "20000-20039", 3),
        ("30000-30019", "client.audio", "no port setting 'client.audio'", "port numbers", 3),
        ("media: audio", "media: adio", "'adio' is not known", "mean audio", 3),
        ("media: audio,", "", "row V1 has no media", "add `media", 3),
        ("code_point", "codepoint", "unknown key 'codepoint'", "mean code_point", 3),
        ("ef", "184", "code point 184 is not within 0-63", "six-bit", 3),
        ("protocols: udp", "protocols: sctp", "'sctp' is not known", "udp, tcp or both", 3),
        ("rows:", "row:", "unknown key 'row'", "mean rows", 2),
        ("V1", "'V 1'", "is no name", "letters, digits", 3),
        (
            "protocols",
            "needs: [servrs], protocols",
            "no address group servrs",
            "mean lync_servers",
            3,
        ),
        ("protocols", "alternative_to: Z9, protocols", "row Z9, which is not there", "row of", 3),
        ("protocols", "opt_in: maybe, protocols", "neither true nor false", "true or false", 3),
        ("name: small", "name: small\nname: big", "key 'name' stands twice", "line 1", 2),
        ("name: small", "extends: lync-2031", "no preset", "mean lync-2013", 1),
        ("name: small", "options: {include: [Z1]}", "'Z1', which plan", "rows: V1", None),
        ("name: small", "options: {tcp: 1}", "'1' is neither", "true or false", 1),
        ("name: small", "name: [a]", "name is a list", "one value", 1),
        ("name: small", "groups: {a: 10.0.0.1/8}", "host bits are set", "10.1.0.0/16", 1),
        (
            "name: small",
            "groups: {a: {union_of: b}, b: {union_of: a}}",
            "contains itself",
            "",
            None,
        ),
        ("name: small", "groups: {a: {union_of: zz}}", "no address group 'zz'", "", None),
        ("name: small", "queues: [{media: audio, percent: 0, treatment: fair}]", "1-100", "", 1),
        ("name: small", "queues: [{media: audio, percent: 5}]", "no treatment", "add", 1),
        (
            "name: small",
            "queues: [{media: audio, percent: 5, treatment: priority, congestion_avoidance: true}]",
            "must not drop early",
            "leave",
            1,
        ),
        (
            "name: small",
            "port_settings: {a.b: {start: 65500, count: 40}}",
            "end at 65539, after port 65535",
            "at most 36",
            1,
        ),
        ("name: small", "port_settings: {a.b: {start: 5}}", "has no count", "add", 1),
        ("name: small", "port_settings: {a.b: {start: 0x10, count: 1}}", "no number", "decimal", 1),
    ],
)
def test_one_clear_error_with_line_and_hint(old, new, problem, hint, line):
    text = SMALL.replace(old, new, 1)
    assert text != SMALL
    with pytest.raises(PlanError) as caught:
        parse_plan(text, "p.yaml")
    assert problem in str(caught.value)
    assert hint in caught.value.hint
    assert caught.value.where.file == "p.yaml"
    if line is not None:
        assert caught.value.where.line == line
    assert "\n" not in str(caught.value)


def test_a_row_id_may_stand_once():
    text = SMALL + SMALL.splitlines()[2] + "\n"
    with pytest.raises(PlanError, match="V1 is used twice") as caught:
        parse_plan(text, "p.yaml")
    assert caught.value.where.line == 4


def test_before_must_name_a_row():
    with pytest.raises(PlanError, match="before names row 'Z9'"):
        extended("rows:\n  - {id: A01, before: Z9}\n")


def test_neither_file_nor_preset():
    with pytest.raises(PlanError, match="neither a plan file nor a preset") as caught:
        load_plan("lync2013")
    assert "lync-2013" in caught.value.hint


def test_a_markdown_table_is_sent_to_the_importer(tmp_path):
    path = tmp_path / "table.md"
    path.write_text("| Component | DSCP |\n", encoding="utf-8")
    with pytest.raises(PlanError, match="Markdown table") as caught:
        load_plan(path)
    assert "plan import" in caught.value.hint
