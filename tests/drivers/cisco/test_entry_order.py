"""Entries of access lists are tried by number; what is written above another may come behind it."""

from __future__ import annotations

import random
from itertools import permutations

import pytest

from translator.audit.semdiff import Text, semdiff
from translator.drivers.cisco.entry_order import Written, placed
from translator.drivers.cisco.groups import Groups
from translator.drivers.cisco.ledger import Ledger
from translator.drivers.cisco.lists import LIST_KINDS, AccessLists
from translator.drivers.cisco.reader import line_of, read_sections
from translator.drivers.registry import driver
from translator.intents.condition import AccessList, Condition, Predicate
from translator.verify.compare import Verdict

HEADS = {"ip": "ip access-list extended L\n", "ipv6": "ipv6 access-list L\n"}
NUMBERS = {"ip": "{} ", "ipv6": "sequence {} "}
USED = """!
class-map match-any C
 match access-group name L
policy-map P
 class C
  set dscp ef
interface GigabitEthernet0/1
 service-policy input P
end
"""


def order_of(*lines: str) -> list[str]:
    """What stands, in its order, behind numbers."""
    known = placed(Written(line_of(text, number)) for number, text in enumerate(lines, 1))
    assert not known.doubts
    assert len(known.order) + len(known.idle) == len(lines)
    return [item.line.words[-1] for item in known.order]


def read(text: str) -> tuple[Condition, Ledger]:
    ledger = Ledger()
    sections = read_sections(text, LIST_KINDS).sections
    return AccessLists(sections, Groups((), ledger), ledger).condition("L"), ledger


def tried(text: str) -> list[int | None]:
    """The lines of the entries in the order in which they are tried."""
    condition, _ = read(text)
    assert isinstance(condition, AccessList)
    return [entry.line for entry in condition.entries]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("permit b", "permit a"), ["b", "a"]),
        (("20 permit b", "10 permit a"), ["a", "b"]),
        (("sequence 20 permit b", "sequence 10 permit a"), ["a", "b"]),
        (("permit b sequence 20", "permit a sequence 10"), ["20", "10"][::-1]),
        (("20 permit b", "permit c", "25 permit x", "10 permit a"), ["a", "b", "x", "c"]),
        (("permit a", "15 permit b", "permit c"), ["a", "b", "c"]),
        (("permit a", "permit c", "15 permit b"), ["a", "b", "c"]),
        (("100 permit b", "20 permit a"), ["a", "b"]),
        (("20 permit b", "no 20", "permit c", "15 permit d"), ["c", "d"]),
        (("20 permit b", "no sequence 20", "permit c"), ["c"]),
        (("20 permit b", "no permit b", "10 permit c"), ["c"]),
        (("20 permit b", "no 20 permit b", "10 permit c"), ["c"]),
        (("10 permit a", "20 permit b", "no 10", "15 permit c", "permit d"), ["c", "b", "d"]),
        (("no 10", "10 permit a"), ["a"]),
        (("10 permit a", "10 permit a"), ["a"]),
        (("30 permit a", "10 permit a", "20 permit b"), ["b", "a"]),
        (("20 permit b", "no 20", "10 permit a", "20 permit b"), ["a", "b"]),
        (("20 permit b", "remark a", "10 remark b", "no remark a", "5 permit a"), ["a", "b"]),
        (("30 permit c", "20 permit b", "no 30", "no 20", "permit a"), ["a"]),
        (("50 remark x", "permit b", "55 permit a"), ["a", "b"]),
    ],
)
def test_entries_stand_at_their_numbers(lines: tuple[str, ...], expected: list[str]) -> None:
    assert order_of(*lines) == expected


def test_any_order_of_numbered_lines_is_one_list() -> None:
    for lines in permutations([f"{number} permit p{number}" for number in (5, 10, 15, 100)]):
        assert order_of(*lines) == ["p5", "p10", "p15", "p100"]


@pytest.mark.parametrize("kind", HEADS)
def test_lists_of_both_versions_are_tried_by_number(kind: str) -> None:
    first, second = (NUMBERS[kind].format(number) for number in (10, 20))
    text = f"{HEADS[kind]} {second}permit udp any any\n {first}deny udp any range 1 2 any\n"
    assert tried(text) == [3, 2]
    assert tried(text + HEADS[kind] + f" no {first}\n") == [2]


