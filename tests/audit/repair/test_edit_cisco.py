"""What commands make of a Cisco configuration, and what another tool makes of the same."""

from __future__ import annotations

import subprocess
import sys

import pytest
from audit.repair.foreign_ios import BEFORE, BEHIND
from support.corpus import corpus_files

from translator.audit.repair import repair
from translator.drivers.cisco.edit import Editor
from translator.drivers.cisco.edit_predict import predict
from translator.drivers.cisco.edit_tree import ConfigTree
from translator.drivers.registry import driver
from translator.errors import ProofError, RefusedError

TEXT = BEFORE + BEHIND


def entered(*commands: str, text: str = TEXT) -> str:
    return Editor(text).enter_all(commands).text


@pytest.mark.parametrize(
    ("commands", "why"),
    [
        (["interface GigabitEthernet0/9"], "no such interface"),
        (["interface GigabitEthernet0/2", " service-policy output NOWHERE"], "not defined"),
        (["interface GigabitEthernet0/2", " service-policy input OFFICE-OUT"], "removed first"),
        (["interface GigabitEthernet0/2", " no service-policy input OFFICE-OUT"], "no such line"),
        (["interface GigabitEthernet0/2", " ip address 10.0.0.1 255.0.0.0"], "only service-policy"),
        (["no policy-map OFFICE-IN"], "uses it"),
        (["no class-map match-any OFFICE-VOICE"], "uses it"),
        (["no ip access-list extended OFFICE-PBX"], "uses it"),
        (["no ip access-list extended OFFICE-FILTER"], "GigabitEthernet0/2 uses it"),
        (["no policy-map NOWHERE"], "no such definition"),
        (["policy-map OFFICE-IN", " class NOWHERE"], "not defined"),
        (["class-map match-any NEW", "policy-map OFFICE-IN", " class NEW"], "matches nothing yet"),
        (["class-map match-any NEW", " match access-group name NOWHERE"], "not defined"),
        (["class-map match-all OFFICE-VOICE"], "the class-map is"),
        (
            ["class-map match-all OFFICE-NBAR", " no match protocol rtp audio"],
            "nothing that is known",
        ),
        (
            ["policy-map OFFICE-OUT", " class OFFICE-VOICE", "  bandwidth percent 5"],
            "has `priority",
        ),
        (["policy-map OFFICE-OUT", " class OFFICE-NBAR", "  bandwidth percent 81"], "100 %"),
        (["policy-map OFFICE-OUT", " class OFFICE-NBAR", "  random-detect"], "no share"),
        (["policy-map OFFICE-OUT", " class OFFICE-NBAR", "  service-policy NO"], "not defined"),
        (["policy-map OFFICE-IN", "  set dscp ef"], "in no class"),
        (["ip access-list extended OFFICE-PBX", " no permit ip any any"], "no such line"),
        ([" set dscp ef"], "below no header"),
    ],
)
def test_what_a_device_refuses_is_refused(commands, why):
    with pytest.raises(RefusedError, match=why):
        entered(*commands)


def test_a_line_below_another_one_is_none_of_the_interface():
    pvc = " pvc 1/100\n  service-policy output OFFICE-IN\n !"
    text = TEXT.replace("interface GigabitEthernet0/2", f"interface ATM0/0\n{pvc}\ninterface Gi0/2")
    with pytest.raises(RefusedError, match="no such line"):
        entered("interface ATM0/0", " no service-policy output OFFICE-IN", text=text)
    after = entered("interface ATM0/0", " service-policy output OFFICE-IN", text=text)
    assert f"{pvc}\n service-policy output OFFICE-IN\n" in after


def test_lines_that_are_not_touched_stay_to_the_byte():
    after = entered("policy-map OFFICE-IN", " class OFFICE-VOICE", "  set dscp cs5")
    before_lines, after_lines = TEXT.split("\n"), after.split("\n")
    differing = [(a, b) for a, b in zip(before_lines, after_lines, strict=True) if a != b]
    assert differing == [("  set dscp ef", "  set dscp cs5")]


