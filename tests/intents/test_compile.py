"""From the preset and interface roles to intents: who is marked where, and what is refused."""

from __future__ import annotations

import pytest
from conformance.shapes import BINDINGS

from tests.support.values import replace
from translator.errors import PlanError, UsageError
from translator.intents.compile import (
    Compiler,
    InterfaceSpec,
    compile_intents,
    parse_rate,
    rules_of_all_senders,
)
from translator.intents.match import Match
from translator.intents.model import ClassifierRule, InterfaceIntents, Role
from translator.intents.pipeline import Service
from translator.plan import load_plan
from translator.ports import PortRange

PLAN = load_plan("lync-2013")


def one(text: str, **bindings: object) -> InterfaceIntents:
    spec = InterfaceSpec.of(text)
    chosen = {name: BINDINGS[name] for name, wanted in bindings.items() if wanted}
    return compile_intents(PLAN, "r1", [spec], chosen).interfaces[0]


def rule_for(intents: InterfaceIntents, ports: str) -> ClassifierRule:
    found = [
        rule
        for rule in intents.classifier
        if ports in {str(item) for item in rule.match.source_ports}
    ]
    assert len(found) == 1
    return found[0]


def test_a_client_port_marks_by_source_port_and_resets_the_rest() -> None:
    intents = one("Gi0/1=client")
    audio = rule_for(intents, "20000-20039")
    assert audio.traffic_class.code_point == 46
    assert set(audio.match.protocols) == {6, 17}
    assert not audio.match.sources
    assert {"A10", "A12", "A14", "A15"} <= set(audio.rows)
    assert rule_for(intents, "20040-20079").traffic_class.code_point == 34
    assert {46, 34, 24, 18, 10} <= set(intents.reset)
    assert 0 not in intents.reset
    assert 40 not in intents.reset
    assert intents.queuing is None


def test_no_server_range_is_rendered_without_addresses() -> None:
    intents = one("Gi0/1=client")
    assert all(
        not ports.overlaps(PortRange(49152, 65535))
        for rule in intents.classifier
        for ports in rule.match.source_ports
    )
    with pytest.raises(PlanError, match="role server") as refused:
        one("Gi0/1=server")
    assert "--address" in refused.value.hint


def test_a_server_port_marks_its_servers_only() -> None:
    intents = one("Gi0/1=server", conference_servers=True)
    assert intents.classifier
    for rule in intents.classifier:
        assert rule.match.sources == BINDINGS["conference_servers"]
    voices = [rule for rule in intents.classifier if rule.traffic_class.code_point == 46]
    assert voices[0].match.protocols == (17,)


def test_edge_rows_are_narrowed_and_stand_before_wider_ones() -> None:
    intents = one("Gi0/1=server", edge_internal=True, exchange_um=True)
    narrow = [
        rule
        for rule in intents.classifier
        if rule.match.sources == BINDINGS["edge_internal"]
        and rule.match.source_ports == (PortRange(3478, 3478),)
    ]
    assert narrow
    order = [row for rule in intents.classifier for row in rule.rows]
    assert order.index("A05") < order.index("A03") < order.index("A04")


def test_a_phone_port_lifts_40_to_46_by_the_rule_that_covers_it() -> None:
    phone = one("Gi0/1=phone", phones=True)
    assert "B01" in rule_for(phone, "20000-20039").rows
    assert "B01" not in rule_for(one("Gi0/1=client", phones=True), "20000-20039").rows


def test_a_phone_plan_without_port_rows_lifts_40_to_46_for_phones_only() -> None:
    rows = [row.id for row in PLAN.rows if row.id[0] in "AC" and row.id != "A05"]
    plan = replace(PLAN, options=replace(PLAN.options, exclude=tuple(rows)))
    spec = InterfaceSpec.of("Gi0/1=phone")
    intents = compile_intents(plan, "r1", [spec], {"phones": BINDINGS["phones"]}).interfaces[0]
    lifted = [rule for rule in intents.classifier if rule.match.code_points == (40,)]
    assert [rule.traffic_class.code_point for rule in lifted] == [46]
    assert lifted[0].match.sources == BINDINGS["phones"]


