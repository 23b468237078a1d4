"""What changes from one plan to another: in words and over all packets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from conformance.shapes import BINDINGS, bindings_of
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.values import replace
from translator.audit.plandiff import Change, PlanDiff, Section, plan_diff
from translator.cli.plan_diff_view import plan_diff_json, plan_diff_lines
from translator.codepoint import CodePoint
from translator.errors import PlanError
from translator.intents.compile import InterfaceSpec, compile_intents
from translator.intents.match import Prefix, prefix_of
from translator.intents.model import Role
from translator.intents.stages import device_of
from translator.plan.groups import known_groups
from translator.plan.load import load_preset, parse_plan, preset_names
from translator.plan.model import Plan, PlanRow
from translator.ports import PortBlock, PortRange
from translator.verify.compare import Side, Verdict
from translator.verify.packet import Packet
from translator.verify.prove import OTHER

GOLDEN = Path(__file__).with_name("golden")
LYNC, TEAMS = load_preset("lync-2013"), load_preset("microsoft-teams")
EDGE = load_preset("expressroute-edge")
CLIENTS = {"clients": (prefix_of("10.1.0.0/16"),)}
ALL_ROLES = tuple(Role)
MIRRORED = {Change.ADDED: Change.REMOVED, Change.REMOVED: Change.ADDED}

Bindings = Mapping[str, Sequence[Prefix]]


def site(text: str, base: str = "lync-2013") -> Plan:
    return parse_plan(f"extends: {base}\n{text}", "site.yaml")


def said(found: PlanDiff, section: Section = Section.ROWS) -> dict[str, str]:
    return {item.subject: item.text for item in found.lines if item.section is section}


@pytest.mark.parametrize(
    ("a", "b"), [("lync-2013", "microsoft-teams"), ("microsoft-teams", "expressroute-edge")]
)
def test_the_text_stays_as_reviewed(a: str, b: str, request: pytest.FixtureRequest) -> None:
    roles = (Role.CLIENT, Role.SERVER, Role.UPLINK)
    bound = {"conference_servers": BINDINGS["conference_servers"], **CLIENTS}
    text = "\n".join(plan_diff_lines(plan_diff(load_preset(a), load_preset(b), bound, roles)))
    expected = GOLDEN / f"{a}.{b}.txt"
    if request.config.getoption("--update-golden"):
        expected.write_text(text + "\n", encoding="utf-8")
    assert text + "\n" == expected.read_text(encoding="utf-8")


def test_the_words_say_what_to_open_and_what_may_go() -> None:
    found = plan_diff(LYNC, TEAMS, CLIENTS)
    rows = said(found)
    assert rows["client audio"].startswith("source ports 20000-20039 become 50000-50019; ")
    assert rows["client audio"].endswith("; EF stays")
    assert "CS3 becomes CS5" in rows["client signalling"]
    assert "now needs the addresses of clients" in rows["client video"]
    gone = [x for x in found.lines if x.change is Change.REMOVED and x.section is Section.ROWS]
    assert "conference_servers audio" in {item.subject for item in gone}
    assert said(found, Section.PORT_SETTINGS)["client.video"] == "20040-20079 becomes 50020-50039"
    assert "becomes bandwidth 3 % of CS5" in said(found, Section.QUEUES)["signalling"]
    assert "52.112.0.0/14" in said(found, Section.GROUPS)["microsoft_media"]


def test_every_kind_of_change_has_a_box_and_a_witness() -> None:
    (client,) = plan_diff(LYNC, TEAMS, CLIENTS, [Role.CLIENT]).roles
    kinds = {(item.class_a, item.class_b) for item in client.changes if item.entering}
    assert kinds >= {
        ("audio", ""), ("video", ""), ("signalling", ""), ("", "audio"), ("", "video"),
        ("", "app_sharing"), ("", "signalling"), ("", ""),
    }  # fmt: skip
    (old,) = (x for x in client.changes if (x.class_a, x.class_b) == ("audio", ""))
    assert "20000-20039" in str(old.differences[0].box)
    assert old.differences[0].wanted_origin.rows[:2] == ("A10", "A12")
    assert_witnesses(LYNC, TEAMS, CLIENTS, (Role.CLIENT,))


def assert_witnesses(a: Plan, b: Plan, bindings: Bindings, roles: Sequence[Role]) -> None:
    """Each witness, run packet by packet through both plans, is treated as the diff says."""
    for found in plan_diff(a, b, bindings, roles).roles:
        for change in found.changes:
            ends = (found.role.value, OTHER) if change.entering else (OTHER, found.role.value)
            for item in change.differences:
                assert treated(a, bindings, found.role, ends, item.packet) == item.wanted
                assert treated(b, bindings, found.role, ends, item.packet) == item.found
                assert item.wanted != item.found


def treated(
    plan: Plan, bindings: Bindings, role: Role, ends: tuple[str, str], packet: Packet
) -> object:
    own = {name: value for name, value in bindings.items() if name in known_groups(plan)}
    device = device_of(compile_intents(plan, "r1", [InterfaceSpec(role, role)], own))
    return Side(device, *ends).trace(packet).treatment


def test_return_traffic_shows_at_the_internet_line() -> None:
    asked = replace(TEAMS, options=replace(TEAMS.options, include=("T21",)))
    found = plan_diff(TEAMS, asked, CLIENTS, [Role.INTERNET])
    (line,) = found.roles
    (change,) = line.changes
    assert (change.entering, change.class_a, change.class_b) == (True, "", "audio")
    assert "52.112.0.0" in str(change.differences[0].box)
    assert_witnesses(TEAMS, asked, CLIENTS, (Role.INTERNET,))


@pytest.mark.parametrize("name", preset_names())
def test_a_plan_does_not_differ_from_itself(name: str) -> None:
    plan = load_preset(name)
    for bindings in ({}, bindings_of(name)):
        found = plan_diff(plan, plan, bindings, ALL_ROLES)
        assert found.verdict is Verdict.EQUAL
        assert found.lines == ()
        assert not found.renamed
        assert not any(role.changes or role.parameters or role.moves for role in found.roles)


@pytest.mark.parametrize("a", preset_names())
@pytest.mark.parametrize("b", preset_names())
def test_the_way_back_is_the_mirror(a: str, b: str) -> None:
    if a >= b:
        return
    one, other = load_preset(a), load_preset(b)
    bindings = {**bindings_of(a), **bindings_of(b)}
    there, back = (plan_diff(*pair, bindings) for pair in ((one, other), (other, one)))
    assert there.verdict is back.verdict is Verdict.DIFFERENT
    turned = {
        (x.section, MIRRORED.get(x.change, x.change), x.subject, x.rows_b, x.rows_a)
        for x in there.lines
    }
    assert turned == {(x.section, x.change, x.subject, x.rows_a, x.rows_b) for x in back.lines}
    for mine, its in zip(there.roles, back.roles, strict=True):
        assert mine.verdict is its.verdict
        assert {
            (c.entering, c.class_b, c.class_a, x.packet, x.found, x.wanted)
            for c in mine.changes
            for x in c.differences
        } == {
            (c.entering, c.class_a, c.class_b, x.packet, x.wanted, x.found)
            for c in its.changes
            for x in c.differences
        }


CLIENT_ROWS = tuple(
    row for row in LYNC.rows if row.id in ("A10", "A11", "A12", "A13", "C07", "C08")
)
SMALL = replace(LYNC, name="small", rows=CLIENT_ROWS)


def renamed(row: PlanRow, number: int) -> PlanRow:
    return replace(row, id=f"X{number}", component=f"Client {number}", note="", source="mine")


@settings(max_examples=20)
@given(st.permutations(CLIENT_ROWS))
def test_names_and_an_order_without_effect_make_no_difference(rows: list[PlanRow]) -> None:
    other = replace(SMALL, rows=tuple(renamed(row, n) for n, row in enumerate(rows)))
    found = plan_diff(SMALL, other, CLIENTS, (Role.CLIENT, Role.PHONE, Role.WAN))
    assert found.verdict is Verdict.EQUAL
    assert found.lines == ()
    assert found.renamed
    first = next(plan_diff_lines(found))
    assert "equal over all packets" in first
    assert "differing only in names" in first


@settings(max_examples=25)
@given(
    st.sampled_from(range(len(CLIENT_ROWS))),
    st.integers(1024, 30000),
    st.sampled_from([CodePoint(46), CodePoint(34), CodePoint(40), CodePoint(0)]),
)
def test_a_row_that_changed_is_seen_and_witnessed(at: int, port: int, point: CodePoint) -> None:
    row = replace(
        CLIENT_ROWS[at], code_point=point, source_ports=(PortRange(port, port + 9),), needs=()
    )
    rows = (row, *(item for item in CLIENT_ROWS if item is not CLIENT_ROWS[at]))
    other = replace(SMALL, rows=rows)
    found = plan_diff(SMALL, other, CLIENTS, (Role.CLIENT,))
    assert found.verdict is Verdict.DIFFERENT
    assert found.lines
    assert_witnesses(SMALL, other, CLIENTS, (Role.CLIENT,))


def test_an_order_with_an_effect_is_a_difference_of_packets_alone() -> None:
    """Both rows want port 20010; the first wins."""
    wide = replace(CLIENT_ROWS[0], id="W", source_ports=(PortRange(20000, 20019),))
    other = replace(wide, id="V", source_ports=(PortRange(20010, 20029),), code_point=CodePoint(34))
    one, two = replace(SMALL, rows=(wide, other)), replace(SMALL, rows=(other, wide))
    found = plan_diff(one, two, CLIENTS, (Role.CLIENT,))
    assert (found.lines, found.renamed) == ((), True)
    assert found.packets is Verdict.DIFFERENT
    (change,) = found.roles[0].changes
    assert "20010-20019" in str(change.differences[0].box)


def test_a_role_that_lacks_addresses_is_unknown_not_equal() -> None:
    moved = replace(
        LYNC,
        rows=tuple(
            replace(row, source_ports=(PortRange(50000, 57500),)) if row.id == "A01" else row
            for row in LYNC.rows
        ),
    )
    (server,) = plan_diff(LYNC, moved, {}, [Role.SERVER]).roles
    assert server.verdict is Verdict.UNKNOWN
    assert "--address" in server.reasons[0]


def test_a_role_without_rows_asks_for_nothing() -> None:
    bound = {"conference_servers": BINDINGS["conference_servers"]}
    (server,) = plan_diff(LYNC, TEAMS, bound, [Role.SERVER]).roles
    assert server.verdict is Verdict.DIFFERENT
    assert any("B has no rows for role server" in note for note in server.notes)
    assert {item.class_b for item in server.changes} == {""}


def test_what_the_edge_forbids_shows_at_trusted_interfaces() -> None:
    free = replace(EDGE, options=replace(EDGE.options, allowed_code_points=()))
    found = plan_diff(free, EDGE, {}, [Role.UPLINK])
    assert said(found, Section.OPTIONS) == {
        "allowed_code_points": "all becomes af11, af21, af41, ef and df"
    }
    (uplink,) = found.roles
    (change,) = uplink.changes
    assert change.entering
    assert str(change.differences[0].found.marking) == "set dscp df"


def test_settings_queues_and_groups_are_told_apart() -> None:
    other = site(
        "port_settings: {client.app_sharing: {start: 20080, count: 40}}\n"
        "queues: [{media: video, percent: 15}]\n"
        "groups: {clients: 10.1.0.0/16}\n"
        "options: {tcp: false, exclude: [A14]}\n"
    )
    found = plan_diff(LYNC, other, {}, ())
    assert other.port_settings[2].block == PortBlock(20080, 40)
    assert said(found, Section.PORT_SETTINGS) == {
        "client.app_sharing": "not set becomes 20080-20119"
    }
    assert said(found, Section.OPTIONS) == {"tcp": "true becomes false"}
    assert said(found, Section.GROUPS) == {"clients": "not bound becomes 10.1.0.0/16"}
    assert "15 %" in said(found, Section.QUEUES)["video"]
    assert "A14" in next(x.rows_b for x in found.lines if x.section is Section.LEFT_OUT)
    assert "AttendantConsole.exe" in said(found)["client audio"]
    assert found.packets is Verdict.EQUAL
    assert "different in words" in next(plan_diff_lines(found))


def test_a_group_that_neither_plan_has_is_refused() -> None:
    with pytest.raises(PlanError, match="no address group 'nowhere'"):
        plan_diff(LYNC, TEAMS, {"nowhere": (prefix_of("10.0.0.0/8"),)})


def test_json_holds_everything() -> None:
    found = plan_diff(LYNC, TEAMS, CLIENTS)
    told = plan_diff_json(found)
    assert (told["a"], told["b"], told["verdict"]) == ("lync-2013", "microsoft-teams", "different")
    assert len(told["lines"]) == len(found.lines)
    boxes = [box for role in told["roles"] for change in role["changes"] for box in change["boxes"]]
    assert all(box["packet"] and box["a"]["treatment"] != box["b"]["treatment"] for box in boxes)


def test_a_plan_that_contradicts_itself_is_an_error_not_an_unknown() -> None:
    """Too much of the link, and one match with two code points."""
    queues = tuple(replace(item, percent=60) for item in LYNC.queues)
    with pytest.raises(PlanError, match="% of the interface"):
        plan_diff(LYNC, replace(LYNC, queues=queues), CLIENTS, (Role.WAN,))
    rows = (CLIENT_ROWS[0], replace(CLIENT_ROWS[0], id="A99", code_point=CodePoint(34)))
    with pytest.raises(PlanError, match="match the same packets"):
        plan_diff(SMALL, replace(SMALL, rows=rows), CLIENTS, (Role.CLIENT,))


def test_plans_that_hold_many_rows_of_one_flow_are_told_without_pairs() -> None:
    def plan(start: int) -> Plan:
        rows = tuple(
            replace(
                CLIENT_ROWS[0],
                id=f"R{start + number}",
                source_ports=(PortRange(start + number, start + number),),
            )
            for number in range(150)
        )
        return replace(SMALL, rows=rows)

    found = plan_diff(plan(1000), plan(2000), CLIENTS, ())
    assert {item.change for item in found.lines} == {Change.ADDED, Change.REMOVED}
    assert len(found.lines) == 300
