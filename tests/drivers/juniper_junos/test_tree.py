"""Curly and set form give one tree; what is not in force is not in it."""

from __future__ import annotations

import pytest

from translator.codepoint import CodePoint
from translator.drivers.juniper_junos import JuniperJunos
from translator.drivers.juniper_junos.forms import flatten, read_tree
from translator.drivers.juniper_junos.groups import apply_groups
from translator.drivers.juniper_junos.tree import Node
from translator.errors import ParseError
from translator.intents.pipeline import set_code_point

CURLY = """\
## Last commit: somebody
firewall {
    family inet {
        /* two
           lines */
        replace: filter F {
            term "A B" {
                from {
                    protocol [ tcp udp ];
                    source-port 20000-20039; # trailing words
                }
                then { dscp ef; accept; }
            }
            inactive: term OLD {
                then discard;
            }
            protect: term REST { then accept; }
        }
    }
}
"""
SET = """\
set firewall family inet filter F term "A B" from protocol tcp
set firewall family inet filter F term "A B" from protocol udp
set firewall family inet filter F term "A B" from source-port 20000-20039
set firewall family inet filter F term "A B" then dscp ef
set firewall family inet filter F term "A B" then accept
set firewall family inet filter F term OLD then discard
deactivate firewall family inet filter F term OLD
set firewall family inet filter F term REST then accept
"""


def words(node: Node) -> dict[str, object]:
    return {child.word: words(child) for child in node.children.values()}


def terms(text: str) -> list[str]:
    found = read_tree(text, file="x").root.get("firewall", "family", "inet", "filter", "F", "term")
    assert found is not None
    return list(found.children)


def test_both_forms_are_one_tree() -> None:
    assert words(read_tree(CURLY, file="x").root) == words(read_tree(SET, file="x").root)


def test_line_numbers_are_those_of_the_text() -> None:
    root = read_tree(CURLY, file="x").root
    term = root.get("firewall", "family", "inet", "filter", "F", "term", "A B")
    assert term is not None
    ports = term.get("from", "source-port", "20000-20039")
    assert ports is not None
    assert ports.lines == [10]
    assert sorted(set(term.all_lines())) == [7, 8, 9, 10, 12]


def test_what_is_inactive_is_known_but_not_in_force() -> None:
    curly, line_by_line = read_tree(CURLY, file="x"), read_tree(SET, file="x")
    assert set(curly.dormant) == {14, 15}
    assert set(line_by_line.dormant) == {6, 7}


def test_activate_undoes_deactivate() -> None:
    assert terms(SET + "activate firewall family inet filter F term OLD\n")[1] == "OLD"


def test_delete_takes_empty_containers_along_and_leaves_what_has_a_name() -> None:
    text = "set firewall family inet filter F term A then accept\n"
    delete = "delete firewall family inet filter F"
    tree = read_tree(f"{text}{delete}\n", file="x")
    assert words(tree.root) == {}
    assert set(tree.dormant) == {1, 2}
    tree = read_tree(f"{text}{delete} term A then accept\n", file="x")
    assert words(tree.root) == {
        "firewall": {"family": {"inet": {"filter": {"F": {"term": {"A": {}}}}}}}
    }
    placed = "interfaces ge-0/0/0 unit 0 family inet filter input F\n"
    assert words(read_tree(f"set {placed}delete {placed}", file="x").root) == {}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("insert firewall family inet filter F term NEW before term REST", ["A B", "NEW", "REST"]),
        ('insert firewall family inet filter F term NEW before term "A B"', ["NEW", "A B", "REST"]),
        ("insert firewall family inet filter F term REST after term NEW", ["A B", "NEW", "REST"]),
        ("insert firewall family inet filter F term NEW after term GONE", ["A B", "REST", "NEW"]),
        ("insert firewall before", ["A B", "REST", "NEW"]),
    ],
)
def test_insert_moves_a_term(command: str, expected: list[str]) -> None:
    new = "set firewall family inet filter F term NEW then accept\n"
    assert terms(SET + new + command + "\n") == expected


def test_carriage_returns_are_no_part_of_words() -> None:
    assert words(read_tree(SET.replace("\n", "\r\n"), file="x").root) == words(
        read_tree(SET, file="x").root
    )
    assert words(read_tree(CURLY.replace("\n", "\r\n"), file="x").root) == words(
        read_tree(CURLY, file="x").root
    )


def test_a_list_may_stand_in_a_set_line() -> None:
    listed = "set firewall family inet filter F term A from protocol [ tcp udp ]\n"
    node = read_tree(listed, file="x").root.get(
        "firewall", "family", "inet", "filter", "F", "term", "A", "from", "protocol"
    )
    assert node is not None
    assert list(node.children) == ["tcp", "udp"]


