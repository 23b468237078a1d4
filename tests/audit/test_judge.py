"""The judgement by interface, direction and class; every expectation follows from the plan."""

from __future__ import annotations

import re

import pytest
from audit.judging import ROUTER, all_but, case_of, judged, only, rows, specs_of
from conformance.shapes import SHAPES, Accepted, accepted_cases, outcome

from translator.audit.case import Settings
from translator.audit.judge import judge
from translator.audit.model import Direction, Judgement

ACCEPTED = accepted_cases()


@pytest.mark.parametrize(("platform", "shape"), ACCEPTED)
def test_what_is_rendered_is_compliant(platform, shape):
    case = outcome(platform, shape)
    assert isinstance(case, Accepted)
    result = judge(case_of(case.driver, specs_of(case), case.rendered.config))
    assert [item.message for item in result.findings] == []
    assert {item.judgement for item in result.placements} == {Judgement.COMPLIANT}
    judged_names = {name for item in result.placements for name in item.interfaces}
    assert len(judged_names) == len(SHAPES[shape])


@pytest.mark.parametrize(("platform", "shape"), ACCEPTED)
def test_no_piece_is_compliant_unless_it_is_meant_as_one(platform, shape):
    case = outcome(platform, shape)
    assert isinstance(case, Accepted)
    checked = case_of(case.driver, specs_of(case), case.rendered.config, settings=Settings())
    if not checked.found.incomplete:
        pytest.skip("the rendered text carries its own end mark")
    result = judge(checked)
    assert {item.judgement for item in result.placements} == {Judgement.UNKNOWN}
    assert result.findings[0].kind == "text-incomplete"


def test_alike_interfaces_are_judged_together():
    result = judged("cisco_ios", ROUTER)
    together = result.placements[0]
    assert together.interfaces == ("GigabitEthernet0/1", "GigabitEthernet0/2")
    assert together.policy == "QOS-IN-CLIENT"


def test_a_port_too_few_is_a_difference_of_that_class_alone():
    result = judged("cisco_ios", ROUTER, lambda text: text.replace("20000 20039", "20000 20038"))
    name = "GigabitEthernet0/1"
    assert rows(result, name, Direction.IN)["audio"] is Judgement.DIFFERENT
    assert all_but(result, name, Direction.IN, "audio") == {Judgement.COMPLIANT}
    finding = only(result.findings)
    assert finding.kind == "treatment-different"
    assert finding.traffic_class == "audio"
    assert finding.interfaces == (name, "GigabitEthernet0/2")
    assert {"A10", "C01"} <= set(finding.rows)
    assert all("port 20039" in item.box for item in finding.evidence)
    assert finding.evidence[0].wanted == "set dscp ef"
    assert finding.evidence[0].found == "keep"
    assert finding.lines


def test_swapped_classes_are_seen_with_a_witness():
    """SIP from a media port belongs to signalling, which stands first; swapped, to audio."""
    signalling = r"( class QOS-CLIENT-SIGNALLING\n  set dscp cs3\n)"
    classes = re.compile(signalling + r"( class QOS-CLIENT-AUDIO\n  set dscp ef\n)")
    result = judged("cisco_ios", ROUTER, lambda text: classes.sub(r"\2\1", text))
    finding = only(result.findings)
    assert finding.traffic_class == "signalling"
    assert finding.evidence[0].packet.startswith("tcp 0.0.0.0:20000 > 0.0.0.0:5061")
    assert (finding.evidence[0].wanted, finding.evidence[0].found) == (
        "set dscp cs3",
        "set dscp ef",
    )


def test_a_policy_that_is_bound_nowhere_is_named():
    result = judged(
        "cisco_ios", ROUTER, lambda text: text.replace(" service-policy input QOS-IN-CLIENT\n", "")
    )
    finding = only(result.findings)
    assert finding.kind == "policy-unbound"
    assert "QOS-IN-CLIENT" in finding.message
    assert all_but(result, "GigabitEthernet0/1", Direction.IN, "other") == {Judgement.MISSING}


