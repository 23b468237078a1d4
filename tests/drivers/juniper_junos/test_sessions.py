"""Typed sessions, comments, and texts in which both forms stand."""

from __future__ import annotations

import pytest

from translator.drivers.juniper_junos.edit import Candidate
from translator.drivers.juniper_junos.forms import read_tree
from translator.errors import RefusedError
from translator.verify.explain import Explanation

UDP = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0"
WAY = {"in_interface": "ge-0/0/0.0", "out_interface": "ge-0/0/1.0"}
PORTS = (
    "set interfaces ge-0/0/0 unit 0 family inet filter input F\n"
    "set interfaces ge-0/0/1 unit 0 family inet address 10.0.0.1/30\n"
)
CURLY_PORTS = """\
interfaces {
    ge-0/0/0 { unit 0 { family inet { filter { input F; } } } }
    ge-0/0/1 { unit 0 { family inet { address 10.0.0.1/30; } } }
}
"""
CURLY = """\
firewall {
    family inet {
        filter F {
            term A { from { protocol udp; } then { dscp ef; accept; } }
            term REST { then accept; }
        }
    }
}
"""
TERM = "firewall family inet filter F term A "
MARKING = PORTS + f"set {TERM}then dscp ef\nset {TERM}then accept\n"


def marked(found: Explanation) -> int | None:
    assert found.verdict == "known", found.reasons
    return None if found.dropped else int(found.dscp_out or 0)


@pytest.mark.parametrize(
    "comment",
    [
        "/*\n   set up by the night shift 2024\n*/\n",
        "/*\nset up by the night shift\ndelete it later */\n",
        '/* the 5" disk*/\n',
        "/*closed at once*/ /* and\n again*/\n",
        "## set up by somebody\n",
        "/* and so on\n   show configuration first\n*/\n",
    ],
)
def test_what_a_comment_says_is_not_done(ask, comment: str) -> None:
    assert marked(ask(comment + CURLY_PORTS + CURLY, UDP, **WAY)) == 46
    inside = CURLY.replace("        filter F {", comment + "        filter F {")
    assert marked(ask(CURLY_PORTS + inside, UDP, **WAY)) == 46
    assert Candidate(CURLY_PORTS + inside).paths


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        (f"set {TERM}then dscp af41\n", 34),
        (f"delete {TERM}from\ndeactivate firewall family inet filter F term A\n", 0),
        ("edit firewall family inet filter F term A\nset then dscp cs3\n", 24),
        ("user@r# edit firewall family\n{master:0}[edit firewall family]\nuser@r# "
         "delete inet filter F term A\n", 0),
    ],
)  # fmt: skip
def test_commands_behind_a_listing_change_what_it_lists(ask, commands: str, expected: int) -> None:
    text = CURLY_PORTS + CURLY + commands
    assert marked(ask(text, UDP, **WAY)) == expected
    with pytest.raises(RefusedError):
        Candidate(text)


def test_a_listing_behind_commands_is_read(ask) -> None:
    assert marked(ask(PORTS + CURLY, UDP, **WAY)) == 46
    assert marked(ask(f"{PORTS}user@r# load merge terminal\n{CURLY}", UDP, **WAY)) == 46


def test_a_command_inside_of_braces_leaves_nothing_known(ask) -> None:
    cut = CURLY.removesuffix("}\n") + f"set {TERM}then dscp af41\n"
    found = ask(CURLY_PORTS + cut, UDP, **WAY)
    assert (found.verdict, found.lines) == ("unknown", (8, 12))


def test_differences_are_no_statements(ask) -> None:
    text = (
        f"{CURLY_PORTS}{CURLY}user@r# show | compare\n[edit firewall family inet filter F term A]\n"
        "-  then dscp cs1;\n+       then dscp ef;\n[edit]\nuser@r# set system host-name r\n"
    )
    assert marked(ask(text, UDP, **WAY)) == 46
    assert not read_tree(text, file="x").lost


def test_quit_goes_back_as_exit_does(ask) -> None:
    text = "edit policy-options prefix-list X\nset 10.0.0.0/8\nquit\n" + MARKING
    assert marked(ask(text, UDP, **WAY)) == 46


def test_names_in_quotes_are_one_word_of_the_hierarchy(ask) -> None:
    text = PORTS + 'edit firewall family inet filter F term "A B"\nset then dscp ef\n'
    assert marked(ask(text, UDP, **WAY)) == 46


@pytest.mark.parametrize("shown", ["| display set", "| display set | no-more"])
def test_a_listing_of_commands_starts_at_the_top(ask, shown: str) -> None:
    text = f"[edit firewall]\nuser@r# show {shown}\n{MARKING}\n[edit firewall]\nuser@r# exit\n"
    assert marked(ask(text, UDP, **WAY)) == 46