def test_each_version_has_numbers_of_its_own() -> None:
    text = (
        f"{HEADS['ip']} 10 permit udp any any\n{HEADS['ipv6']} sequence 10 permit tcp any any\n"
        f" sequence 5 deny tcp any any eq 1\n"
    )
    _, ledger = read(text)
    assert ledger.unread_lines == ()
    assert tried(text) == [2, 5, 4]


def test_lines_with_the_lists_number_before_them_are_appended() -> None:
    text = "access-list L permit udp any any\nip access-list extended L\n 5 deny udp any any eq 1\n"
    assert tried(text) == [3, 1]


@pytest.mark.parametrize(
    "lines",
    [
        (" 10 permit udp any any", " 10 permit tcp any any"),
        (" 10 permit udp any any", " 20"),
        (" 0 permit udp any any",),
        (" 2147483648 permit udp any any",),
        (" permit udp any any", "ip access-list resequence L 1 1", HEADS["ip"].strip(),
         " 5 permit tcp any any"),
        (" permit udp any any", "ip access-list resequence L 1 1", HEADS["ip"].strip(), " no 10"),
    ],
    ids=[
        "one number twice", "a number alone", "nought", "too great", "renumbered",
        "removed once renumbered",
    ],
)  # fmt: skip
def test_what_stands_where_is_not_guessed(lines: tuple[str, ...]) -> None:
    text = HEADS["ip"] + "\n".join(lines) + "\n"
    _, ledger = read(text)
    assert ledger.unread_lines
    numbers = {item.line for item in ledger.unread_lines}
    reader = driver("cisco_ios")
    unclear, clear = (
        Text(reader.parse(body + USED), reader.capabilities)
        for body in (text, HEADS["ip"] + " permit udp any any\n")
    )
    assert semdiff(unclear, clear).verdict is Verdict.UNKNOWN
    assert set(tried(text)) >= numbers


def test_resequencing_alone_changes_no_order() -> None:
    text = HEADS["ip"] + " 20 permit udp any any\n 10 deny udp any any eq 1\n"
    again = f"{text}ip access-list resequence L 1 1\n{HEADS['ip']} permit tcp any any\n"
    assert tried(again) == [3, 2, 6]
    assert read(again)[1].unread_lines == ()


def test_texts_with_and_without_a_resequencing_are_told_apart() -> None:
    reader = driver("cisco_ios")
    more = f"{HEADS['ip']} 5 deny udp any any eq 1\n"
    start = HEADS["ip"] + " 20 permit udp any any\n"
    plain = reader.parse(start + more + USED)
    renumbered = reader.parse(start + "ip access-list resequence L 1 1\n" + more + USED)
    assert not plain.unread
    assert renumbered.unread
    assert plain.policies[0].stages != renumbered.policies[0].stages


def test_mac_lists_of_one_name_differ_by_their_entries_in_order() -> None:
    entries = [
        " 10 permit any any 0x806 0x0",
        " 20 deny any host 0000.0000.0001",
        " 30 deny any any",
    ]
    head = "mac access-list extended L\n"
    known, _ = read(head + "\n".join(entries))
    shuffled = list(entries)
    random.Random(1).shuffle(shuffled)
    assert shuffled != entries
    assert read(head + "\n".join(shuffled))[0] == known
    assert isinstance(known, Predicate)
    assert not known.unread
    other, _ = read(head + "\n".join(entries).replace("deny any any", "permit any any"))
    assert other != known
    twice, ledger = read(head + "\n".join([*entries, " 30 permit any any"]))
    assert isinstance(twice, Predicate)
    assert twice.unread
    assert [item.line for item in ledger.unread_lines] == [4, 5]


def test_a_list_of_another_text_has_the_lines_of_its_own() -> None:
    entries = (
        " remark x\n",
        " 20 permit udp any any eq 5060\n",
        " 10 permit tcp any any eq 5061\n",
    )
    assert tried("".join((HEADS["ip"], *entries))) == [4, 3]
    condition, ledger = read("!\n" + "!\n".join((HEADS["ip"], *entries)))
    assert isinstance(condition, AccessList)
    assert [entry.line for entry in condition.entries] == [8, 6]
    assert ledger.understood == (2, 4, 6, 8)


def test_lines_below_an_entry_that_names_its_list_are_none_of_it() -> None:
    _, ledger = read("access-list L extended permit ip any any\n permit udp any any\n")
    assert ledger.qos_lines == (1,)
