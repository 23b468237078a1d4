"""Of a choice the value that was set last holds, and one's own before one of a group."""

from __future__ import annotations

import pytest

from translator.drivers.juniper_junos import JuniperJunos

UDP = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0"
IN = {"in_interface": "ge-0/0/0.0"}
PLACED = "set interfaces ge-0/0/0 unit 0 family inet filter input F\n"
THEN = "firewall family inet filter F term A then "


def dropped(ask, text: str) -> bool:
    found = ask(text, UDP, **IN)
    assert found.known
    return bool(found.dropped)


def typed(*actions: str) -> str:
    return PLACED + "".join(f"set {THEN}{action}\n" for action in actions)


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (["discard", "accept"], False),
        (["accept", "reject"], True),
        (["accept", "reject tcp-reset"], True),
        (["discard", "next term"], True),  # there is no other term
        (["accept", "discard", "accept"], False),
        (["discard", "accept", "discard"], True),
        (["next term", "accept", "next term"], True),
        (["discard accounting A", "accept", "count C"], False),
    ],
)
def test_the_last_fate_holds(ask, actions: list[str], expected: bool) -> None:
    assert dropped(ask, typed(*actions)) is expected
    then = "; ".join(actions)
    curly = f"firewall {{ family inet {{ filter F {{ term A {{ then {{ {then}; }} }} }} }} }}\n"
    placed = "interfaces { ge-0/0/0 { unit 0 { family inet { filter { input F; } } } } }\n"
    assert dropped(ask, placed + curly) is expected


@pytest.mark.parametrize(
    ("own", "expected"), [("accept", False), ("discard", True), ("count C", True)]
)
def test_an_own_fate_holds_before_one_of_a_group(ask, own: str, expected: bool) -> None:
    group = (
        "set groups G firewall family inet filter <*> term <*> then discard\n"
        "set groups H firewall family inet filter <*> term <*> then accept\n"
        "set apply-groups [ G H ]\n"
    )
    assert dropped(ask, group + typed(own)) is expected


def test_a_value_that_is_set_once_more_holds(ask) -> None:
    text = typed("dscp ef", "dscp af41", "dscp ef", "accept")
    assert ask(text, UDP, **IN).dscp_out == 46
    other = text + PLACED.replace(" F\n", " G\n") + PLACED
    assert ask(other, UDP, **IN).dscp_out == 46


def test_terms_and_lists_keep_their_order_where_one_is_named_once_more(ask) -> None:
    first = "set firewall family inet filter F term A\n"
    text = typed("accept") + first.replace("term A", "term B then discard") + first
    assert not dropped(ask, text)
    lists = "".join(PLACED.replace("input F", f"input-list {name}") for name in "FGF")
    filters = "".join(
        f"set firewall family inet filter {name} term A then {fate}\n"
        for name, fate in (("F", "accept"), ("G", "discard"))
    )
    assert not dropped(ask, lists + filters)


def test_the_last_policer_and_its_last_rate_hold(ask) -> None:
    limits = "".join(
        f"set firewall policer {name} if-exceeding bandwidth-limit {rate}\n"
        for name, rate in (("P", "1m"), ("Q", "2m"), ("Q", "3m"))
    )
    found = ask(limits + typed("policer P", "policer Q", "accept"), UDP, **IN)
    assert found.policed_bps == 3_000_000


@pytest.mark.parametrize(
    ("rates", "percent", "rate_bps"),
    [
        (["percent 20", "percent 30"], 30, None),
        (["10m", "percent 30", "exact"], 30, None),
        (["percent 30", "10m"], None, 10_000_000),
        (["percent 30", "remainder"], None, None),
    ],
)
def test_the_last_rate_of_a_scheduler_holds(
    rates: list[str], percent: float | None, rate_bps: int | None
) -> None:
    text = "".join(f"set class-of-service schedulers S transmit-rate {rate}\n" for rate in rates)
    text += "set class-of-service scheduler-maps M forwarding-class best-effort scheduler S\n"
    queuing = JuniperJunos().parse(text).policies[0].queuing
    assert queuing is not None
    assert (queuing.classes[0].percent, queuing.classes[0].rate_bps) == (percent, rate_bps)
