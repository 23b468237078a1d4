"""Texts that are larger or deeper than any device prints."""

from __future__ import annotations

import pytest

from translator.drivers.juniper_junos import JuniperJunos


@pytest.mark.parametrize(
    "text",
    [
        "firewall {" + "a {" * 3000,
        "set firewall " + "a " * 3000,
        "class-of-service {\n" + "interfaces {\n" * 3000,
        "set interfaces " + "a " * 3000,
        "set groups G " + "a " * 3000 + "\nset apply-groups G\n",
        "".join(f"set firewall filter F{n} term A filter F{n + 1}\n" for n in range(500)),
        'set interfaces interface-range R member "ge-[0-9999]/[0-9999]/[0-9999]"\n',
    ],
    ids=lambda text: text[:24],
)
def test_a_text_beyond_all_measure_is_survived(text: str) -> None:
    JuniperJunos().parse(text)


def test_every_filter_of_many_is_read() -> None:
    text = "".join(f"set firewall filter F{n} term A then accept\n" for n in range(200))
    assert len(JuniperJunos().parse(text).policies) == 200


def test_an_interface_rests_on_the_first_lines_of_what_a_pattern_says() -> None:
    said = "set class-of-service interfaces ge-0/0/* unit * classifiers dscp C\n" * 300
    own = "set class-of-service interfaces ge-0/0/1 unit 0 forwarding-class voice\n"
    device = JuniperJunos().parse(said + own * 2)
    (found,) = [item for item in device.interfaces if item.name == "ge-0/0/1.0"]
    assert found.lines == (*range(1, 101), 301, 302)
    assert not device.unread
    assert set(device.understood) == {*range(1, 303)}
