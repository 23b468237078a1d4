"""From a plan to settings: what is carried over, what is not, and why."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest

from translator.codepoint import CodePoint
from translator.endpoint.derive import derive, is_teams
from translator.endpoint.policy.names import policy_name, row_id_of_policy
from translator.endpoint.policy.precedence import meet, stronger
from translator.endpoint.settings import (
    ClientRanges,
    HostPolicy,
    MediaPorts,
    MediaQos,
    NlaSwitch,
    PhoneMarking,
    PschedMarking,
    PschedService,
)
from translator.plan.load import load_preset, parse_plan
from translator.plan.model import Transport
from translator.plan.table_plan import read_csv_plan
from translator.ports import PortBlock, PortRange

LYNC = load_preset("lync-2013")
HEADER = (
    "id,component,communication type,executable,dscp,protocol,source ip,destination ip,"
    "source ports,destination ports\n"
)
BOTH = (Transport.UDP, Transport.TCP)


def policies(plan, bindings=None) -> dict[str, HostPolicy]:
    found = derive(plan, bindings or {}).settings
    return {item.name: item for item in found if isinstance(item, HostPolicy)}


def of_table(*rows: str):
    return read_csv_plan(HEADER + "\n".join(rows), "plan.csv", LYNC)


def reasons(plan, bindings=None) -> dict[str, str]:
    return {item.row_id: item.reason for item in derive(plan, bindings or {}).left_out}


def test_the_five_client_policies_of_the_article():
    found = policies(LYNC)
    assert found["QoS A12 Lync 2013 audio"] == HostPolicy(
        "QoS A12 Lync 2013 audio", "lync.exe", BOTH, CodePoint(46), PortRange(20000, 20039)
    )
    for name in (
        "QoS A10 Lync 2010 audio",
        "QoS A11 Lync 2010 video",
        "QoS A13 Lync 2013 video",
        "QoS A14 Lync 2010 Attendant audio",
    ):
        assert name in found


def test_servers_are_told_by_their_program_and_keep_the_published_range():
    bound = {"conference_servers": [ip_network("198.51.100.0/28")]}
    for bindings in ({}, bound):
        found = policies(LYNC, bindings)["QoS A01 A-V Conferencing service audio"]
        assert (found.source_ports, found.source_prefix) == (PortRange(49152, 57500), None)


def test_ports_and_switches_are_those_of_the_plan():
    found = derive(LYNC, {}).settings
    assert found[:2] == (
        ClientRanges(True),
        MediaPorts("client.audio", PortBlock(20000, 40)),
    )
    assert MediaPorts("conference_server.audio", PortBlock(49152, 8348)) in found, "as counted"
    assert "client.app_sharing" not in {getattr(item, "name", "") for item in found}
    assert PhoneMarking(CodePoint(46)) in found
    assert MediaQos(True) in found
    assert found[-1] == NlaSwitch("1", True)


def test_an_edge_needs_its_inner_address_and_has_destination_ports():
    assert "edge_internal" in reasons(LYNC)["A03"]
    bound = {"edge_internal": [ip_network("192.0.2.10/32"), ip_network("2001:db8::10/128")]}
    found = policies(LYNC, bound)
    names = [name for name in found if name.startswith("QoS A03 ")]
    assert names == [f"QoS A03 A-V Edge service audio {number}" for number in (1, 2, 3, 4)]
    ports = {(found[n].destination_ports, str(found[n].source_prefix)) for n in names}
    assert ports == {
        (PortRange(low, high), prefix)
        for low, high in ((49152, 57500), (20000, 20039))
        for prefix in ("192.0.2.10/32", "2001:db8::10/128")
    }
    assert all(found[name].source_ports is None for name in names), "narrowing is for networks"


def test_pairs_of_addresses_stay_within_a_version():
    bound = {
        "edge_internal": [ip_network("192.0.2.10/32"), ip_network("2001:db8::10/128")],
        "exchange_um": [ip_network("2001:db8:1::/64")],
    }
    (found,) = (item for name, item in policies(LYNC, bound).items() if "A05" in name)
    assert str(found.source_prefix) == "2001:db8::10/128"
    bound["edge_internal"] = bound["edge_internal"][:1]
    assert "different IP versions" in reasons(LYNC, bound)["A05"]


def test_everybody_is_no_address():
    assert "A03" in reasons(LYNC, {"edge_internal": [ip_network("0.0.0.0/0")]})


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("C06", "names no program"),
        ("C07", "names no program"),
        ("P04", "addresses of lync_servers are not known"),
        ("P06", "no Windows hosts"),
        ("C08", "with which code point cannot be set"),
        ("B01", "carry 40 already"),
        ("P01", "client.app_sharing is not set"),
        ("B04", "no single code point"),
    ],
)
def test_rows_without_a_place_say_why(row, reason):
    assert reason in reasons(LYNC)[row]
    assert all(item.hint for item in derive(LYNC, {}).left_out)


def test_rows_are_carried_or_left_out_or_not_asked_for():
    derived = derive(LYNC, {})
    carried = {row_id_of_policy(name) for name in policies(LYNC)} | {"A15"}  # the phones
    left_out = {item.row_id for item in derived.left_out}
    assert not carried & left_out
    assert carried | left_out == {row.id for row in LYNC.rows if not row.opt_in}


def test_no_client_policy_while_clients_use_any_port():
    plan = parse_plan("extends: lync-2013\noptions: {client_port_ranges: false}", "p.yaml")
    assert "ClientMediaPortRangeEnabled is false" in reasons(plan)["A12"]
    assert ClientRanges(False) in derive(plan, {}).settings


def test_xp_marks_by_service_type_where_it_is_asked_for():
    plan = parse_plan("extends: lync-2013\noptions: {include: [B02, B03]}", "p.yaml")
    found = derive(plan, {}).settings
    assert PschedMarking(PschedService.GUARANTEED, CodePoint(46)) in found
    assert PschedMarking(PschedService.CONTROLLED_LOAD, CodePoint(34)) in found
    assert not any(isinstance(item, PschedMarking) for item in derive(LYNC, {}).settings)


def test_two_answers_for_the_phones_are_no_answer():
    plan = of_table(
        "X1,Lync 2010 Phone Edition,Audio,n/a,46,UDP,Any,Any,20000-20039,",
        "X2,Lync 2013 Phone Edition,Audio,n/a,40,UDP,Any,Any,20000-20039,",
    )
    assert "another code point" in reasons(plan)["X2"]


def test_conditions_that_the_owner_wrote_stay():
    plan = of_table(
        "X1,Lync,Audio,lync.exe,46,UDP,10.1.0.0/16;10.2.0.0/16,Any,20000-20039;20100,",
        "X2,Any port,Audio,a.exe,46,TCP,Any,10.0.0.0/8,0-65535,443",
        "X3,Port zero,Audio,b.exe,46,TCP,Any,Any,0-9,",
        "X4,No file name,Audio,Lync,46,TCP,Any,Any,20000,",
    )
    found = policies(plan)
    of_x1 = [item for name, item in found.items() if name.startswith("QoS X1 ")]
    assert {(str(item.source_prefix), str(item.source_ports)) for item in of_x1} == {
        (prefix, ports)
        for prefix in ("10.1.0.0/16", "10.2.0.0/16")
        for ports in ("20000-20039", "20100")
    }
    assert found["QoS X2 Any port audio"] == HostPolicy(
        "QoS X2 Any port audio",
        "a.exe",
        (Transport.TCP,),
        CodePoint(46),
        destination_ports=PortRange(443, 443),
        destination_prefix=ip_network("10.0.0.0/8"),
    )
    assert "port 0" in reasons(plan)["X3"]
    assert "no program's file name" in reasons(plan)["X4"]


def test_a_role_among_the_sources_leaves_no_limit():
    row = "{id: X1, component: y, media: audio, code_point: ef, protocols: udp, executable: a.exe"
    plan = parse_plan(
        "groups: {branch: [10.1.0.0/16]}\nrows:\n"
        f"  - {row}, sources: [clients, branch], source_ports: 20000}}\n"
        f"  - {row.replace('X1', 'X2')}, sources: [edge_internal, branch], source_ports: 20001}}\n",
        "p.yaml",
    )
    assert policies(plan)["QoS X1 y audio"].source_prefix is None
    assert "edge_internal are not known" in reasons(plan)["X2"]


def test_a_row_of_very_many_policies_is_left_out():
    bound = {"lync_servers": [ip_network((at << 8, 24)) for at in range(201)]}
    assert "takes 201 policies" in reasons(LYNC, bound)["P04"]


def test_ids_that_differ_in_case_alone():
    row = ",Lync,Audio,lync.exe,46,UDP,Any,Any,20000-20039,"
    assert "does not tell case apart" in reasons(of_table(f"x1{row}", f"X1{row}"))["X1"]


@pytest.mark.parametrize(
    "component",
    ["", "A/V", "O'Brien \u2019", "a\\b]", "$(x) `n", "\u65e5\u672c", "x" * 120, "QoS B1 y"],
)
def test_names_are_plain_and_lead_back_to_the_row(component):
    row = of_table(f'A.1-b,"{component}",Audio,lync.exe,46,UDP,Any,Any,20000-20039,').rows[0]
    name = policy_name(row, 3)
    assert row_id_of_policy(name) == "A.1-b"
    assert name.endswith("audio 3")
    assert set(name) <= {" ", *".()+-_"} | {char for char in name if char.isalnum()}
    assert len(name) <= 255


@pytest.mark.parametrize("name", ["Lync 2013 Audio", "QoS", "QoSA12 x", ""])
def test_policies_of_others_have_no_row(name):
    assert row_id_of_policy(name) is None


TEAMS = """\
name: our-teams
port_settings:
  client.audio: {start: 50000, count: 20}
  client.video: {start: 50020, count: 20}