def test_listings_between_prompts_are_read_where_they_belong() -> None:
    text = """\
Router one:
user@box> show configuration groups G | no-more
class-of-service {
    schedulers { S { priority low; } }
}
user@box> show configuration apply-groups
apply-groups [ G ];
"""
    assert words(read_tree(text, file="x").root) == {
        "groups": {"G": {"class-of-service": {"schedulers": {"S": {"priority": {"low": {}}}}}}},
        "apply-groups": {"G": {}},
    }


def test_listings_of_configuration_mode_are_read_where_they_belong() -> None:
    text = """\
admin@box# show class-of-service schedulers
S {
    priority low;
}
admin@box# run show class-of-service scheduler-map
Scheduler map: M, Index: 6015
[edit class-of-service]
scheduler-maps { M { forwarding-class a scheduler S; } }
"""
    assert words(read_tree(text, file="x").root) == {
        "class-of-service": {
            "schedulers": {"S": {"priority": {"low": {}}}},
            "scheduler-maps": {"M": {"forwarding-class": {"a": {"scheduler": {"S": {}}}}}},
        }
    }


SESSION = """\
[edit]
admin@box# edit class-of-service schedulers S
[edit class-of-service schedulers S]
admin@box# set priority low
admin@box# up
admin@box# set T priority high
admin@box# top set class-of-service schedulers U priority high
admin@box# set V priority high
admin@box# top edit firewall family inet filter F
admin@box# edit term A
admin@box# set then accept
admin@box# up 2
admin@box# set filter G term B then discard
admin@box# exit
admin@box# exit
admin@box# set W priority low
admin@box# commit
"""


def test_a_session_is_followed_through_its_hierarchy() -> None:
    found = words(read_tree(SESSION, file="x").root)
    schedulers = found["class-of-service"]["schedulers"]
    assert {name: list(value["priority"]) for name, value in schedulers.items()} == {
        "S": ["low"],
        "T": ["high"],
        "U": ["high"],
        "V": ["high"],
        "W": ["low"],
    }
    assert found["firewall"] == {
        "family": {
            "inet": {
                "filter": {
                    "F": {"term": {"A": {"then": {"accept": {}}}}},
                    "G": {"term": {"B": {"then": {"discard": {}}}}},
                }
            }
        }
    }


@pytest.mark.parametrize(
    "command",
    [
        "rename family inet filter GONE to filter G",
        "rename family inet filter F to term G",
        "copy family inet filter F to filter F",
        "copy",
        "replace pattern inet with inet6",
        "wildcard delete family inet filter F.*",
        "wildcard range set family inet filter F[1-3] term A then accept",
    ],
)
def test_a_command_that_is_not_followed_is_named(command: str) -> None:
    text = f"set firewall family inet filter F term A then accept\nedit firewall\n{command}\n"
    assert list(read_tree(text, file="x").lost) == [3]


@pytest.mark.parametrize("cut", range(0, len(CURLY), 7))
def test_a_cut_off_text_is_read_as_far_as_it_goes(cut: int) -> None:
    read_tree(CURLY[:cut], file="x")
    read_tree(CURLY[cut:], file="x")


def test_binary_is_refused() -> None:
    with pytest.raises(ParseError, match="no text"):
        read_tree("set firewall\0", file="x")


def test_flatten_gives_the_set_form() -> None:
    curly = 'a { b "c d" { e [ f g ]; h; } }\n'
    assert flatten(curly) == ['set a b "c d" e f', 'set a b "c d" e g', 'set a b "c d" h']


def applied(text: str) -> dict[str, object]:
    root = read_tree(text, file="x").root
    apply_groups(root)
    return words(root)


def test_a_group_is_inherited_where_it_is_applied() -> None:
    found = applied(
        "set groups G class-of-service schedulers S priority low\n"
        "set groups OTHER class-of-service schedulers T priority low\n"
        "set apply-groups G\n"
    )
    assert found["class-of-service"] == {"schedulers": {"S": {"priority": {"low": {}}}}}


def test_wildcards_match_what_is_there_and_add_nothing_else() -> None:
    found = applied(
        "set groups G class-of-service interfaces <ge-*> unit <*> classifiers dscp C\n"
        "set class-of-service interfaces ge-0/0/0 unit 0 scheduler-map M\n"
        "set class-of-service interfaces xe-0/0/0 unit 0 scheduler-map M\n"
        "set apply-groups G\n"
    )
    assert found["class-of-service"] == {
        "interfaces": {
            "ge-0/0/0": {
                "unit": {"0": {"scheduler-map": {"M": {}}, "classifiers": {"dscp": {"C": {}}}}}
            },
            "xe-0/0/0": {"unit": {"0": {"scheduler-map": {"M": {}}}}},
        }
    }


