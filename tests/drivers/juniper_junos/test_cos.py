"""class-of-service: classes on the way in, queues and rewriting on the way out."""

from __future__ import annotations

import pytest

from translator.drivers.juniper_junos import JuniperJunos, JuniperJunosQfx
from translator.intents.pipeline import Service
from translator.verify.explain import explain
from translator.verify.packet import Packet

C = "set class-of-service "
IN, OUT = {"in_interface": "ge-0/0/1.0"}, {"out_interface": "ge-0/0/0.0"}
PORTS = {"in_interface": "ge-0/0/1", "out_interface": "ge-0/0/0"}
BOTH = {**IN, **OUT}


def cos(*statements: str) -> str:
    return "".join(f"{C}{statement}\n" for statement in statements)


def packet(dscp: int, version: int = 4) -> str:
    if version == 6:
        return f"udp [2001:db8::1]:9 > [2001:db8::2]:9 dscp {dscp}"
    return f"udp 10.0.0.1:9 > 10.0.0.2:9 dscp {dscp}"


CLASSES = cos(
    "forwarding-classes class VOICE queue-num 5", "forwarding-classes class BULK queue-num 1"
)
CLASSIFIER = cos(
    "classifiers dscp CL forwarding-class VOICE loss-priority low code-points ef",
    "classifiers dscp CL forwarding-class VOICE loss-priority low code-points 101000",
)
BOUND = cos("interfaces ge-0/0/1 unit 0 classifiers dscp CL")
SCHEDULING = cos(
    "schedulers S-VOICE priority strict-high",
    "schedulers S-VOICE shaping-rate percent 20",
    "schedulers S-BULK transmit-rate percent 30",
    "schedulers S-BE transmit-rate remainder",
    "scheduler-maps M forwarding-class VOICE scheduler S-VOICE",
    "scheduler-maps M forwarding-class BULK scheduler S-BULK",
    "scheduler-maps M forwarding-class best-effort scheduler S-BE",
    "interfaces ge-0/0/0 scheduler-map M",
    "interfaces ge-0/0/0 shaping-rate 50m",
    "interfaces ge-0/0/0 unit 0 classifiers dscp CL",
)


@pytest.mark.parametrize(
    ("dscp", "name"), [(46, "VOICE"), (40, "VOICE"), (34, "best-effort"), (48, "best-effort")]
)
def test_a_classifier_puts_what_it_does_not_list_into_best_effort(
    ask, dscp: int, name: str
) -> None:
    assert ask(CLASSES + CLASSIFIER + BOUND, packet(dscp), **IN).class_name == name


@pytest.mark.parametrize(
    ("dscp", "name"),
    [(46, "VOICE"), (10, "assured-forwarding"), (48, "network-control"), (34, "best-effort")],
)
def test_import_default_fills_the_rest(ask, dscp: int, name: str) -> None:
    text = CLASSES + CLASSIFIER + cos("classifiers dscp CL import default") + BOUND
    # BULK takes queue 1 from expedited-forwarding, not queue 2 from assured-forwarding.
    assert ask(text, packet(dscp), **IN).class_name == name


@pytest.mark.parametrize(("dscp", "name"), [(46, "best-effort"), (48, "network-control")])
@pytest.mark.parametrize("version", [4, 6])
def test_without_a_classifier_precedence_puts_ef_into_best_effort(
    ask, dscp: int, name: str, version: int
) -> None:
    text = "set interfaces ge-0/0/1 unit 0 family inet filter input F\n"
    text += "set firewall family inet filter F term A then accept\n"
    assert ask(text, packet(dscp, version), **IN).class_name == name


def test_the_explicit_default_classifier_knows_ef(ask) -> None:
    text = cos("interfaces ge-0/0/1 unit 0 classifiers dscp default")
    assert ask(text, packet(46), **IN).class_name == "expedited-forwarding"


def test_one_dscp_table_is_not_guessed_for_the_other_version(ask) -> None:
    text = CLASSES + CLASSIFIER + BOUND + SCHEDULING
    assert ask(text, packet(46, 6), **BOTH).verdict == "unknown"
    assert ask(text, packet(46, 4), **BOTH).service is Service.PRIORITY


