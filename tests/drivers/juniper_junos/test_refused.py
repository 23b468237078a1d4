"""What a device refuses to hold together, or does not hold at all: then nothing is certain."""

from __future__ import annotations

import pytest

from translator.drivers.juniper_junos import JuniperJunos, JuniperJunosQfx, JuniperJunosSrx
from translator.intents.device import DeviceQos
from translator.verify import explain
from translator.verify.explain import Explanation
from translator.verify.packet import Packet

UDP = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp ef"
CLASSES = (
    "set class-of-service forwarding-classes class VOICE queue-num 5\n"
    "set class-of-service classifiers dscp C forwarding-class VOICE loss-priority low"
    " code-points ef\n"
    "set class-of-service classifiers inet-precedence P forwarding-class VOICE loss-priority low"
    " code-points 101\n"
    "set class-of-service rewrite-rules dscp R forwarding-class VOICE loss-priority low"
    " code-point cs5\n"
    "set class-of-service rewrite-rules inet-precedence Q forwarding-class VOICE loss-priority low"
    " code-point 001\n"
)
PORT = "set class-of-service interfaces ge-0/0/1"
FILTER = "set firewall family inet filter F term A"


def asked(device: DeviceQos, packet: str = UDP, **where: str) -> Explanation:
    return explain(device, Packet.of(packet), **where)


def entering(text: str, packet: str = UDP) -> Explanation:
    return asked(JuniperJunos().parse(text), packet, in_interface="ge-0/0/1.0")


def leaving(text: str) -> Explanation:
    where = {"in_interface": "ge-0/0/2.0", "out_interface": "ge-0/0/1.0"}
    bound = "set class-of-service interfaces ge-0/0/2 unit 0 classifiers dscp C\n"
    return asked(JuniperJunos().parse(text + bound), **where)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("protocol udp", "protocol-except tcp"),
        ("source-port 20000-20039", "source-port-except 20040"),
        ("dscp ef", "dscp-except be"),
        ("port 50000", "port-except 1"),
    ],
)
def test_a_condition_beside_its_exception_is_not_known(one: str, other: str) -> None:
    term = f"{FILTER} from {one}\n{FILTER} from {other}\n{FILTER} then dscp af41\n"
    term += f"{FILTER} then accept\n"
    device = JuniperJunos().parse(term)
    assert [item.line for item in device.unread] == [2]
    assert asked(device, policy="F").verdict == "unknown"
    away = term.replace(
        f"{FILTER} from", f"{FILTER} from source-address 192.0.2.0/24\n{FILTER} from", 1
    )
    found = asked(JuniperJunos().parse(away), policy="F")
    assert (found.verdict, found.dropped) == ("known", True)


@pytest.mark.parametrize("line", ["protocol-except tcp", "dscp-except be"])
def test_an_exception_alone_is_known(line: str) -> None:
    text = f"{FILTER} from {line}\n{FILTER} then dscp af41\n{FILTER} then accept\n"
    found = asked(JuniperJunos().parse(text), policy="F")
    assert (found.verdict, found.dscp_out) == ("known", 34)


def test_a_fixed_class_beside_a_classifier_is_not_known() -> None:
    fixed = f"{CLASSES}{PORT} unit 0 forwarding-class VOICE\n"
    assert entering(fixed, UDP.replace("ef", "0")).class_name == "VOICE"
    for table in ("dscp C", "ieee-802.1 default"):
        assert entering(f"{fixed}{PORT} unit 0 classifiers {table}\n").verdict == "unknown"


def test_dscp_beside_precedence_is_not_known() -> None:
    either = (
        f"{PORT} unit 0 classifiers dscp C\n",
        f"{PORT} unit 0 classifiers inet-precedence P\n",
    )
    for line in either:
        assert entering(CLASSES + line).verdict == "known"
    assert entering(CLASSES + "".join(either)).verdict == "unknown"


