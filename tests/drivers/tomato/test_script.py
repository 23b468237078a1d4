"""The Firewall script: straight iptables commands are read, anything else is named as unread."""

from __future__ import annotations

import pytest
from drivers.tomato.routers import AUDIO, FACTORY, read, sent

from translator.drivers.tomato.dialect import FRESH

MARK = "iptables -t mangle -A FORWARD -p udp --sport 20000:20039 -j DSCP --set-dscp 46"
BY_MARK = f"0<<-2<a<<0<<<46<1<marked>{FACTORY[FRESH]}"


def test_the_script_marks_what_is_forwarded():
    device = read(script_fire=f"modprobe xt_DSCP\n{MARK}")
    assert sent(device, AUDIO).dscp_out == 46
    assert sent(device, "udp 10.1.1.10:20040 > 10.2.2.2:5").dscp_out == 0
    assert sent(device, "udp [2001:db8::1]:20000 > [2001:db8::2]:5").dscp_out == 0


def test_classes_see_the_code_point_before_what_a_script_appends_and_after_what_it_inserts():
    assert sent(read(BY_MARK, script_fire=MARK), AUDIO).class_name == "Crawl"
    inserted = MARK.replace("-A FORWARD", "-I FORWARD")
    assert sent(read(BY_MARK, script_fire=inserted), AUDIO).class_name == "VOIP/Game"
    early = MARK.replace("-A FORWARD", "-A PREROUTING")
    assert sent(read(BY_MARK, script_fire=early), AUDIO).class_name == "VOIP/Game"


def test_a_script_runs_with_qos_off_too():
    assert sent(read(qos_enable="0", script_fire=MARK), AUDIO).dscp_out == 46


def test_usual_shell_around_commands_is_read():
    script = (
        "# voice\n"
        "iptables -t mangle -N VOICE 2>/dev/null || iptables -t mangle -F VOICE\n"
        "iptables -t mangle -D FORWARD -j VOICE 2>/dev/null; iptables -t mangle -A FORWARD -j VOICE"
        "\niptables -t mangle -A VOICE -p udp --sport 20001 \\\n  -j DSCP --set-dscp 46\n"
        "iptables -A INPUT -p tcp --dport 22 -j ACCEPT\n"
    )
    device = read(script_fire=script)
    assert device.unread == ()
    assert sent(device, AUDIO).dscp_out == 46


def test_a_script_may_choose_the_class_by_itself():
    moved = MARK.replace("FORWARD", "POSTROUTING").replace(
        "DSCP --set-dscp 46", "CLASSIFY --set-class 1:10"
    )
    assert sent(read(script_fire=moved), AUDIO).class_name == "Service"


@pytest.mark.parametrize(
    "line",
    [
        MARK.replace("FORWARD", "$CHAIN"),
        f"for p in udp tcp; do {MARK}; done",
        f"[ -e /jffs/on ] && {MARK}",
        f"test -e /jffs/on || {MARK}",
        "$IPT -A FORWARD -j DSCP --set-dscp 46",
        "tc qdisc del dev vlan2 root",
        "iptables -t mangle -A FORWARD -m nonsense --odd 5 -j DSCP --set-dscp 46",
        "iptables-restore < /jffs/mangle",
    ],
)
def test_other_lines_make_the_answer_unknown(line):
    device = read(script_fire=line)
    assert [item.line for item in device.unread] == [11]
    assert sent(device, AUDIO).verdict == "unknown"


def test_what_stands_under_a_condition_is_not_guessed():
    device = read(script_fire=f'if [ "$1" = x ]; then\n  {MARK}\nfi\n{MARK}')
    assert [item.line for item in device.unread] == [12]
    assert sent(device, "udp 10.1.1.10:9 > 10.2.2.2:9").verdict == "unknown"


@pytest.mark.parametrize(
    "changed",
    [
        {"script_wanup": MARK},
        {"script_fire": f"true\nnext=5\n{MARK}"},
        {"http_id": f"x\n{MARK}"},
    ],
)
def test_commands_in_other_places_are_not_passed_over(changed):
    device = read(**changed)
    assert [item.text for item in device.unread] == [MARK]
    assert sent(device, AUDIO).verdict == "unknown"


def test_a_remark_is_no_command():
    assert read(script_fire=f"# {MARK}", script_init="# tc qdisc").unread == ()


def test_another_script_that_is_run_is_named():
    device = read(script_fire=f"{MARK}\n/opt/voice/fire.sh\nsh /jffs/x\n/usr/sbin/iptables -L\n")
    (note,) = [note for note in device.notes if "not in the text" in note]
    assert note.count(", ") == 1
    assert sent(device, AUDIO).dscp_out == 46