def test_both_versions_have_their_own_table(ask) -> None:
    six = cos(
        "classifiers dscp-ipv6 CL6 forwarding-class BULK loss-priority low code-points ef",
        "interfaces ge-0/0/1 unit 0 classifiers dscp-ipv6 CL6",
    )
    text = CLASSES + CLASSIFIER + BOUND + six
    assert ask(text, packet(46, 6), **IN).class_name == "BULK"
    assert ask(text, packet(46, 4), **IN).class_name == "VOICE"


def test_the_filter_wins_over_the_classifier(ask) -> None:
    text = CLASSES + CLASSIFIER + BOUND
    text += "set firewall family inet filter F term A then forwarding-class BULK\n"
    text += "set interfaces ge-0/0/1 unit 0 family inet filter input F\n"
    assert ask(text, packet(46), **IN).class_name == "BULK"


def test_aliases_stand_for_code_points_in_both_places(ask) -> None:
    alias = cos("code-point-aliases dscp phone 101000")
    text = alias + CLASSES
    text += cos("classifiers dscp CL forwarding-class VOICE loss-priority low code-points phone")
    assert ask(text + BOUND, packet(40), **IN).class_name == "VOICE"
    text += "set firewall family inet filter F term A from dscp phone\n"
    text += "set firewall family inet filter F term A then dscp ef\n"
    text += "set firewall family inet filter F term B then accept\n"
    assert ask(text, packet(40), policy="F").dscp_out == 46


def test_a_decimal_code_point_is_no_class_of_service_word(ask) -> None:
    text = CLASSES + BOUND
    text += cos("classifiers dscp CL forwarding-class VOICE loss-priority low code-points 46")
    assert JuniperJunos().parse(text).unread
    assert ask(text, packet(46), **IN).verdict == "unknown"


def test_precedence_classifiers_look_at_three_bits(ask) -> None:
    text = CLASSES + cos(
        "classifiers inet-precedence P forwarding-class VOICE loss-priority low code-points 101",
        "interfaces ge-0/0/1 unit 0 classifiers inet-precedence P",
    )
    assert ask(text, packet(41), **IN).class_name == "VOICE"
    assert ask(text, packet(48), **IN).class_name == "best-effort"


def test_a_fixed_class_takes_all_packets(ask) -> None:
    text = CLASSES + cos("interfaces ge-0/0/1 unit 0 forwarding-class BULK")
    assert ask(text, packet(46), **IN).class_name == "BULK"


def test_patterns_of_interfaces_and_units_apply(ask) -> None:
    text = CLASSES + CLASSIFIER + SCHEDULING.replace("ge-0/0/0 unit 0", "ge-0/0/1 unit 0")
    text += cos("interfaces ge-* unit * classifiers dscp OTHER")
    text += cos("classifiers dscp OTHER forwarding-class BULK loss-priority low code-points ef")
    text += "set interfaces ge-0/0/2 unit 0 family inet filter input F\n"
    text += "set firewall family inet filter F term A then accept\n"
    assert ask(text, packet(46), in_interface="ge-0/0/2.0").class_name == "BULK"
    assert ask(text, packet(46), **IN).class_name == "VOICE"


@pytest.mark.parametrize(
    ("dscp", "service"),
    [(46, Service.PRIORITY), (0, Service.BEST_EFFORT), (48, Service.BEST_EFFORT)],
)
def test_schedulers_decide_the_service(ask, dscp: int, service: Service) -> None:
    text = CLASSES + CLASSIFIER + BOUND + SCHEDULING
    assert ask(text, packet(dscp), **BOTH).service is service