def test_a_relative_listing_starts_where_it_was_asked_for(ask) -> None:
    text = PORTS + (
        "user@r> show configuration firewall family inet | display set relative\n"
        "set filter F term A then dscp ef\n"
    )
    assert marked(ask(text, UDP, **WAY)) == 46


def test_show_of_configuration_mode_lists_from_where_it_stands(ask) -> None:
    listing = "[edit firewall family inet]\nuser@r# show\nfilter F { term A { then dscp ef; } }\n"
    assert marked(ask(CURLY_PORTS + listing, UDP, **WAY)) == 46


@pytest.mark.parametrize(
    "command",
    ["load merge /var/tmp/qos.conf", "load override terminal", "rollback 1", "rollback", "delete"],
)
def test_what_is_loaded_from_elsewhere_is_not_known(ask, command: str) -> None:
    found = ask(f"{MARKING}user@r# {command}\n", UDP, **WAY)
    assert (found.verdict, found.lines) == ("unknown", (3, 4, 5))
    assert ask(f"{MARKING}load set terminal\n", UDP, **WAY).known


def test_a_delete_of_several_values_leaves_the_others(ask) -> None:
    text = MARKING + (
        f"set {TERM}from source-port [ 5060 20001 20002 ]\n"
        f"delete {TERM}from source-port [ 5060 20002 ]\n"
    )
    assert marked(ask(text, UDP, **WAY)) == 46
    assert marked(ask(text, UDP.replace("20001", "5060"), **WAY)) is None


def test_a_term_that_is_to_move_before_itself_stays(ask) -> None:
    command = "insert firewall family inet filter F term A before term A\n"
    assert marked(ask(MARKING + command, UDP, **WAY)) == 46


def test_a_term_without_contents_takes_every_packet(ask) -> None:
    other = "firewall family inet filter F term REST then discard\n"
    text = PORTS + f"set {TERM}from protocol tcp\nset {TERM}then dscp ef\nset {other}"
    assert marked(ask(text, UDP, **WAY)) is None
    assert marked(ask(f"{text}delete {other}", UDP, **WAY)) == 0


def test_what_a_filter_without_terms_does_is_not_known(ask) -> None:
    text = MARKING + "delete firewall family inet filter F term A\n"
    assert not ask(text, UDP, **WAY).known
    assert not ask(CURLY_PORTS + "firewall { family inet { filter F; } }\n", UDP, **WAY).known


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ("rename firewall family inet filter F term A to term B\n", 46),
        ("rename firewall family inet filter F term A to B\n" f"set {TERM}then discard\n", 46),
        ("edit firewall family inet\nrename filter F to filter G\ncopy filter G to filter F\n", 46),
        ("copy firewall family inet filter F to filter G\n"
         "set firewall family inet filter G term A then dscp af41\n", 46),
        (f"copy firewall family inet filter F term A to term B\ndelete {TERM[:-1]}\n", 46),
        ("rename interfaces ge-0/0/0 to ge-0/0/9\n", 0),
        ("rename interfaces ge-0/0/0 unit 0 to unit 1\n", 0),
        ("deactivate interfaces ge-0/0/0\ncopy interfaces ge-0/0/0 to ge-0/0/9\n"
         "activate interfaces ge-0/0/0\n", 46),
    ],
)  # fmt: skip
def test_what_is_renamed_or_copied_has_its_new_name(ask, commands: str, expected: int) -> None:
    assert marked(ask(MARKING + commands, UDP, **WAY)) == expected


def test_a_term_that_is_renamed_keeps_its_place(ask) -> None:
    text = MARKING + "set firewall family inet filter F term Z then discard\n"
    command = "rename firewall family inet filter F term A to term ZZ\n"
    assert marked(ask(text + command, UDP, **WAY)) == 46


@pytest.mark.parametrize(
    "command",
    ["replace pattern ge-0/0/0 with ge-0/0/9", "wildcard delete interfaces ge-.*"],
)
def test_patterns_that_may_mean_anything_leave_nothing_known(ask, command: str) -> None:
    assert not ask(f"{MARKING}{command}\n", UDP, **WAY).known
    elsewhere = f"{MARKING}edit snmp\nreplace pattern a with b\nwildcard delete community a.*\n"
    assert ask(elsewhere, UDP, **WAY).known


def test_copies_and_moves_are_made_as_far_as_there_is_room(monkeypatch) -> None:
    monkeypatch.setattr("translator.drivers.juniper_junos.tree.MOST_MOVES", 2000)
    lines = [f"set {TERM}from source-port {number}\n" for number in range(20)]
    lines += [
        f"copy firewall family inet filter F term A to term B{number}\n" for number in range(9)
    ]
    tree = read_tree("".join(lines), file="x")
    assert sorted(tree.lost) == list(range(23, 30))
    moves = "insert firewall family inet filter F term B before term A\n" * 1001
    terms = MARKING + "set firewall family inet filter F term B then accept\n"
    assert sorted(read_tree(terms + moves, file="x").lost) == [1006]
