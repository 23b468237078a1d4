"""Queues where none are asked for, shares of the default queue, and a shaper near its contract."""

from __future__ import annotations

import pytest
from audit.judging import ROUTER, judged, only, rows

from translator.audit.model import Direction, Judgement


def slow(text: str, queues: str) -> str:
    """The text with a policy for what leaves towards the desks."""
    bound = " service-policy input QOS-IN-CLIENT\n"
    return queues + text.replace(bound, bound + " service-policy output SLOW\n")


@pytest.mark.parametrize(
    ("queues", "words"),
    [
        ("policy-map SLOW\n class class-default\n  shape average 64000\n", "all to 64000 bit/s"),
        (
            "class-map match-all EF\n match dscp ef\n"
            "policy-map SLOW\n class EF\n  bandwidth percent 5\n  shape average 64000\n",
            "class EF to 64000 bit/s",
        ),
    ],
)
def test_a_shaper_where_no_queues_are_asked_for_is_extra(queues, words):
    result = judged("cisco_ios", ROUTER, lambda text: slow(text, queues))
    finding = only(result.findings)
    assert finding.kind == "queue-extra"
    assert words in finding.message
    assert finding.lines
    assert rows(result, "GigabitEthernet0/1", Direction.OUT)["other"] is Judgement.EXTRA


def test_shares_where_no_queues_are_asked_for_hold_nobody_back():
    queues = (
        "class-map match-all EF\n match dscp ef\nclass-map match-all AF\n match dscp af41\n"
        "policy-map SLOW\n class EF\n  priority percent 10\n class AF\n  bandwidth percent 20\n"
    )
    result = judged("cisco_ios", ROUTER, lambda text: slow(text, queues))
    assert result.findings == ()


def test_queues_of_an_access_port_hold_nobody_back():
    port = "interface GigabitEthernet1/0/1\n"
    result = judged(
        "cisco_catalyst",
        ("Gi1/0/1=client", "Gi1/0/2=uplink"),
        lambda text: text.replace(
            port, port + " srr-queue bandwidth share 10 10 60 20\n priority-queue out\n"
        ),
    )
    assert result.findings == ()


DEFAULT_SHARE = "  bandwidth percent {}\n"


def with_default_share(text: str, percent: int) -> str:
    """The text with a share for the default class of its scheduler."""
    head, default, tail = text.partition(" class class-default\n  fair-queue\n")
    assert default
    return head + " class class-default\n" + DEFAULT_SHARE.format(percent) + tail


def test_the_default_queue_may_have_the_share_that_the_plan_gives_it():
    result = judged("cisco_ios", ROUTER, lambda text: with_default_share(text, 25))
    assert result.findings == ()


def test_too_small_a_share_of_the_default_queue_is_told_as_a_share():
    result = judged("cisco_ios", ROUTER, lambda text: with_default_share(text, 10))
    finding = only(result.findings)
    assert finding.message == "other: share: wanted 25 %, found 10 %"
    assert "--share-tolerance" in finding.hint


def test_a_share_of_traffic_outside_the_plan_is_extra_and_told_once():
    def edit(text: str) -> str:
        text = text.replace(
            " class class-default\n  fair-queue\n",
            " class SSH\n  bandwidth percent 5\n class class-default\n  fair-queue\n",
        )
        return (
            "ip access-list extended SSH\n permit tcp any any eq 22\n"
            "class-map match-all SSH\n match access-group name SSH\n match dscp 0\n" + text
        )

    result = judged("cisco_ios", ROUTER, edit)
    assert only(result.findings).kind == "traffic-extra"
    assert rows(result, "GigabitEthernet0/0", Direction.OUT)["other"] is Judgement.EXTRA


def test_another_service_is_told_once():
    result = judged(
        "cisco_ios",
        ROUTER,
        lambda text: text.replace("bandwidth percent 20", "priority percent 20"),
    )
    assert only(result.findings).kind == "treatment-different"


@pytest.mark.parametrize(
    ("rate_bps", "judgement"),
    [
        (9_000_000, Judgement.COMPLIANT),
        (9_500_000, Judgement.COMPLIANT),
        (8_900_000, Judgement.DIFFERENT),
        (10_200_000, Judgement.DIFFERENT),
    ],
)
def test_a_shaper_may_stay_a_little_below_the_contract(rate_bps, judgement):
    result = judged(
        "cisco_ios", ROUTER, lambda text: text.replace("average 10000000", f"average {rate_bps}")
    )
    assert rows(result, "GigabitEthernet0/0", Direction.OUT)["shaping"] is judgement
    assert all("--share-tolerance" not in item.hint for item in result.findings)