def test_the_way_out_of_such_a_unit_stays_known() -> None:
    bound = f"{PORT} unit 0 classifiers dscp C\n{PORT} unit 0 forwarding-class VOICE\n"
    bound += f"{PORT} unit 0 rewrite-rules dscp R\n"
    found = leaving(CLASSES + bound)
    assert (found.verdict, found.dscp_out) == ("known", 40)


def test_two_rewrite_rules_of_one_byte_are_not_known() -> None:
    one, other = (
        f"{PORT} unit 0 rewrite-rules {table}\n" for table in ("dscp R", "inet-precedence Q")
    )
    assert leaving(CLASSES + one).dscp_out == 40
    assert leaving(CLASSES + one + other).verdict == "unknown"


def test_a_profile_that_is_not_there_concerns_what_leaves_only() -> None:
    text = f"{CLASSES}{PORT} unit 0 output-traffic-control-profile GONE\n"
    text += f"{PORT} unit 0 classifiers dscp C\n"
    assert leaving(text).verdict == "unknown"
    found = entering(text)
    assert (found.verdict, found.class_name) == ("known", "VOICE")


@pytest.mark.parametrize(
    "place", ["", "class-of-service ", "class-of-service interfaces ge-0/0/9 "]
)
def test_a_group_that_is_not_there_may_say_anything_of_any_port(place: str) -> None:
    text = f"{CLASSES}{PORT} unit 0 classifiers dscp C\nset {place}apply-groups GONE\n"
    device = JuniperJunos().parse(text)
    for way in (
        {"in_interface": "ge-0/0/1.0"},
        {"out_interface": "ge-0/0/7.0"},
        {"in_interface": "ge-0/0/8.0", "out_interface": "ge-0/0/1.0"},
    ):
        found = asked(device, **way)
        assert found.verdict == "unknown"
        assert any("group GONE" in reason for reason in found.reasons)


def test_groups_by_chassis_that_hold_no_qos_change_nothing() -> None:
    text = f'{CLASSES}{PORT} unit 0 classifiers dscp C\nset apply-groups "${{node}}"\n'
    node = "set groups node{} interfaces fxp0 unit 0 family inet address 192.0.2.{}/24\n"
    nodes = node.format(0, 1) + node.format(1, 2)
    assert entering(text + nodes).class_name == "VOICE"
    assert entering(text).verdict == "unknown"
    assert entering(text + node.format(0, 1)).verdict == "unknown"
    bound = "set groups node1 class-of-service interfaces <*> unit 0 classifiers dscp D\n"
    assert entering(text + nodes + bound).verdict == "unknown"


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("G", "when time 22:00:00 to 23:00:00"),
        ("G", "when routing-engine re1"),
        ("re0", ""),
        ("re1", ""),
        ("lcc0-re1", ""),
    ],
)
def test_groups_that_hold_at_times_leave_unknown_what_they_bear_on(
    name: str, condition: str
) -> None:
    text = f"{CLASSES}{PORT} unit 0 classifiers dscp C\nset apply-groups {name}\n"
    lines = text.count("\n")
    text += f"set groups {name} {condition}\n" if condition else "\n"
    named = f"set groups {name} interfaces fxp0 unit 0 family inet address 192.0.2.1/24\n"
    assert entering(text + named).class_name == "VOICE"
    bound = f"set groups {name} class-of-service interfaces ge-0/0/9 scheduler-map M\n"
    found = entering(text + bound)
    assert found.verdict == "unknown"
    assert lines + (1 if condition else 2) in found.lines
    assert any(f"group {name} " in reason for reason in found.reasons)
    assert entering(text.replace("set apply-groups", "set no-groups") + bound).known


FLOW = "set routing-options flow route R"


