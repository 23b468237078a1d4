"""Places of filters, marks and schedulers whose effect is not worked out: unknown, there alone."""

from __future__ import annotations

import pytest

UDP = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp ef"


def test_a_filter_of_a_logical_system_leaves_its_unit_unknown(ask) -> None:
    text = (
        "set logical-systems L interfaces ge-0/0/0 unit 5 family inet filter input F\n"
        "set logical-systems L firewall family inet filter F term A then dscp ef\n"
        "set interfaces ge-0/0/0 unit 0 family inet address 192.0.2.1/24\n"
        "set interfaces ge-0/0/1 unit 0 family inet address 198.51.100.1/24\n"
        "set class-of-service interfaces ge-0/0/1 unit 0 classifiers dscp default\n"
    )
    assert ask(text, UDP, in_interface="ge-0/0/0.5").verdict == "unknown"
    assert ask(text, UDP, out_interface="ge-0/0/0.5").verdict == "unknown"
    assert ask(text, UDP, in_interface="ge-0/0/1.0").verdict == "known"


def test_a_unit_that_hands_packets_to_services_which_mark_is_not_known(ask) -> None:
    unit = "set interfaces ge-0/0/{} unit 0 family inet "
    text = (
        f"{unit.format(0)}service input service-set S\n"
        f"{unit.format(0)}filter input F\n{unit.format(1)}filter input F\n"
        "set firewall family inet filter F term A then accept\n"
    )
    marks = "set services cos rule R match-direction input term A then dscp ef\n"
    assert ask(text, UDP, in_interface="ge-0/0/0.0").verdict == "known"
    assert ask(text + marks, UDP, in_interface="ge-0/0/0.0").verdict == "unknown"
    assert ask(text + marks, UDP, in_interface="ge-0/0/1.0").verdict == "known"


@pytest.mark.parametrize("unit", ["", " unit 0"])
def test_how_members_of_a_scheduled_set_are_served_is_not_known(ask, unit: str) -> None:
    text = (
        "set interfaces ge-0/0/0 unit 0 family inet address 192.0.2.1/24\n"
        "set interfaces ge-0/0/1 unit 0 family inet address 198.51.100.1/24\n"
        f"set interfaces interface-set X interface ge-0/0/1{unit}\n"
    )
    way = {"in_interface": "ge-0/0/0.0", "out_interface": "ge-0/0/1.0"}
    back = {"in_interface": "ge-0/0/1.0", "out_interface": "ge-0/0/0.0"}
    served = "set class-of-service interfaces interface-set {} output-traffic-control-profile T\n"
    assert ask(text, UDP, **way).verdict == "known"
    assert ask(text + served.format("X"), UDP, **way).verdict == "unknown"
    assert ask(text + served.format("X"), UDP, **back).verdict == "known"
    assert ask(text + served.format("Y"), UDP, **way).verdict == "known"