def test_a_banner_is_no_configuration():
    assert entered("class-map match-any QOS-X", " match dscp ef").count("QOS-IN-CLIENT") == 1
    with pytest.raises(RefusedError, match="no such definition"):
        entered("no policy-map QOS-IN-CLIENT")


def test_a_new_class_stands_before_the_default_one():
    after = entered("policy-map OFFICE-OUT", " class OFFICE-NBAR", "  bandwidth percent 5")
    assert " class OFFICE-NBAR\n  bandwidth percent 5\n class class-default\n" in after


def test_removal_and_undo_bring_classes_back_in_their_order():
    commands = ["policy-map OFFICE-IN", " no class OFFICE-VOICE"]
    undo = Editor(TEXT).enter_all(commands).undo()
    after = Editor(TEXT).enter_all(commands).enter_all(undo).text
    assert after == TEXT


@pytest.mark.parametrize(
    "commands",
    [
        ["class-map match-any NEW", " match dscp ef", "policy-map P", " class NEW"],
        ["policy-map OFFICE-OUT", " class OFFICE-VOICE", "  priority percent 30"],
        [
            "interface GigabitEthernet0/3",
            " no service-policy output OFFICE-OUT",
            "no policy-map OFFICE-OUT",
        ],
        [
            "ip access-list extended OFFICE-PBX",
            " permit udp any any eq 5060",
            " no permit udp host 10.2.0.5 any range 16384 16484",
        ],
    ],
)
def test_undo_brings_the_same_lines_back(commands):
    first = Editor(TEXT).enter_all(commands)
    back = Editor(first.text).enter_all(first.undo()).text
    assert sorted(back.split("\n")) == sorted(TEXT.split("\n"))


def test_text_without_indentation_is_not_edited():
    with pytest.raises(RefusedError, match="indentation"):
        ConfigTree("policy-map P\nclass C\nset dscp ef\n")


def test_a_device_with_nothing_below_any_header_is_edited():
    text = "hostname R1\n!\ninterface GigabitEthernet0/0\n!\ninterface GigabitEthernet0/1\n!\nend\n"
    bound = " service-policy input P"
    editor = Editor(text).enter_all(["policy-map P", "interface GigabitEthernet0/1", bound])
    assert f"interface GigabitEthernet0/1\n{bound}\n!" in editor.text


@pytest.mark.parametrize(
    "path",
    [*corpus_files("cisco_ios"), *corpus_files("cisco_catalyst"), *corpus_files("cisco_cat9k")],
    ids=lambda path: path.name,
)
def test_real_text_without_commands_comes_back_to_the_byte(path):
    text = path.read_bytes().decode("latin-1")
    try:
        tree = ConfigTree(text)
    except RefusedError:
        pytest.skip("typed text, which is not edited")
    assert tree.text == text


def test_ciscoconfparse_agrees_on_a_repair_and_stays_silent():
    code = (
        "from translator.drivers.cisco.edit_predict import predict\n"
        "text = 'policy-map P\\n class A\\n  set dscp ef\\n'\n"
        "text += 'policy-map Q\\n class A\\n  set dscp ef\\n'\n"
        "after = predict(text, ['policy-map P', ' class A', '  police 8000'])\n"
        "assert after.split('\\n') == ['policy-map P', ' class A', '  set dscp ef', "
        "'  police 8000', 'policy-map Q', ' class A', '  set dscp ef'], after\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, b""), done.stderr


def test_ciscoconfparse_is_not_shown_banners():
    assert "NOT-A-CLASS" not in predict(TEXT, ["policy-map OFFICE-IN", " class OFFICE-VOICE"])


def test_two_models_that_disagree_print_nothing(monkeypatch):
    ios = driver("cisco_ios")
    from audit.repair.test_repair_ios import FAULTS, INTENTS

    def other(_self, text, _commands):
        return text

    monkeypatch.setattr(type(ios), "predict", other)
    with pytest.raises(ProofError, match="two models"):
        repair(ios, FAULTS["port off by one"], INTENTS, snippet=True)