@pytest.mark.parametrize(
    ("statements", "packet", "known"),
    [
        (("match destination-port 50000", "then discard"), UDP, False),
        (("match destination-port 50001", "then discard"), UDP, True),
        (("match source 10.1.0.0/16", "then rate-limit 10k"), UDP, False),
        (("match source 10.2.0.0/16", "then rate-limit 10k"), UDP, True),
        (("match fragment is-fragment", "match protocol tcp", "then discard"), UDP, True),
        (("match icmp-code 3", "then discard"), UDP, False),
        (("then routing-instance SCRUB",), UDP, False),
        (("match protocol udp", "then accept"), UDP, True),
        (("match protocol udp", "then discard"), "udp [2001:db8::1]:1 > [2001:db8::2]:2", True),
    ],
)
def test_flow_routes_leave_unknown_what_they_match(
    statements: tuple[str, ...], packet: str, known: bool
) -> None:
    text = f"{CLASSES}{PORT} unit 0 classifiers dscp C\n"
    text += "".join(f"{FLOW} {statement}\n" for statement in statements)
    found = asked(JuniperJunos().parse(text), packet, in_interface="ge-0/0/0.0")
    assert found.known is known
    assert found.known or "flow route R is not followed" in found.reasons


def test_flow_routes_of_instances_and_of_ipv6_count_too() -> None:
    text = f"{CLASSES}{PORT} unit 0 classifiers dscp C\n"
    action = " then discard\n"
    inside = FLOW.replace("set", "set routing-instances BLUE") + action
    assert not entering(text + inside).known
    of_six = FLOW.replace("flow", "rib inet6.0 flow") + action
    assert entering(text + of_six).known
    six = asked(
        JuniperJunos().parse(text + of_six),
        "udp [2001:db8::1]:1 > [2001:db8::2]:2",
        in_interface="ge-0/0/0.0",
    )
    assert not six.known


@pytest.mark.parametrize(
    ("family", "action", "packet"),
    [
        ("inet", "dscp af41", UDP),
        ("inet6", "traffic-class af41", "udp [2001:db8::1]:1 > [2001:db8::2]:2 dscp ef"),
    ],
)
def test_a_firewall_has_no_action_that_marks(family: str, action: str, packet: str) -> None:
    term = f"set firewall family {family} filter F term A then"
    text = f"{term} {action}\n{term} accept\n"
    marked = asked(JuniperJunos().parse(text), packet, policy="F")
    assert (marked.verdict, marked.dscp_out) == ("known", 34)
    device = JuniperJunosSrx().parse(text)
    assert [item.line for item in device.unread] == [1]
    assert asked(device, packet, policy="F").verdict == "unknown"
    classed = JuniperJunosSrx().parse(text.replace(action, "forwarding-class VOICE"))
    found = asked(classed, packet, policy="F")
    assert (found.verdict, found.dscp_out) == ("known", 46)


def test_a_filter_of_switched_packets_has_no_action_that_marks() -> None:
    term = "set firewall family ethernet-switching filter F term A then"
    found = asked(JuniperJunosQfx().parse(f"{term} dscp af41\n{term} accept\n"), policy="F")
    assert found.verdict == "unknown"
    found = asked(JuniperJunosQfx().parse(f"{term} forwarding-class VOICE\n"), policy="F")
    assert (found.verdict, found.dscp_out) == ("known", 46)


def test_the_class_of_what_no_classifier_of_a_switch_sees_is_not_known() -> None:
    ways = {"in_interface": "xe-0/0/0.0", "out_interface": "xe-0/0/1.0"}
    bound = "set class-of-service interfaces xe-0/0/1 scheduler-map M\n"
    text = CLASSES + (
        "set interfaces xe-0/0/0 unit 0 family ethernet-switching interface-mode trunk\n"
        "set class-of-service scheduler-maps M forwarding-class best-effort scheduler S\n"
        "set class-of-service schedulers S transmit-rate percent 20\n"
    )
    switch = JuniperJunosQfx()
    assert asked(JuniperJunos().parse(text + bound), **ways).known
    found = asked(switch.parse(text + bound), **ways)
    assert (found.verdict, found.dscp_out) == ("unknown", 46)
    assert any("own classifier chooses network-control" in reason for reason in found.reasons)
    # Where all of them are served alike, or another decides, it is of no concern.
    assert asked(switch.parse(text), **ways).service == "best-effort"
    table = "set class-of-service interfaces xe-0/0/0 unit 0 classifiers dscp C\n"
    assert asked(switch.parse(text + bound + table), **ways).known


