"""Ports of each class: as the plan wants them, and as a configuration has them."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from translator.audit.case import Case, Settings
from translator.audit.model import Direction, MatchedRanges, Placement
from translator.audit.portmap import port_map, port_maps
from translator.drivers.registry import driver
from translator.intents.compile import InterfaceSpec, compile_intents
from translator.intents.lower import lower
from translator.intents.stages import device_of
from translator.plan.load import load_plan
from translator.ports import PortRange
from translator.verify.diagram import Space

_BINDINGS = {"conference_servers": (ip_network("10.1.1.0/24"),)}
_FIRST = {"cisco_ios": "GigabitEthernet0/{}", "juniper_junos": "ge-0/0/{}", "linux": "eth{}"}


def _case(platform: str, *specs: str, old: str = "", new: str = "", budget: int = 0) -> Case:
    """Return the audit of what the driver writes for the specs, with one text replaced."""
    chosen = driver(platform)
    plan = load_plan("lync-2013")
    asked = [InterfaceSpec.of(spec) for spec in specs]
    intents = lower(compile_intents(plan, "x", asked, _BINDINGS), chosen.capabilities)
    text = chosen.render(intents).config
    assert old in text
    text = text.replace(old, new) if old else text
    return Case(
        driver=chosen,
        text=text,
        found=chosen.parse(text),
        ports=(),
        plan=plan,
        groups=(),
        intents=intents,
        wanted=device_of(intents),
        space=Space(budget) if budget else Space(),
        settings=Settings(),
    )


def _ranges(found: tuple[MatchedRanges, ...], name: str, protocol: str) -> list[tuple[str, str]]:
    return [
        (",".join(map(str, item.wanted)), ",".join(map(str, item.found)))
        for item in found
        if (item.traffic_class, item.protocol) == (name, protocol)
    ]


@pytest.mark.parametrize("platform", sorted(_FIRST))
def test_what_a_driver_writes_matches_the_ports_that_are_wanted(platform: str) -> None:
    name = _FIRST[platform].format(1)
    case = _case(platform, f"{name}=client", f"{_FIRST[platform].format(2)}=server")
    for spec, audio in ((name, "20000-20039"), (_FIRST[platform].format(2), "49152-57500")):
        found = port_map(case, Placement((spec,), "any", Direction.IN, ()))
        assert all(item.wanted == item.found for item in found)
        assert _ranges(found, "audio", "udp") == [(audio, audio)]


def test_a_range_that_is_one_port_too_wide_takes_it_from_the_next_class() -> None:
    case = _case(
        "cisco_ios", "GigabitEthernet0/1=client", old="range 20000 20039", new="range 20000 20040"
    )
    found = port_map(case, Placement(("GigabitEthernet0/1",), "client", Direction.IN, ()))
    assert _ranges(found, "audio", "udp") == [("20000-20039", "20000-20040")]
    assert _ranges(found, "video", "tcp") == [("20040-20079", "20041-20079")]
    assert {item.side for item in found if item.traffic_class == "signalling"} == {"destination"}


def test_a_protocol_that_is_forgotten_has_no_ports() -> None:
    case = _case(
        "cisco_ios",
        "GigabitEthernet0/1=client",
        old=" permit tcp any range 20000 20039 any\n",
        new="",
    )
    found = port_map(case, Placement(("GigabitEthernet0/1",), "client", Direction.IN, ()))
    assert _ranges(found, "audio", "tcp") == [("20000-20039", "")]
    assert _ranges(found, "audio", "udp") == [("20000-20039", "20000-20039")]


def test_a_policy_that_marks_everything_has_every_port() -> None:
    case = _case(
        "cisco_ios",
        "GigabitEthernet0/1=client",
        old="permit udp any range 20000 20039 any",
        new="permit udp any any",
    )
    found = port_map(case, Placement(("GigabitEthernet0/1",), "client", Direction.IN, ()))
    assert _ranges(found, "audio", "udp") == [("20000-20039", "0-65535")]
    assert found[0].found == (PortRange(5061, 5061),)


def test_queues_that_are_filled_by_ports_have_them_where_packets_leave() -> None:
    case = _case("linux", "eth0=internet:10M")
    found = port_map(case, Placement(("eth0",), "internet", Direction.OUT, ()))
    assert _ranges(found, "audio", "udp") == [("20000-20039", "20000-20039")]
    assert all(item.wanted == item.found for item in found)
    assert {item.direction for item in found} == {Direction.OUT}


def test_an_interface_that_queues_by_code_point_has_none() -> None:
    case = _case("cisco_ios", "GigabitEthernet0/0=wan:10M")
    for direction in (Direction.IN, Direction.OUT):
        assert port_map(case, Placement(("GigabitEthernet0/0",), "wan", direction, ())) == ()
    assert port_map(case, Placement(("GigabitEthernet0/9",), "wan", Direction.IN, ())) == ()


def test_placements_that_agree_are_told_once_and_what_is_too_large_not_at_all() -> None:
    case = _case("cisco_ios", "GigabitEthernet0/1=client", "GigabitEthernet0/2=client")
    places = [
        Placement((name,), "client", Direction.IN, ())
        for name in ("GigabitEthernet0/1", "GigabitEthernet0/2")
    ]
    assert port_maps(case, places) == port_map(case, places[0]) != ()
    assert port_maps(_case("cisco_ios", "GigabitEthernet0/1=client", budget=60), places) == ()
