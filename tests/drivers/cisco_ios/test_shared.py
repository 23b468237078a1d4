"""Texts that define the same policies on different lines share their stages, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from support.corpus import corpus_files

from benchmarks.generate import configuration
from translator.drivers.cisco_ios import CiscoIos
from translator.intents.device import SHARED_NUMBERS, DeviceQos

IOS = CiscoIos()
ONE = """\
class-map match-any VOICE
 match access-group name MEDIA
class-map match-any VIDEO
 match dscp af41
policy-map EDGE
 class VOICE
  set dscp ef
 class VIDEO
  set dscp af41
policy-map CORE
 class VIDEO
  bandwidth percent 30
interface GigabitEthernet0/1
 service-policy input EDGE
 service-policy output CORE
ip access-list extended MEDIA
 permit udp any range 20000 20039 any
end
"""
MOVED = "hostname r2\n!\nip domain name example.net\n" + ONE.replace("0/1", "0/7").replace(
    "ip access-list", "snmp-server location x\n!\nip access-list"
)


def stages(text: str) -> dict[str, int]:
    """For each policy of a text, the identity of its stage."""
    found, _ = IOS.parse_shared(text)
    return {policy.name: id(policy.stages[0]) for policy in found.policies}


def in_own_numbers(found: object, numbers: Mapping[int, int]) -> str:
    return re.sub(r"\b1\d{15}\b", lambda number: str(numbers[int(number[0])]), repr(found))


def assert_same(text: str) -> None:
    """What is read in shared numbers is what is read otherwise."""
    expected = IOS.parse(text)
    found, numbers = IOS.parse_shared(text)
    assert all(number >= SHARED_NUMBERS for number in numbers)

    def own(lines: tuple[int, ...]) -> list[int]:
        return sorted(numbers.get(line, line) for line in lines)

    for field in ("interfaces", "other_interface", "policies", "notes", "incomplete"):
        assert in_own_numbers(getattr(found, field), numbers) == repr(getattr(expected, field))
    assert own(found.qos_lines) == list(expected.qos_lines)
    assert own(found.understood) == list(expected.understood)
    told = sorted(in_own_numbers(item, numbers) for item in found.unread)
    assert told == sorted(map(repr, expected.unread))


@pytest.mark.parametrize("text", [ONE, MOVED, configuration(0), configuration(9), ONE + ONE])
def test_shared_numbers_change_nothing_but_the_numbers(text: str) -> None:
    assert_same(text)
    assert_same(text)  # and once more, now that all of it is known


def test_real_configurations_are_read_alike() -> None:
    paths = [*corpus_files("cisco_ios"), *corpus_files("cisco_cat9k")]
    if not paths:
        pytest.skip("no corpus on this machine (set QOS_SHARED)")
    for path in paths:
        assert_same(path.read_bytes().decode("utf-8", "replace"))


def test_equal_policies_on_other_lines_are_one_object() -> None:
    assert stages(ONE) == stages(MOVED)
    one, other = IOS.parse_shared(ONE)[0], IOS.parse_shared(MOVED)[0]
    for direction in ("ingress", "egress"):
        (mine,) = getattr(one.interfaces[0], direction)
        (theirs,) = getattr(other.interfaces[0], direction)
        assert mine is theirs
    assert IOS.parse(ONE).policies[0].stages[0] is not IOS.parse(ONE).policies[0].stages[0]


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("20039", "20040", {"EDGE"}),
        ("match dscp af41", "match dscp af42", {"EDGE", "CORE"}),
        ("percent 30", "percent 31", {"CORE"}),
        ("set dscp ef", "set dscp cs5", {"EDGE"}),
        (" permit udp any", " remark x\n permit udp any", {"EDGE"}),
        (" permit udp", " deny udp", {"EDGE"}),
        ("match-any VIDEO", "match-all VIDEO", {"EDGE", "CORE"}),
    ],
)
def test_a_policy_with_another_line_anywhere_is_another_object(
    old: str, new: str, changed: set[str]
) -> None:
    before, after = stages(ONE), stages(ONE.replace(old, new))
    assert {name for name in before if before[name] != after[name]} == changed


@pytest.mark.parametrize(
    "text",
    [
        ONE.replace("ip access-list extended MEDIA", "ip access-list extended ELSE"),
        "object-group network SITES\n host 10.1.1.1\n" + ONE,
    ],
)
def test_what_the_lines_do_not_show_is_not_shared(text: str) -> None:
    def edge() -> DeviceQos:
        return IOS.parse_shared(text)[0]

    assert edge().policies[0].stages[0] is not edge().policies[0].stages[0]