@pytest.mark.parametrize("kind", ["dscp", "inet-precedence"])
def test_the_default_classifier_of_a_switch_is_not_that_of_routers(kind: str) -> None:
    ways = {"in_interface": "xe-0/0/0.0", "out_interface": "xe-0/0/1.0"}
    text = CLASSES + (
        "set class-of-service scheduler-maps M forwarding-class best-effort scheduler S\n"
        "set class-of-service schedulers S transmit-rate percent 20\n"
        "set class-of-service interfaces xe-0/0/1 scheduler-map M\n"
    )
    bound = f"set class-of-service interfaces xe-0/0/0 unit 0 classifiers {kind} "
    table = f"set class-of-service classifiers {kind} D import default\n"
    point = {"dscp": "ef", "inet-precedence": "101"}[kind]
    table += f"{table[: table.index('import')]}forwarding-class VOICE loss-priority low"
    table += f" code-points {point}\n"
    switch, router = JuniperJunosQfx(), JuniperJunos()
    other = UDP.replace("ef", "cs1").replace("46", "8")
    for driver, verdict in ((router, "known"), (switch, "unknown")):
        assert asked(driver.parse(text + bound + "default\n"), **ways).verdict == verdict
        imported = driver.parse(text + table + bound + "D\n")
        assert asked(imported, other, **ways).verdict == verdict
        assert asked(imported, **ways).class_name == "VOICE"
        assert asked(imported, policy="D").class_name == "VOICE"


THREE = "set firewall three-color-policer P"
COLOURED = (
    f"{THREE} single-rate committed-information-rate 10m\n"
    f"{THREE} single-rate excess-burst-size 200k\n"
    f"{FILTER} then three-color-policer single-rate P\n"
    "set firewall policer P if-exceeding bandwidth-limit 1m\n"
    "set class-of-service classifiers dscp C forwarding-class VOICE loss-priority high"
    " code-points cs5\n"
    "set class-of-service rewrite-rules dscp R forwarding-class VOICE loss-priority high"
    " code-point af43\n"
    "set interfaces ge-0/0/2 unit 0 family inet filter input F\n"
    f"{PORT} unit 0 rewrite-rules dscp R\n"
)


@pytest.mark.parametrize(
    ("settings", "point", "expected"),
    [
        (("single-rate color-blind",), "cs5", 40),
        (("single-rate color-blind", "action loss-priority high then discard"), "cs5", 40),
        (("single-rate color-aware",), "cs5", 38),
        (("single-rate color-aware", "action loss-priority high then discard"), "cs5", None),
        (("action loss-priority high then discard",), "cs5", None),
        (("action loss-priority high then discard",), "ef", 40),
    ],
)
def test_a_three_color_policer_sees_the_loss_priority_or_sets_it(
    settings: tuple[str, ...], point: str, expected: int | None
) -> None:
    text = CLASSES + COLOURED + "".join(f"{THREE} {setting}\n" for setting in settings)
    text += "set class-of-service interfaces ge-0/0/2 unit 0 classifiers dscp C\n"
    ways = {"in_interface": "ge-0/0/2.0", "out_interface": "ge-0/0/1.0"}
    found = asked(JuniperJunos().parse(text), UDP.replace("dscp ef", f"dscp {point}"), **ways)
    assert found.known is (expected is not None)
    assert expected is None or (found.dscp_out, found.policed_bps) == (expected, 0)
    both = text + f"{FILTER} then loss-priority low\n"
    blind_or_dropping = len(settings) > 1 or settings[0] != "single-rate color-aware"
    assert asked(JuniperJunos().parse(both), **ways).known is not blind_or_dropping