rows:
  - {id: T01, component: Teams, media: audio, code_point: ef, protocols: both,
     executable: ms-teams.exe, source_ports: client.audio, needs: [clients]}
"""


def test_a_teams_plan_sets_the_tenant():
    plan = parse_plan(TEAMS, "teams.yaml")
    assert is_teams(plan)
    assert not is_teams(LYNC)
    found = derive(plan, {}).settings
    assert found[:4] == (
        ClientRanges(True, "Tenant"),
        MediaPorts("client.audio", PortBlock(50000, 20), "Tenant"),
        MediaPorts("client.video", PortBlock(50020, 20), "Tenant"),
        MediaQos(True, "Tenant"),
    )
    assert [item.name for item in found if isinstance(item, HostPolicy)] == ["QoS T01 Teams audio"]


@pytest.mark.parametrize(
    ("name", "component", "teams"),
    [
        ("microsoft_teams", "x", True),
        ("x", "Teams", True),
        ("steams", "Lync for steamships", False),
        ("x", "Lync", False),
    ],
)
def test_which_plan_is_one_of_teams(name, component, teams):
    text = TEAMS.replace("our-teams", name).replace("component: Teams", f"component: {component}")
    assert is_teams(parse_plan(text.replace("ms-teams.exe", "a.exe"), "p.yaml")) == teams


def test_one_row_of_teams_makes_no_teams_plan():
    row = "{id: T1, component: Teams, media: audio, code_point: ef, protocols: udp}"
    assert not is_teams(parse_plan(f"extends: lync-2013\nrows:\n  - {row}\n", "p.yaml"))


def test_windows_keeps_to_the_order_of_the_preset():
    everything = {
        name: [ip_network("192.0.2.0/24")]
        for name in ("edge_internal", "exchange_um", "lync_servers")
    }
    assert derive(LYNC, everything).remarks == ()


def test_where_windows_decides_otherwise_is_told():
    plan = of_table(
        "X1,Wide,Audio,lync.exe,46,UDP,Any,Any,20000-20039,",
        "X2,Narrow,Video,lync.exe,34,UDP,Any,Any,20000-20039,5061",
        "X3,Equal,Video,LYNC.EXE,34,UDP,Any,Any,20010-20050,",
        "X4,Apart,Video,other.exe,34,UDP,Any,Any,20000-20039,",
    )
    first, second = derive(plan, {}).remarks
    assert "X1" in first
    assert "Windows applies the second, which says more" in first
    assert "'QoS X3 Equal video'" in second
    assert "is not documented" in second


def policy(**parts) -> HostPolicy:
    standard = HostPolicy("x", "a.exe", BOTH, CodePoint(1))
    return replace(standard, **parts)


PORTS = PortRange(1, 9)
NET, HOST = ip_network("192.0.2.0/24"), ip_network("192.0.2.1/32")


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (policy(application="c:\\a.exe", store="HKLM"), policy(store="HKCU")),
        (policy(source_prefix=HOST), policy(application="c:\\a.exe")),
        (policy(application=None, source_prefix=HOST), policy()),
        (policy(source_prefix=HOST), policy(source_ports=PORTS, destination_ports=PORTS)),
        (policy(destination_prefix=HOST), policy(source_prefix=NET)),
        (policy(source_ports=PORTS), policy(destination_prefix=NET)),
        (policy(destination_ports=PORTS), policy(source_ports=PORTS)),
        (policy(protocols=(Transport.UDP,)), policy(destination_ports=PORTS)),
        (policy(source_prefix=NET), policy(source_prefix=HOST)),
    ],
)
def test_precedence_of_windows(less, more):
    assert stronger(less, more) is stronger(more, less) is more


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (policy(), policy(application="A.EXE"), True),
        (policy(), policy(application="c:\\x\\a.exe"), True),
        (policy(), policy(application="b.exe"), False),
        (policy(), policy(application=None), True),
        (policy(protocols=BOTH[:1]), policy(protocols=BOTH[1:]), False),
        (policy(source_ports=PORTS), policy(source_ports=PortRange(9, 10)), True),
        (policy(source_ports=PORTS), policy(source_ports=PortRange(10, 11)), False),
        (policy(source_prefix=NET), policy(source_prefix=HOST), True),
        (policy(source_prefix=NET), policy(source_prefix=ip_network("::/0")), False),
    ],
)
def test_which_policies_meet(first, second, expected):
    assert meet(first, second) == meet(second, first) == expected
