"""Text as people paste it: pager marks, prompts, remarks behind a line, lost indentation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from translator.drivers.cisco.places import listed_interfaces, opened_interfaces
from translator.drivers.cisco.reader import line_of, read_sections

WANTED = frozenset({"class-map", "policy-map", "interface"})
PLAIN = """\
class-map match-any GOLD
 match dscp ef
policy-map EDGE
 class GOLD
  priority percent 10
 class class-default
  fair-queue
interface Serial0/1
 ip address 192.0.2.1 255.255.255.252
 service-policy output EDGE
"""


def read(text: str) -> list[tuple[str, list[str]]]:
    return [
        (section.head.text, [" ".join(line.words) for line in section.body])
        for section in read_sections(text, WANTED).sections
    ]


PROMPTS = {"class-map": "cmap", "policy-map": "pmap", "interface": "if"}


def with_prompts(text: str) -> str:
    mode, lines = "cmap", []
    for line in text.splitlines():
        opened = PROMPTS.get(line.split()[0])
        lines.append(f"R1(config{'' if opened else '-' + mode})# {line.strip()}")
        mode = opened or mode
    return "R1#configure terminal\n" + "\n".join(lines) + "\nR1(config-if)# end\nR1# show run\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "Building configuration...\n\nCurrent configuration : 812 bytes\n!\n" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n ", "\n\t"),
        lambda text: text.replace("\n", "  \n"),
        lambda text: "\ufeff" + text.replace("\n ", "\n\xa0"),
        lambda text: text.replace(
            " class GOLD", " --More-- \b\b\b\b\b\b        \b\b\b\b class GOLD"
        ),
        lambda text: text.replace(" class GOLD", " --More-- \r          \r class GOLD"),
        lambda text: text.replace(" match", " --More--  match").replace("\n", "\r\n"),
        lambda text: text.replace("dscp ef", "dscp ef   ! voice").replace("10\n", "10 ! of all\n"),
        lambda text: "\n".join(line.strip() for line in text.splitlines()),
        lambda text: "\n".join(f"{line}\n!" for line in text.splitlines()),
        lambda text: text.replace("interface", "int"),
        lambda text: "conf t\n" + "".join(f"  {line}\n" for line in text.splitlines()),
        with_prompts,
    ],
)
def test_what_surrounds_pasted_text_changes_nothing(change: Callable[[str], str]) -> None:
    expected = read(PLAIN)
    found = read(change(PLAIN))
    assert [body for _, body in found] == [body for _, body in expected]
    assert [head.split()[-1] for head, _ in found] == ["GOLD", "EDGE", "Serial0/1"]


def test_lines_below_an_interface_that_lost_its_indentation_reach_up_to_the_next_header() -> None:
    text = (
        "interface e0\nip address dhcp\nservice-policy output P\nrouter bgp 1\nservice-policy x\n"
    )
    assert read(text) == [("interface e0", ["ip address dhcp", "service-policy output P"])]


def test_a_line_that_a_terminal_broke_in_two_does_not_end_its_policy() -> None:
    text = (
        "policy-map P\n class A\n  police 8000 conform-action transmit exceed-action\n"
        "set-dscp-transmit 8\n class B\n  priority 64\n"
    )
    ((_, body),) = read(text)
    assert body[-2:] == ["class B", "priority 64"]


def test_only_the_lines_that_bear_on_the_matter_are_kept() -> None:
    text = (
        "interface e0\n switchport\n shape average 1\n  deeper\n nhrp map service-policy output P\n"
    )
    only = {"interface": frozenset({"shape"})}
    (section,) = read_sections(text, WANTED, only).sections
    assert [line.number for line in section.body] == [3, 4, 5]


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("interface GigabitEthernet0/1", ("GigabitEthernet0/1",)),
        ("interface GigabitEthernet 0/1", ("GigabitEthernet0/1",)),
        ("interface Serial0/0.1 point-to-point", ("Serial0/0.1",)),
        ("interface Virtual-Template1 type tunnel", ("Virtual-Template1",)),
        ("interface range Gi0/1 - 3", ("Gi0/1", "Gi0/2", "Gi0/3")),
        ("interface range fa0/1-2,gi0/1", ("fa0/1", "fa0/2", "gi0/1")),
        ("interface range Gi1/0/1 - Gi1/0/2 , Te1/1/1", ("Gi1/0/1", "Gi1/0/2", "Te1/1/1")),
        ("interface range macro DESKS", ("range macro DESKS",)),
        ("interface range Gi0/1 - 99999", ("range Gi0/1 - 99999",)),
        ("interface", ("",)),
    ],
)
def test_a_header_opens_one_interface_or_each_of_a_range(head: str, names: tuple[str, ...]) -> None:
    assert opened_interfaces(line_of(head)) == names


def test_words_that_are_no_interfaces_are_no_list() -> None:
    assert listed_interfaces(["Gi0/1", "or", "so"]) == ()