def test_an_applied_group_that_the_text_lacks_is_named() -> None:
    root = read_tree("set apply-groups [ G H ]\nset groups G firewall x\n", file="x").root
    assert set(apply_groups(root)) == {"H"}


def test_a_group_may_be_applied_below_the_top() -> None:
    found = applied(
        "set groups G class-of-service interfaces <*> scheduler-map M\n"
        "set class-of-service interfaces ge-0/0/0 apply-groups G\n"
        "set class-of-service interfaces ge-0/0/1 shaping-rate 1m\n"
    )
    ports = found["class-of-service"]["interfaces"]
    assert "scheduler-map" in ports["ge-0/0/0"]
    assert "scheduler-map" not in ports["ge-0/0/1"]


def test_apply_groups_except_keeps_a_group_out() -> None:
    found = applied(
        "set groups G class-of-service interfaces <*> scheduler-map M\n"
        "set apply-groups G\n"
        "set class-of-service interfaces ge-0/0/0 apply-groups-except G\n"
        "set class-of-service interfaces ge-0/0/1 shaping-rate 1m\n"
    )
    ports = found["class-of-service"]["interfaces"]
    assert "scheduler-map" not in ports["ge-0/0/0"]
    assert "scheduler-map" in ports["ge-0/0/1"]


def test_a_value_of_the_target_wins_over_an_inherited_one() -> None:
    root = read_tree(
        "set groups G class-of-service schedulers S priority high\n"
        "set class-of-service schedulers S priority low\n"
        "set apply-groups G\n",
        file="x",
    ).root
    apply_groups(root)
    node = root.get("class-of-service", "schedulers", "S", "priority")
    assert node is not None
    assert node.value() == "low"


@pytest.mark.parametrize("word", ["apply-groups", "apply-groups-except"])
def test_what_applies_groups_is_no_statement_beside_theirs(ask, word: str) -> None:
    term = "set firewall family inet filter F term A"
    text = (
        "set groups G firewall family inet filter <*> term <*> then dscp ef\n"
        f"{term} then accept\n{term} {word} G\nset firewall family inet filter F {word} G\n"
    )
    text += "" if word == "apply-groups" else "set apply-groups G\n"
    found = ask(text, "udp 10.0.0.1:1 > 10.0.0.2:2", policy="F")
    assert (found.verdict, found.dscp_out) == ("known", 46 if word == "apply-groups" else 0)


def test_a_group_that_applies_groups_with_qos_is_not_followed(ask) -> None:
    term = "firewall family inet filter F term A then accept\n"
    text = f"set {term}set groups G apply-groups H\nset apply-groups G\n"
    packet = "udp 10.0.0.1:1 > 10.0.0.2:2"
    assert not ask(f"{text}set groups H {term}", packet, policy="F").known
    assert not ask(text, packet, policy="F").known
    assert ask(f"{text}set groups H system host-name r\n", packet, policy="F").known


@pytest.mark.parametrize("value", ["protocol-except tcp", "forwarding-class X", "port-except 9"])
def test_a_condition_whose_values_are_inactive_is_none(ask, value: str) -> None:
    condition = f"firewall family inet filter F term A from {value}\n"
    text = f"set {condition}set firewall family inet filter F term A then dscp ef\n"
    found = ask(f"{text}deactivate {condition}", "tcp 10.0.0.1:9 > 10.0.0.2:2", policy="F")
    assert (found.verdict, found.dscp_out) == ("known", 46)


def test_an_own_code_point_of_a_rewrite_rule_holds_before_one_of_a_group() -> None:
    entry = "class-of-service rewrite-rules dscp R forwarding-class best-effort loss-priority low"
    text = (
        f"set groups G {entry} code-point cs7\nset apply-groups G\n"
        f"set {entry} code-point ef\nset {entry} code-point af41\n"
    )
    (rule,) = JuniperJunos().parse(text).policies[0].stages[0].rules
    assert rule.actions == (set_code_point(CodePoint(34)),)
    assert rule.lines == (4,)


def test_a_unit_whose_statements_are_inactive_is_there() -> None:
    text = "interfaces { ge-0/0/0 { unit 0 { inactive: family inet { filter { input F; } } } } }\n"
    assert words(read_tree(text, file="x").root) == {
        "interfaces": {"ge-0/0/0": {"unit": {"0": {}}}}
    }