def test_a_policy_in_the_wrong_direction_is_named():
    result = judged(
        "cisco_ios",
        ("Gi0/1=client", "Gi0/0=wan:10M"),
        lambda text: text.replace("service-policy input QOS-IN", "service-policy output QOS-IN"),
    )
    kinds = {item.kind for item in result.findings}
    assert "policy-wrong-direction" in kinds
    missing = next(item for item in result.findings if item.kind == "policy-wrong-direction")
    assert missing.judgement is Judgement.MISSING


def test_no_policy_at_all_is_missing():
    result = judged("cisco_ios", ROUTER, lambda _: "hostname r1\n!\nend\n")
    assert {item.judgement for item in result.placements if item.role == "client"} == {
        Judgement.MISSING
    }
    assert {item.kind for item in result.findings} == {"policy-missing"}


def test_a_mark_of_traffic_outside_the_plan_is_extra():
    def edit(text: str) -> str:
        text = text.replace(
            "policy-map QOS-IN-CLIENT\n",
            "class-map match-all SSH\n match access-group name SSH\npolicy-map QOS-IN-CLIENT\n",
        ).replace("  set dscp default\n", "  set dscp default\n class SSH\n  set dscp cs2\n")
        return "ip access-list extended SSH\n permit tcp any any eq 22\n" + text

    result = judged("cisco_ios", ROUTER, edit)
    finding = only(result.findings)
    assert finding.kind == "traffic-extra"
    assert rows(result, "GigabitEthernet0/1", Direction.IN)["other"] is Judgement.EXTRA


def test_a_line_that_is_not_understood_makes_the_direction_unknown():
    result = judged(
        "cisco_ios",
        ROUTER,
        lambda text: text.replace(
            " match access-group name QOS-CLIENT-AUDIO\n",
            " match access-group name QOS-CLIENT-AUDIO\n match moonphase full\n",
        ),
    )
    assert Judgement.COMPLIANT not in rows(result, "GigabitEthernet0/1", Direction.IN).values()
    assert any(item.kind == "treatment-unknown" for item in result.findings)


def test_a_queue_with_more_than_its_share_is_fine_but_not_the_priority_queue():
    more = judged("cisco_ios", ROUTER, lambda text: text.replace("percent 20", "percent 40"))
    assert rows(more, "GigabitEthernet0/0", Direction.OUT)["video"] is Judgement.COMPLIANT
    less = judged("cisco_ios", ROUTER, lambda text: text.replace("percent 20", "percent 12"))
    assert rows(less, "GigabitEthernet0/0", Direction.OUT)["video"] is Judgement.DIFFERENT
    assert "wanted 20 %, found 12 %" in only(less.findings).message
    voice = judged(
        "cisco_ios", ROUTER, lambda text: text.replace("priority percent 10", "priority percent 40")
    )
    assert rows(voice, "GigabitEthernet0/0", Direction.OUT)["audio"] is Judgement.DIFFERENT


def test_another_shaping_rate_is_told():
    result = judged(
        "cisco_ios", ROUTER, lambda text: text.replace("average 10000000", "average 20000000")
    )
    assert rows(result, "GigabitEthernet0/0", Direction.OUT)["shaping"] is Judgement.DIFFERENT


def test_a_wrong_mark_is_not_told_again_as_a_wrong_queue():
    result = judged(
        "cisco_catalyst",
        ("Gi1/0/1=client", "Gi1/0/2=uplink"),
        lambda text: text.replace("range 20000 20039", "range 20000 20038"),
    )
    assert only(result.findings).direction is Direction.IN
    assert set(rows(result, "GigabitEthernet1/0/2", Direction.OUT).values()) == {
        Judgement.COMPLIANT
    }


def test_the_identity_of_a_finding_stays_when_lines_move():
    def edit(text: str) -> str:
        return text.replace("20000 20039", "20000 20038")

    one = only(judged("cisco_ios", ROUTER, edit).findings)
    other = only(judged("cisco_ios", ROUTER, lambda text: "!\n!\n" + edit(text)).findings)
    assert one.lines != other.lines
    assert one.identity("r1") == other.identity("r1")
    assert one.identity("r1") != one.identity("r2")