def test_inside_the_boundary_marks_are_kept_and_queued() -> None:
    wan = one("Gi0/0=wan:10M")
    assert not wan.marks
    assert wan.queuing is not None
    assert wan.queuing.shaping_bps == 10_000_000
    first, *_, last = wan.queuing.queues
    assert (first.service, first.percent) == (Service.PRIORITY, 10)
    assert (last.service, last.code_points) == (Service.BEST_EFFORT, ())
    uplink = one("Gi0/0=uplink:1G")
    assert uplink.queuing is not None
    assert uplink.queuing.shaping_bps is None


def test_the_internet_edge_queues_by_ports_and_writes_no_mark() -> None:
    internet = one("ppp0=internet:2M")
    assert internet.egress_classifier
    assert not internet.marks
    assert all(rule.traffic_class.code_point is None for rule in internet.egress_classifier)
    names = {rule.traffic_class.name for rule in internet.egress_classifier}
    assert internet.queuing is not None
    assert names <= {queue.name for queue in internet.queuing.queues}


def test_equal_matches_of_several_programs_collapse() -> None:
    intents = one("Gi0/1=client")
    matches = [rule.match for rule in intents.classifier]
    assert len(matches) == len(set(matches))


def test_refusals_name_the_row_and_concern_the_role() -> None:
    client = compile_intents(PLAN, "r1", [InterfaceSpec.of("e0=client")], {})
    assert any("P01" in text for text in client.refused)
    assert not any("A03" in text for text in client.refused)
    wan = compile_intents(PLAN, "r1", [InterfaceSpec.of("e0=wan:1M")], {})
    assert wan.refused == ()


def test_one_compiler_gives_every_device_its_own_names() -> None:
    compiler = Compiler(PLAN)
    a = compiler.compile("a", [InterfaceSpec("e0", Role.CLIENT)], {})
    b = compiler.compile("b", [InterfaceSpec("e1", Role.CLIENT)], {})
    assert (a.interfaces[0].name, b.interfaces[0].name) == ("e0", "e1")
    assert a.interfaces[0].classifier is b.interfaces[0].classifier


def test_the_same_interface_twice_is_an_error() -> None:
    with pytest.raises(PlanError, match="twice"):
        compile_intents(PLAN, "r1", [InterfaceSpec.of("e0=client"), InterfaceSpec.of("e0=wan")], {})


@pytest.mark.parametrize(
    ("text", "rate"), [("512k", 512_000), ("10M", 10**7), ("2.5G", 25 * 10**8), ("64000", 64000)]
)
def test_rates(text: str, rate: int) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "10m", "ten", "-1M", "1", "900G", "1e9", "10 M b"])
def test_bad_rates(text: str) -> None:
    with pytest.raises(UsageError):
        parse_rate(text)


@pytest.mark.parametrize(
    "text", ["Gi0/1", "=client", "Gi0/1=router", "Gi0/1=wan:fast", "a\nb=client", "e;0=client"]
)
def test_bad_interface_specs(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        InterfaceSpec.of(text)
    assert refused.value.hint


def test_matches_check_themselves() -> None:
    with pytest.raises(UsageError):
        Match(version=5)
    with pytest.raises(UsageError):
        Match(protocols=(256,))
    with pytest.raises(UsageError):
        Match(tos=((256, 255),))


def test_the_rules_of_all_senders_hold_those_of_every_role() -> None:
    rules, refused = rules_of_all_senders(PLAN, BINDINGS)
    known = {row for rule in rules for row in rule.rows}
    for text in ("Gi0/1=client", "Gi0/1=phone", "Gi0/1=server"):
        (one_role,) = compile_intents(PLAN, "r1", [InterfaceSpec.of(text)], BINDINGS).interfaces
        assert {row for rule in one_role.classifier for row in rule.rows} <= known
        assert {rule.match for rule in one_role.classifier} <= {rule.match for rule in rules}
    assert not known & {item.row_id for item in refused}
    assert len({rule.match for rule in rules}) == len(rules)
