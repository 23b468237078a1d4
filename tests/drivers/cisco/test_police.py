"""Policers in every text form, and table-maps."""

from __future__ import annotations

import pytest

from translator.codepoint import CodePoint
from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.police import Policer, read_outcome, read_police
from translator.drivers.cisco.reader import line_of, read_sections
from translator.drivers.cisco.tablemap import COPY_TABLE, TableMaps, lookup_rules
from translator.intents.pipeline import Drop, Police, SetTos, set_code_point


def police(text: str, *below: str) -> Policer:
    policer = read_police(Cursor(line_of(text), 1))
    for line in below:
        cursor = Cursor(line_of(line))
        read_outcome(cursor, policer)
        cursor.expect_end()
    return policer


@pytest.mark.parametrize(
    ("text", "rate_bps"),
    [
        ("police 20000000", 20_000_000),
        ("police 320000 8000 exceed-action drop", 320_000),
        ("police 320000 8000 exceed-action policed-dscp-transmit", 320_000),
        ("police cir 365 pir 235 conform-action transmit  exceed-action drop", 365),
        ("police cir 128000 bc 8000 be 9000", 128_000),
        ("police rate 2 mbps burst 10 ms", 2_000_000),
        ("police cir 10m", 10_000_000),
        ("police rate 200 pps", None),
        ("police rate percent 10", None),
        ("police cir percent 10 bc 5 ms", None),
    ],
)
def test_forms_of_a_policer(text: str, rate_bps: int | None) -> None:
    assert police(text).actions() == (Police(rate_bps),)


def test_actions_below_belong_to_it() -> None:
    found = police(
        "police cir 128000",
        "conform-action transmit ",
        "exceed-action set-dscp-transmit dscp table T",
        "violate-action drop",
    )
    assert found.actions() == (Police(128_000),)


def test_a_mark_on_conforming_packets_is_a_mark() -> None:
    found = police("police 8000", "conform-action set-dscp-transmit ef")
    assert found.actions() == (set_code_point(CodePoint(46)), Police(8000))
    found = police("police 8000", "conform-action set-prec-transmit 5")
    assert found.actions() == (SetTos(0xA0, 0xE0), Police(8000))


def test_a_policer_that_only_counts_does_nothing() -> None:
    assert police("police 8000 conform-action transmit exceed-action transmit").actions() == ()


def test_a_policer_that_drops_everything_drops() -> None:
    assert police("police 8000 conform-action drop exceed-action drop").actions() == (Drop(),)
    with pytest.raises(NotReadError):
        police("police 8000 conform-action drop exceed-action transmit").actions()


@pytest.mark.parametrize(
    "text",
    [
        "police",
        "police fast",
        "police m",
        "police 8000 spam",
        "police 8000 conform-action spam",
        "police rate",
    ],
)
def test_what_is_not_known_is_never_guessed(text: str) -> None:
    with pytest.raises(NotReadError):
        police(text)


TABLES = """table-map T
 map from 40 to 46
 map from  8,9 to 0
 default copy
table-map IGNORING
 map from cs5 to ef
 default ignore
table-map FIXED
 default 0
table-map ODD
 map 1 2
"""


def tables(ledger: Ledger | None = None) -> TableMaps:
    return TableMaps(read_sections(TABLES, frozenset({"table-map"})).sections, ledger or Ledger())


def test_table_maps() -> None:
    found = tables()
    assert [found.table("T").of(value) for value in (40, 8, 9, 10)] == [46, 0, 0, 10]
    assert [found.table("IGNORING").of(value) for value in (40, 41)] == [46, None]
    assert found.table("FIXED").of(63) == 0


def test_a_table_with_an_unread_line_is_not_used() -> None:
    ledger = Ledger()
    found = tables(ledger)
    assert [item.text for item in ledger.unread_lines] == ["map 1 2"]
    for name in ("ODD", "NONE"):
        with pytest.raises(NotReadError):
            found.table(name)


def test_a_lookup_is_one_rule_per_value() -> None:
    rules = lookup_rules("dscp", "dscp", tables().table("T"))
    assert len(rules) == 64
    assert rules[40].actions == (set_code_point(CodePoint(46)),)
    assert len(lookup_rules("dscp", "dscp", tables().table("IGNORING"))) == 1
    assert len(lookup_rules("qos-group", "dscp", COPY_TABLE)) == 64
    with pytest.raises(NotReadError):
        lookup_rules("spam", "dscp", COPY_TABLE)