@pytest.mark.parametrize(
    ("statement", "service"),
    [
        ("priority high", Service.PRIORITY),
        ("priority strict-high", Service.PRIORITY),
        ("priority medium-high", Service.BEST_EFFORT),
        ("transmit-rate percent 5", Service.GUARANTEED),
        ("transmit-rate 10m", Service.GUARANTEED),
        ("transmit-rate 10m exact", Service.GUARANTEED),
        ("transmit-rate percent 5 exact", Service.GUARANTEED),
        ("transmit-rate remainder 20", Service.GUARANTEED),
        ("transmit-rate remainder", Service.BEST_EFFORT),
        ("buffer-size percent 5", Service.BEST_EFFORT),
    ],
)
def test_service_of_a_scheduler(ask, statement: str, service: Service) -> None:
    text = CLASSES + cos(
        "interfaces ge-0/0/1 unit 0 forwarding-class BULK",
        f"schedulers S {statement}",
        "scheduler-maps M forwarding-class BULK scheduler S",
        "interfaces ge-0/0/0 scheduler-map M",
    )
    assert not JuniperJunos().parse(text).unread
    assert (
        ask(text, packet(0), in_interface="ge-0/0/1.0", out_interface="ge-0/0/0").service is service
    )


def test_parameters_of_queues_are_read() -> None:
    text = CLASSES + CLASSIFIER + SCHEDULING
    queuing = JuniperJunos().parse(text).interface("ge-0/0/0.0").queuing
    assert queuing is not None
    assert queuing.shaping_bps == 50_000_000
    voice, bulk, rest = queuing.classes
    assert (voice.name, voice.limit_percent) == ("VOICE", 20)
    assert (bulk.name, bulk.percent) == ("BULK", 30)
    assert (rest.name, rest.percent, rest.service) == ("best-effort", None, Service.BEST_EFFORT)


def test_a_traffic_control_profile_brings_map_and_rate() -> None:
    text = CLASSES + SCHEDULING.replace(
        C + "interfaces ge-0/0/0 scheduler-map M\n" + C + "interfaces ge-0/0/0 shaping-rate 50m\n",
        cos(
            "traffic-control-profiles T scheduler-map M",
            "traffic-control-profiles T shaping-rate 20m",
            "interfaces ge-0/0/0 unit 0 output-traffic-control-profile T",
        ),
    )
    found = JuniperJunos().parse(text + CLASSIFIER).interface("ge-0/0/0.0")
    assert found.queuing is not None
    assert found.queuing.shaping_bps == 20_000_000
    assert found.egress_policy == "M"


def test_classes_of_one_queue_share_its_scheduler(ask) -> None:
    text = CLASSES + cos("forwarding-classes class VOICE-2 queue-num 5") + SCHEDULING + CLASSIFIER
    text += cos("interfaces ge-0/0/1 unit 0 forwarding-class VOICE-2")
    assert ask(text, packet(0), **BOTH).service is Service.PRIORITY


def test_the_queue_form_of_classes_is_read(ask) -> None:
    text = SCHEDULING + CLASSIFIER + BOUND
    text += cos("forwarding-classes queue 5 VOICE", "forwarding-classes queue 1 BULK")
    assert not JuniperJunos().parse(text).unread
    assert ask(text, packet(46), **BOTH).service is Service.PRIORITY


def test_a_new_name_for_a_queue_replaces_the_built_in_class(ask) -> None:
    text = cos("forwarding-classes class CONTROL queue-num 3")
    text += cos("interfaces ge-0/0/1 unit 0 classifiers dscp default")
    assert ask(text, packet(48), **IN).class_name == "CONTROL"


@pytest.mark.parametrize(
    "missing", ["schedulers S-VOICE", "scheduler-maps M", "interfaces ge-0/0/1 unit 0 classifiers"]
)
def test_dangling_names_are_not_guessed(ask, missing: str) -> None:
    text = CLASSES + CLASSIFIER + SCHEDULING + BOUND
    text = "".join(line for line in text.splitlines(True) if not line.startswith(C + missing))
    if missing.startswith("interfaces"):
        text += cos("interfaces ge-0/0/1 unit 0 classifiers dscp GONE")
    assert ask(text, packet(46), **BOTH).verdict == "unknown"


REWRITE = cos(
    "rewrite-rules dscp RW forwarding-class VOICE loss-priority low code-point cs5",
    "interfaces ge-0/0/0 unit 0 rewrite-rules dscp RW",
)


