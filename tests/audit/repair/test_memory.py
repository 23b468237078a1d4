"""What a repair remembers: commands to try first on a like device, proofs for an equal one."""

from __future__ import annotations

import re

import pytest
from audit.repair.foreign_ios import around
from audit.repair.repair_checks import intents_for

from tests.support.values import replace
from translator.audit.repair import Repair, compute, repair
from translator.audit.repair.memory import RepairMemory
from translator.drivers.base import Step
from translator.drivers.registry import driver
from translator.errors import TranslatorError
from translator.intents.model import DeviceIntents

IOS = driver("cisco_ios")
INTENTS = intents_for("cisco_ios", "GigabitEthernet0/1=client", "Gi0/0=wan:10M")
RIGHT = around(IOS.render(INTENTS).config)
WRONG = RIGHT.replace("permit udp any range 20000 20039", "permit udp any range 20001 20040")
OTHER = RIGHT.replace("permit udp any range 20000 20039", "permit udp any range 20002 20041")

LIST = re.findall(r"ip access-list extended (\S+AUDIO)\n", WRONG)[0]


def of(host: str) -> DeviceIntents:
    return replace(INTENTS, device=host)


def no_search(*_: object, **__: object) -> None:
    raise AssertionError("a search was made")


@pytest.fixture
def memory() -> RepairMemory:
    """A memory that has seen one device repaired."""
    known = RepairMemory()
    assert repair(IOS, WRONG, of("one"), memory=known).needed
    return known


def fresh(text: str, host: str) -> Repair:
    return repair(IOS, text, of(host), memory=RepairMemory())


def test_a_like_device_is_repaired_without_a_search(
    memory: RepairMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"{WRONG.replace('ip address 10.1.0.1', 'ip address 10.1.0.9')}"
    expected = fresh(text, "two")
    monkeypatch.setattr(compute, "search", no_search)
    monkeypatch.setattr(compute, "render_proven", no_search)
    assert repair(IOS, text, of("two"), memory=memory) == expected
    assert "one" not in "\n".join(expected.commands)


@pytest.fixture
def proven(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that proofs are made of."""
    found: list[str] = []
    original = compute._proven
    monkeypatch.setattr(
        compute, "_proven", lambda case, it: found.append(case.text) or original(case, it)
    )
    return found


def test_a_device_of_which_all_that_counts_is_equal_shares_the_proof(
    memory: RepairMemory, proven: list[str]
) -> None:
    for host, old, new in (
        ("two", "ip address 10.1.0.1", "ip address 10.1.0.9"),
        ("three", "version 15", "! a comment, so that all lines have other numbers\nversion 15"),
        ("four", "\nend", "\nusername bob\nend"),
    ):
        assert old in WRONG
        text = WRONG.replace(old, new)
        found = repair(IOS, text, of(host), memory=memory)
        assert proven == []
        assert found == fresh(text, host)
        assert proven.pop() == text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\nline vty", "\ninterface Vlan77\n no ip address\nline vty"),
        ("\nline vty", "\nclass-map match-any MORE\n match dscp ef\nline vty"),
        ("ip address 10.1.0.1", "service-policy output NOBODY\n ip address 10.1.0.1"),
    ],
    ids=["an interface more", "a class more", "a policy that is not there"],
)
def test_any_other_device_is_proven_anew(
    memory: RepairMemory, proven: list[str], old: str, new: str
) -> None:
    text = WRONG.replace(old, new, 1)
    assert text != WRONG
    try:
        repair(IOS, text, of("two"), memory=memory)
    except TranslatorError:
        return  # such a device is refused, not repaired by what held on another
    assert proven == [text]


@pytest.mark.parametrize(
    "lines",
    [
        (" service-policy input NOWHERE",),
        (" description harmless",),
        (" no service-policy input QOS-IN-CLIENT",),
        (),
    ],
    ids=["refused", "useless", "harmful", "nothing"],
)
def test_what_does_not_hold_is_searched_again(lines: tuple[str, ...]) -> None:
    class Poisoned(RepairMemory):
        def recall(self, _key: object) -> tuple[Step, ...]:
            return (Step(("interface GigabitEthernet0/1",), lines),) if lines else ()

    assert repair(IOS, WRONG, of("two"), memory=Poisoned()) == fresh(WRONG, "two")


def test_another_fault_and_another_use_of_names_are_other_devices(memory: RepairMemory) -> None:
    named = WRONG.replace("\nend", "\nip access-list extended QOS-OTHER\n permit ip any any\nend")
    for text in (OTHER, named, RIGHT):
        assert repair(IOS, text, of("two"), memory=memory) == fresh(text, "two")


@pytest.mark.parametrize("filtered", [("one",), ("two",), ("one", "two")])
def test_a_list_that_filters_on_one_device_is_not_edited_for_another(filtered: tuple[str, ...]):
    known = RepairMemory()
    for host in ("one", "two"):
        used = f"interface Gi0/2\n ip access-group {LIST} in" if host in filtered else ""
        text = WRONG.replace("\nend", f"\n{used}\nend")
        found = repair(IOS, text, of(host), memory=known)
        assert found.commands == fresh(text, host).commands
        assert (f"ip access-list extended {LIST}" in found.commands) == (not used)


@pytest.mark.parametrize("host", ["", "QOS", "of"])
def test_a_host_named_like_a_word_of_the_text_gets_no_text_of_its_own(host: str) -> None:
    known = RepairMemory()
    for name in (host, "other", host):
        found = repair(IOS, WRONG, of(name), memory=known)
        assert found.commands == fresh(WRONG, name).commands


def test_many_devices_do_not_fill_the_memory(memory: RepairMemory) -> None:
    for number in range(600):
        memory._rendered[number] = ("",)
        memory._steps[number] = ()
    repair(IOS, OTHER, of("two"), memory=memory)
    assert len(memory._steps) == 1
