"""Every trap a plan can show is found, with its row, its line and what to do."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from translator.plan.check import CHECKS, Severity, check_plan
from translator.plan.importer import import_table
from translator.plan.load import load_preset, parse_plan

PRESET = load_preset("lync-2013")
GROUPS = [group.name for group in PRESET.groups if not group.union_of]
ALL = {name: (ip_network(f"10.{n}.0.0/16"),) for n, name in enumerate(GROUPS)}

AUDIO = "media: audio, code_point: ef, protocols: udp"
VIDEO = "media: video, code_point: af41, protocols: udp"
SIP = "media: signalling, protocols: tcp, destination_ports: 5061"


def plan_of(*rows, head=""):
    lines = "".join(f"  - {{{row}}}\n" for row in rows)
    return parse_plan(f"{head}rows:\n{lines}", "p.yaml")


def site(text):
    return parse_plan("extends: lync-2013\n" + text, "p.yaml")


def found(plan, bindings=None, kind=None):
    return [item for item in check_plan(plan, bindings or {}) if kind in (None, item.id)]


# Plan, bindings, finding, severity, rows, words of the message, words of the hint.
TRAPS = {
    "server range without addresses": (
        plan_of(f"id: X, {AUDIO}, source_ports: 49152-57500"), {},
        "ephemeral-range", "error", ("X",), "Windows 49152-65535", "--address",
    ),
    "group not bound": (
        site(""), {}, "unbound-group", "warning", ("A03",), "edge_internal", "--address",
    ),
    "ports not set": (
        site(""), ALL, "port-setting-unset", "warning", ("P01",), "client.app_sharing", "start",
    ),
    "one range for all media": (
        site(""), ALL, "no-single-code-point", "info", ("B04",), "no single", "one port range",
    ),
    "TCP only row without TCP": (
        plan_of(f"id: X, {AUDIO.replace('udp', 'tcp')}, source_ports: 5000",
                head="options: {tcp: false}\n"), {},
        "no-transport", "warning", ("X",), "TCP only", "options.tcp",
    ),
    "DSCP 40 of any host": (
        plan_of(f"id: X, {AUDIO}, match_code_point: 40, source_ports: 20000"), {},
        "code-point-of-any-host", "error", ("X",), "code point 40", "phones",
    ),
    "DSCP 40 of clients": (
        site("options: {include: [B02]}"), ALL,
        "phone-scope", "warning", ("B02",), "outside the phones group", "VoiceDiffServTag",
    ),
    "DSCP changed without ports": (
        plan_of(f"id: X, {AUDIO}, match_code_point: 40, sources: phones"), ALL,
        "remark-without-ports", "error", ("X",), "whatever they send", "source ports",
    ),
    "client ranges off": (
        site("options: {client_port_ranges: false}"), ALL,
        "client-ranges-off", "error", ("A10",), "1024 to 65535", "Set-CsConferencing",
    ),
    "overlapping client ranges": (
        plan_of(f"id: A, {AUDIO}, source_ports: 20000-20040",
                f"id: V, {VIDEO}, source_ports: 20040-20079"), {},
        "overlap", "error", ("V", "A"), "neither is more specific", "separate",
    ),
    "overlap settled by order": (
        site(""), ALL, "overlap-settled", "info", ("A05", "A04"), "A05 (DSCP 46) wins", "first",
    ),
    "a row behind a wider one": (
        plan_of(f"id: A, {AUDIO}, source_ports: 20000-20079",
                f"id: V, {VIDEO}, source_ports: 20040-20079"), {},
        "dead-row", "error", ("V", "A"), "never matches", "move V before A",
    ),
    "Exchange UM behind the Edge rows": (
        site("rows: [{id: A05, after: A04}]"), {},
        "pair-precedence", "error", ("A05", "A04"), "comes after row A04", "Exchange UM",
    ),
    "Exchange UM before the Edge rows": (
        site(""), {}, "pair-first", "info", ("A05", "A04"), "must stay before", "order is right",
    ),
    "executables": (
        plan_of(f"id: X, {AUDIO}, executable: a.exe, source_ports: 20000"), {},
        "executable-invisible", "info", ("X",), "a.exe", "address groups",
    ),
    "41 ports where 40 were meant": (
        plan_of(f"id: X, {AUDIO}, source_ports: 20000-20040"), {},
        "round-count-plus-one", "warning", ("X",), "41 ports", "end the range at 20039",
    ),
    "receiver's ports before the sender's": (
        site("options: {include: [D05]}\nrows: [{id: D05, before: A10}]"), ALL,
        "reverse-order", "error", ("D05", "A10"), "by destination port", "after every row",
    ),
    "executables the network cannot see": (
        site(""), {}, "collapse", "info", ("A11", "A13", "C02", "C04"), "lync.exe", "agree",
    ),
    "executables that disagree": (
        plan_of(f"id: A, {AUDIO}, executable: a.exe, source_ports: 20000",
                f"id: V, {VIDEO}, executable: v.exe, source_ports: 20000"), {},
        "collapse-conflict", "error", ("A", "V"), "46 and 34", "different ports",
    ),
    "count one less than the policy": (
        site(""), ALL, "off-by-one", "warning", ("A03", "A01"), "end at 57499", "57499",
    ),
    "extra port owned by video": (
        site("port_settings: {conference_server.video: {start: 57500, count: 8036}}"), ALL,
        "off-by-one", "warning", ("A03", "A01"), "another class owns", "57499",
    ),
    "range that misses its block": (
        plan_of(f"id: X, {AUDIO}, source_ports: 20000-20030,"
                " policy_range_of: {start: 20000, count: 40}"), {},
        "range-mismatch", "error", ("X",), "does not cover 20000-20039", "20000-20039",
    ),
    "all client ranges at 5350": (
        site("port_settings: {client.app_sharing: {start: 20000, count: 40}}"), {},
        "setting-overlap", "error", (), "client.audio", "5350",
    ),
    "too few ports": (
        site("port_settings: {client.audio: {start: 20000, count: 19}}"), {},
        "too-few-ports", "warning", (), "has 19 ports, at least 20", "20 or more",
    ),
    "TCP of servers is left out": (
        site(""), ALL, "default-app-sharing", "info", ("A01",), "UDP only", "40803",
    ),
    "application sharing on the ports of audio": (
        site("options: {server_tcp: true}\n"
             "port_settings: {conference_server.app_sharing: {start: 49152, count: 16383}}"), ALL,
        "default-app-sharing", "error", ("A01", "A02"), "49152-65534", "40803",
    ),
    "client range among dynamic ports": (
        site("options: {include: [C09]}"), ALL,
        "ephemeral-client-range", "warning", ("C09",), "50020-50039", "below 32768",
    ),
    "UCMA without a range": (
        site(""), ALL, "ucma-any-port", "warning", ("A09",), "any port", "TrustedApplicationPool",
    ),
    "Edge ports on the wrong side": (
        plan_of(f"id: X, {AUDIO}, executable: MediaRelaySvc.exe, source_ports: 20000-20039"), {},
        "edge-direction", "error", ("X",), "must be destination ports", "destination_ports",
    ),
    "Edge row not narrowed": (
        plan_of(f"id: X, {AUDIO}, sources: edge_internal, destination_ports: 20000-20039"), ALL,
        "edge-narrowing", "warning", ("X",), "replication", "narrow",
    ),
    "hosted service": (
        site("options: {include: [D06]}"), ALL, "hosted-nat", "info", ("D06",), "NAT", "inner side",
    ),
    "EF on Wi-Fi": (site(""), {}, "wireless", "info", ("A10",), "video category", "RFC 8325"),
    "application sharing at CS3": (
        site("rows: [{id: P03, code_point: 24}]"), ALL,
        "app-sharing-cs3", "warning", ("P03",), "24 (CS3)", "18",
    ),
    "signalling at EF": (
        plan_of(f"id: X, {SIP}, code_point: 46"), {},
        "signalling-ef", "warning", ("X",), "46 (EF)", "24",
    ),
    "file transfer at AF13": (
        site("rows: [{id: P02, code_point: 14}]"), {},
        "file-transfer-af13", "info", ("P02",), "AF13", "10",
    ),
    "audio at CS5": (
        plan_of("id: X, media: audio, code_point: 40, protocols: udp, source_ports: 20000"), {},
        "audio-cs5", "warning", ("X",), "40 (CS5)", "46",
    ),
    "TCP fallback": (site(""), {}, "tcp-media", "info", ("A10",), "fallback", "options.tcp"),
    "DSCP without a queue": (
        plan_of("id: X, media: audio, code_point: 40, protocols: udp, source_ports: 20000"), {},
        "no-queue", "warning", ("X",), "DSCP 40", "code_points",
    ),
    "too much priority": (
        site("queues: [{media: audio, percent: 34}]"), {},
        "priority-share", "warning", (), "34 %", "lower",
    ),
    "more than the link": (
        site("queues: [{media: video, percent: 60}]"), {},
        "queue-sum", "error", (), "112 %", "100 %",
    ),
    "small default queue": (
        site("queues: [{media: default, percent: 5}]"), {},
        "best-effort-share", "warning", (), "5 %", "25",
    ),
    "no default queue": (
        plan_of(f"id: X, {AUDIO}, source_ports: 5000",
                head="queues: [{media: audio, treatment: priority, percent: 10}]\n"), {},
        "best-effort-share", "error", (), "no default queue", "add",
    ),
    "DSCP in two queues": (
        site("queues: [{media: video, code_points: [46]}]"), {},
        "queue-code-points", "error", (), "audio and video", "one of them",
    ),
}  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS)
def test_trap_is_found(trap):
    plan, bindings, kind, severity, rows, message, hint = TRAPS[trap]
    matching = [
        item
        for item in found(plan, bindings, kind)
        if message in item.message and set(rows) <= set(item.rows)
    ]
    assert matching, found(plan, bindings)
    item = matching[0]
    assert item.severity == severity
    assert hint in item.hint
    assert item.where is not None
    assert item.where.line is not None
    assert all(row_id in item.message for row_id in rows[:1]) or kind in SUMMARIES


# Findings about many rows name them in `rows` only.
SUMMARIES = {
    "app-sharing-cs3",
    "audio-cs5",
    "default-app-sharing",
    "executable-invisible",
    "file-transfer-af13",
    "signalling-ef",
    "tcp-media",
    "wireless",
}


def test_every_check_has_a_trap_of_its_own():
    assert {trap[2] for trap in TRAPS.values()} == {name for name, _ in CHECKS}
    assert len({name for name, _ in CHECKS}) == len(CHECKS)


def test_findings_without_a_trap():
    """A plan without traps: what remains is said for information only."""
    plan = plan_of(
        f"id: A, {AUDIO}, source_ports: 20000-20039", f"id: V, {VIDEO}, source_ports: 20040-20079"
    )
    assert [item.id for item in found(plan)] == ["wireless"]


def test_the_preset_with_all_addresses_has_no_errors():
    assert [item for item in found(PRESET, ALL) if item.severity is Severity.ERROR] == []


def test_the_only_conflict_of_the_bound_article_is_exchange_um():
    settled = [
        item
        for item in found(PRESET, ALL, "overlap-settled")
        if all(row_id.startswith("A") for row_id in item.rows)
    ]
    assert [item.rows for item in settled] == [("A05", "A04")]
    assert found(PRESET, ALL, "overlap") == []


def test_a_narrower_row_before_a_wider_one_is_meant():
    plan = plan_of(
        f"id: V, {VIDEO}, source_ports: 20040-20049", f"id: A, {AUDIO}, source_ports: 20000-20079"
    )
    assert found(plan, kind="overlap") == []
    assert found(plan, kind="dead-row") == []
    assert [item.rows for item in found(plan, kind="overlap-settled")] == [("V", "A")]


def test_addresses_keep_rows_apart():
    rows = (
        f"id: A, {AUDIO}, sources: clients, source_ports: 20000-20039",
        f"id: V, {VIDEO}, sources: phones, source_ports: 20000-20039",
    )
    assert found(plan_of(*rows), ALL, "overlap") == []
    same = {"clients": ALL["clients"], "phones": ALL["clients"]}
    assert [item.rows for item in found(plan_of(*rows), same, "dead-row")] == [("V", "A")]


def test_findings_come_with_errors_first():
    ranks = [list(Severity).index(item.severity) for item in found(PRESET)]
    assert ranks == sorted(ranks)


def test_a_finding_is_one_line_with_its_place():
    item = found(PRESET, kind="ephemeral-range")[0]
    assert str(item).startswith(f"lync-2013.yaml:{item.where.line}: error: row C06")
    assert "\n" not in str(item)


def test_a_table_is_checked_with_its_lines():
    table = "component,media,dscp,protocol,source ports\nEdge server,Audio,46,Both,20000-20039\n"
    found_in = check_plan(import_table(table, "t.csv").plan)
    assert {str(item.where) for item in found_in} == {"t.csv:2"}


def test_two_thousand_rows_are_checked():
    rows = [f"id: R{n}, {VIDEO if n % 2 else AUDIO}, source_ports: {9000 + n}" for n in range(2000)]
    plan = plan_of(*rows)
    assert [item.severity for item in check_plan(plan)].count(Severity.ERROR) == 0