def test_rewrite_rules_write_what_they_list_and_keep_the_rest(ask) -> None:
    text = CLASSES + CLASSIFIER + BOUND + REWRITE
    assert ask(text, packet(46), **BOTH).dscp_out == 40
    assert ask(text, packet(34), **BOTH).dscp_out == 34


def test_rewrite_rules_look_at_the_loss_priority(ask) -> None:
    text = CLASSES + CLASSIFIER.replace("loss-priority low", "loss-priority high") + BOUND + REWRITE
    assert ask(text, packet(46), **BOTH).dscp_out == 46


def test_a_precedence_rewrite_keeps_the_lower_bits(ask) -> None:
    text = CLASSES + CLASSIFIER + BOUND
    text += cos(
        "rewrite-rules inet-precedence RW forwarding-class VOICE loss-priority low code-point 001",
        "interfaces ge-0/0/0 unit 0 rewrite-rules inet-precedence RW",
    )
    assert ask(text, packet(46), **BOTH).dscp_out == 14


def test_without_an_entry_interface_the_class_is_not_guessed(ask) -> None:
    found = ask(CLASSES + CLASSIFIER + SCHEDULING, packet(46), **OUT)
    assert found.verdict == "unknown"
    assert "(--in)" in found.reasons[0]


def test_unknown_statements_are_named(ask) -> None:
    text = cos("schedulers S wonder 5", "wonder", "interfaces ge-0/0/1 wonder", "classifiers dscp")
    unread = JuniperJunos().parse(text).unread
    assert [item.line for item in unread] == [1, 2, 3]
    assert ask(text, packet(0), in_interface="ge-0/0/1").verdict == "unknown"


def test_a_port_with_one_unit_answers_to_both_names() -> None:
    device = JuniperJunos().parse(CLASSES + CLASSIFIER + BOUND)
    assert device.interface("ge-0/0/1").ingress == device.interface("ge-0/0/1.0").ingress


def test_a_port_answers_for_its_units_where_they_agree(ask) -> None:
    text = CLASSES + CLASSIFIER + BOUND
    assert ask(text + BOUND.replace("unit 0", "unit 7"), packet(46), **PORTS).verdict == "known"
    other = cos("interfaces ge-0/0/1 unit 7 forwarding-class VIDEO")
    found = ask(text + other, packet(46), **PORTS)
    assert found.verdict == "unknown"
    assert "name one of them" in found.reasons[0]


def test_switches_have_other_built_in_classes() -> None:
    text = cos("forwarding-classes class CONTROL queue-num 7")
    text += cos("interfaces ge-0/0/1 unit 0 forwarding-class network-control")
    found = explain(JuniperJunosQfx().parse(text), Packet.of(packet(48)), in_interface="ge-0/0/1.0")
    assert found.class_name == "CONTROL"


def test_groups_that_are_not_applied_have_no_effect() -> None:
    device = JuniperJunos().parse("set groups G class-of-service schedulers S wonder 1\n")
    assert device.qos_lines == device.understood == (1,)
    assert not device.policies


def test_a_port_is_all_its_units_also_those_without_class_of_service() -> None:
    text = "set class-of-service classifiers dscp C import default\n"
    text += "set class-of-service interfaces ge-0/0/1 unit 5 classifiers dscp C\n"
    text += "set class-of-service interfaces ge-0/0/1 unit 1 classifiers dscp C\n"
    text += "set interfaces ge-0/0/1 unit 1 family inet\nset interfaces ge-0/0/1 unit 2 vlan-id 2\n"
    found = {item.name: item for item in JuniperJunos().parse(text).interfaces}
    assert found["ge-0/0/1.1"].ingress == found["ge-0/0/1.5"].ingress
    assert [stage.name for stage in found["ge-0/0/1"].ingress] == ["not read"]


def test_a_group_that_is_only_kept_out_is_understood() -> None:
    text = "set firewall apply-groups-except A\nset firewall filter F term A then accept\n"
    device = JuniperJunos().parse(text)
    assert (device.unread, device.understood) == ((), (1, 2))