@pytest.mark.parametrize(
    "text",
    [
        "<rpc-reply xmlns:junos='x'>\n<configuration junos:changed='1'>\n<firewall>\n",
        "<rpc-reply><configuration><firewall/></configuration></rpc-reply>\n",
        '{\n    "configuration" : {\n        "firewall" : {}\n    }\n}\n',
    ],
)
def test_a_configuration_in_another_form_is_not_known(text: str) -> None:
    found = asked(JuniperJunos().parse(f"admin@r> show\n{text}"), in_interface="ge-0/0/1.0")
    assert (found.verdict, len(found.lines)) == ("unknown", 1)
    described = 'set system login message "<configuration> of r1"\n'
    assert entering(f"{described}{CLASSES}{PORT} unit 0 classifiers dscp C\n").known


def test_what_excludes_each_other_on_a_unit_or_in_a_term_is_not_known() -> None:
    unit = "set interfaces ge-0/0/1 unit 0 family inet filter"
    text = f"{unit} input F\n{FILTER} then accept\n"
    assert entering(text).known
    assert not entering(f"{text}{unit} input-list F\n").known
    condition = f"{FILTER} from address 10.0.0.0/8\n"
    assert entering(text + condition).known
    assert not entering(f"{text}{condition}{FILTER} from source-address 10.0.0.0/8\n").known


def test_a_code_point_of_two_classes_is_not_known() -> None:
    text = f"{CLASSES}{PORT} unit 0 classifiers dscp C\n"
    other = "set class-of-service classifiers dscp C forwarding-class best-effort loss-priority"
    assert entering(f"{text}{other} low code-points cs1\n").known
    assert not entering(f"{text}{other} low code-points ef\n").known
    again = other.replace("best-effort", "VOICE")
    assert entering(f"{text}{again} low code-points 101110\n").known


@pytest.mark.parametrize("sign", ["/* OMITTED */", "...", "...\n"])
def test_what_a_listing_leaves_out_is_not_known(sign: str) -> None:
    text = f"system {{ {sign} }}\nclass-of-service {{ schedulers {{ S {{ priority low; }} }} }}\n"
    assert entering(text).known
    for section in ("interfaces", "class-of-service", "firewall { family inet"):
        closing = "}" * section.count("{")
        found = entering(f"{text}{section} {{ {sign} }}{closing};\n")
        assert found.verdict == "unknown", section
        assert "what stands here is left out of the text" in found.reasons


@pytest.mark.parametrize(
    "condition", ["protocol udp then", "source-address 10.0.0.0/8 exact", "dscp ef ef"]
)
def test_words_behind_a_value_are_not_known(condition: str) -> None:
    text = f"{FILTER} from {condition}\n{FILTER} then accept\n"
    assert not asked(JuniperJunos().parse(text), policy="F").known


@pytest.mark.parametrize(
    ("family", "statement", "packet"),
    [
        ("inet", "then traffic-class ef", UDP),
        ("inet", "from next-header udp", UDP),
        ("inet", "from traffic-class ef", UDP),
        ("inet6", "then dscp ef", "udp [2001:db8::1]:1 > [2001:db8::2]:2"),
        ("inet6", "from protocol udp", "udp [2001:db8::1]:1 > [2001:db8::2]:2"),
        ("inet6", "from dscp-except be", "udp [2001:db8::1]:1 > [2001:db8::2]:2"),
    ],
)
def test_statements_of_the_other_ip_version_are_not_known(
    family: str, statement: str, packet: str
) -> None:
    term = FILTER.replace("inet", family)
    text = f"{term} then accept\n"
    assert asked(JuniperJunos().parse(text), packet, policy="F").known
    assert not asked(JuniperJunos().parse(f"{text}{term} {statement}\n"), packet, policy="F").known


def test_a_filter_with_and_without_its_family_is_not_known() -> None:
    text = f"{FILTER} then accept\n"
    again = text.replace("family inet ", "")
    assert asked(JuniperJunos().parse(again), policy="F").known
    assert not asked(JuniperJunos().parse(text + again), policy="F").known
