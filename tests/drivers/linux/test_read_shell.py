"""Shell scripts: what runs is read, what may run makes verdicts unknown, what cannot run is not."""

from __future__ import annotations

import pytest
from drivers.linux.asking import LINUX, ask, dscp_of

from translator.drivers.linux import shell_parts

VOICE = "udp 10.1.1.1:20000 > 10.2.2.2:5060"
OTHER = "udp 10.1.1.1:20000 > 10.2.2.2:7000"
SET = "iptables -t mangle -A FORWARD -p udp --dport 5060 -j DSCP --set-dscp 46\n"
HTB = (
    "tc qdisc add dev wan root handle 1: htb default 20\n"
    "tc class add dev wan parent 1: classid 1:10 htb rate 1mbit prio 0\n"
    "tc class add dev wan parent 1: classid 1:20 htb rate 1mbit prio 1\n"
)


@pytest.mark.parametrize(
    "script",
    [
        f"if [ -f /etc/voice ]; then\n{SET}fi\n",
        f"if grep -q voice /etc/sites\nthen\n{SET}else\n:\nfi\n",
        f"[ -f /etc/voice ] && {SET}",
        f"grep -q voice /etc/sites || {SET}",
        f"while read site; do\n{SET}done < /etc/sites\n",
        f"for site in $(cat /etc/sites); do\n{SET}done\n",
        f'case "$SITE" in\nbonn) {SET.strip()} ;;\n*) : ;;\nesac\n',
        f"mark_voice() {{\n{SET}}}\n",
        f"{SET}if [ -f /etc/voice ]; then iptables -t mangle -F FORWARD; fi\n",
        f"{SET}if [ -f /etc/voice ]; then iptables -t mangle -F; fi\n",
    ],
)
def test_a_command_that_may_not_run_makes_what_it_touches_unknown(script: str) -> None:
    device = LINUX.parse(script)
    assert len(device.unread) == 1
    assert not ask(script, VOICE).known


@pytest.mark.parametrize("head", ["if [ -f /etc/voice ]; then", "for x in $(ls /etc); do"])
def test_what_such_a_command_does_not_match_stays_known(head: str) -> None:
    end = "fi" if head.startswith("if") else "done"
    assert dscp_of(f"{head}\n{SET}{end}\n", OTHER) == 0


@pytest.mark.parametrize(
    "script",
    [
        f"case $1 in\nstart)\n  {SET}  ;;\nstop)\n  iptables -t mangle -F FORWARD\n  ;;\nesac\n",
        f'if [ "$1" = "stop" ]; then\niptables -t mangle -F; exit\nfi\nstart() {{\n{SET}}}\n'
        'if [ "$1" = start ]; then start; fi\n',
        f"MODE=voice\nif [ $MODE = voice ]; then\n{SET}fi\n",
        "IPT=$(which iptables)\n" + SET.replace("iptables", "$IPT"),
        'ipt() { iptables "$@"; }\n' + SET.replace("iptables", "ipt"),
        "for p in 5060 5061; do\n"
        "iptables -t mangle -A FORWARD -p udp --dport $p -j DSCP --set-dscp 46\ndone\n",
        "iptables -t mangle -C FORWARD -p udp --dport 5060 -j DSCP --set-dscp 46 || " + SET,
        "if ! iptables -t mangle -C FORWARD -p udp -j DSCP --set-dscp 46; then\n" + SET + "fi\n",
        "iptables -t mangle -N VOICE 2>/dev/null || iptables -t mangle -F VOICE\n" + SET,
        "sudo ip netns exec branch " + SET,
        "PORT=$((5000 + 60))\n"
        "iptables -t mangle -A FORWARD -p udp --dport=$PORT -j DSCP --set-dscp 46\n",
        "sed -i s/a/b/ /etc/x\ntrue && " + SET,
        f"DEV=wan\nstart() {{\n{SET}}}\nstop() {{\niptables -t mangle -F\n}}\n",
        f"{SET}nft list ruleset | grep -q priority\n",
        f"trap 'iptables -t mangle -F\niptables -t mangle -X' EXIT\n{SET}",
    ],
)
def test_what_the_text_decides_is_read(script: str) -> None:
    assert LINUX.parse(script).unread == ()
    assert dscp_of(script, VOICE) == 46
    assert dscp_of(script, OTHER) == 0


@pytest.mark.parametrize(
    "script",
    [
        f"if [ a = b ]; then\n{SET}fi\n",
        f"for p in ; do\n{SET}done\n",
        f"exit 0\n{SET}",
        f"case start in\nstop)\n{SET};;\nesac\n",
        f"{SET}iptables -t mangle -D FORWARD -p udp --dport 5060 -j DSCP --set-dscp 46\n",
        f"false && {SET}",
    ],
)
def test_what_cannot_run_is_not_read(script: str) -> None:
    assert dscp_of(script, VOICE) == 0


def test_lines_that_do_not_run_are_named() -> None:
    device = LINUX.parse(f"case $1 in\nstart) : ;;\nstop)\n{SET};;\nesac\n")
    assert any("lines 4 do not run" in note for note in device.notes)


def test_an_early_end_that_is_open_is_named() -> None:
    device = LINUX.parse(f"[ -x /sbin/tc ] || exit 1\n{SET}")
    assert any("line 1 may end the script" in note for note in device.notes)


@pytest.mark.parametrize(
    "command",
    [
        "$RUN -t mangle -A FORWARD -j DSCP --set-dscp 46",
        "ip46tables -t mangle -A FORWARD -j CLASSIFY --set-class 1:1",
        "run_tc qdisc add dev wan root handle 1: htb",
        "ip netns exec a true; ip netns exec b tc qdisc add dev y root pfifo",
    ],
)
def test_commands_behind_other_programs_are_not_passed_over(command: str) -> None:
    assert len(LINUX.parse(command).unread) == 1
    assert not ask(command, VOICE, out="y").known


def test_a_device_in_doubt_is_unknown_and_others_are_not() -> None:
    text = HTB + "if [ -f /x ]; then tc qdisc del dev wan root; fi\n"
    assert not ask(text, VOICE).known
    assert ask(text, VOICE, out="lan2").known


@pytest.mark.parametrize("depth", [3, 200])
def test_nested_blocks_do_not_stop_the_reader(depth: int) -> None:
    assert LINUX.parse("if true; then\n" * depth + SET + "fi\n" * depth).qos_lines == (depth + 1,)


@pytest.mark.parametrize(
    "script",
    [
        "for a in 1 2 3 4 5 6 7 8 9; do " * 12 + "tc qdisc add dev x root pfifo;" + " done;" * 12,
        "$0\n" * 12 + SET,
        "f() {\n" + "f\n" * 9 + SET + "}\nf\n",
    ],
)
def test_scripts_that_multiply_end(script: str) -> None:
    LINUX.parse(script)


SAVED = "*mangle\n:FORWARD ACCEPT [0:0]\n-A FORWARD -p tcp -j DSCP --set-dscp 10\nCOMMIT\n"


@pytest.mark.parametrize(
    ("command", "dscp"),
    [
        ("iptables-restore <<EOF", 0),
        ("iptables-restore -c <<'EOF'", 0),
        ("/usr/sbin/iptables-legacy-restore <<EOF", 0),
        ("iptables-restore -n <<EOF", 46),
        ("iptables-restore --noflush <<EOF", 46),
        ("iptables-restore --test <<EOF", 46),
        ("ip6tables-restore <<EOF", 46),
        ("cat <<EOF | iptables-restore", 0),
        ("iptables-restore --test < /etc/rules.v4\ncat > /dev/null <<EOF", None),
        ("cat > /etc/rules.v4 <<EOF", None),
        ("[ -f /x ] && iptables-restore <<EOF", None),
    ],
)
def test_what_is_restored_empties_its_tables(command: str, dscp: int | None) -> None:
    text = f"{SET}{command}\n{SAVED}EOF\n"
    answer = ask(text, VOICE)
    assert (answer.dscp_out if answer.known else None) == dscp
    if dscp is not None:  # what is set later stays
        assert dscp_of(f"{command}\n{SAVED}EOF\n{SET}", VOICE) == 46


@pytest.mark.parametrize(
    "command",
    [
        "iptables-restore < /etc/iptables/rules.v4",
        "iptables-restore /etc/iptables/rules.v4",
        "cat /etc/iptables/rules.v4 | ip6tables-restore",
        "tc -batch /etc/filters.tc",
        "tc -force -b /etc/filters.tc",
    ],
)
def test_files_that_are_loaded_are_not_part_of_the_text(command: str) -> None:
    text = f"{SET}{HTB}{command}\n"
    (unread,) = LINUX.parse(text).unread
    assert "not part of the text" in unread.reason
    assert not ask(text, VOICE).known


def test_a_batch_of_tc_is_read_where_it_stands() -> None:
    lines = HTB.replace("tc ", "")
    text = f"tc -batch - <<EOF\n{lines}EOF\n"
    assert LINUX.parse(text).unread == ()
    assert ask(text, VOICE).class_name == "1:20"


MARK = "iptables -t mangle -A FORWARD -p udp -j DSCP --set-dscp "


@pytest.mark.parametrize(
    ("script", "dscp"),
    [
        ("f() { local D=46; }\nD=10\nf\n", 10),
        ("f() { local D=46\n}\nf\nD=10\n", 10),
        ("f() { D=46; }\nD=10\nf\n", 46),
        ("f() ( D=46 )\nD=10\nf\n", 10),
        ("D=10\n( D=46; true )\n", 10),
        ("D=10\n(\nif true; then D=46; fi )\n", 10),
        ("D=10\nf() { D=46; }\nf | cat\n", 10),
        ("D=10; D=46 true\n", 10),
        ("f() { E=$D; }\nD=10\nD=46 f\nD=$E\n", 46),
        ("D=46\nunset D\nD=${D:-10}\n", 10),
        ("unset D\n: ${D:=10}\n", 10),
        ("D=\nD=${D-46}${D:-10}\n", 10),
        ("D=1\nD+=0\n", 10),
        ("D=8\nfor p in 1 2; do let D++; done\n", 10),
        ("D=8\n((D += 2))\n", 10),
        ("E=9\nD=$((E++))\nD=$E\n", 10),
        ("D=$(((3-10)/2+13))\n", 10),
        ("set -- 46 10\nD=$2\n", 10),
        ("D=46\neval D=10\n", 10),
        ("D=10\ncase 2 in 1) :;; (2|7) ( D=46; true );; esac\n", 10),
        ("D=46\ncase 2 in 2) if true; then D=10; fi ;; esac\n", 10),
        ("f() { D=$2; }\nf '1 2' 10\n", 10),
        ("f() { _d=10; }\nf\nD=$_d\n", 10),
    ],
)
def test_variables_have_the_values_that_a_shell_gives_them(script: str, dscp: int) -> None:
    """Each of these was run by bash, and those without `let`, `((` and `+=` by dash."""
    assert dscp_of(f"{script}{MARK}$D\n", OTHER) == dscp


@pytest.mark.parametrize(
    "change",
    [
        "read D < /etc/dscp",
        "while read D; do :; done < /etc/dscp",
        "while read x; do D=10; done < /etc/dscp",
        ". /etc/dscp",
        "source /etc/dscp",
        'eval "$(cat /etc/dscp)"',
        "D=$(cat /etc/dscp)",
        "[ -f /etc/dscp ] && D=10",
        "D=(10 18)",
        "D[0]=10",
        "printf -v D 10",
        "mapfile D < /etc/dscp",
        "getopts ab D",
        "for ((D=0; D<3; D++)); do :; done",
        "declare -i D=9+1",
        "D=4\"0\"'x'",
        "D=10 :",
        "if [ -f /etc/dscp ]; then f() { D=10; }; else f() { :; }; fi\nf",
        "f() { D=$1; }\nf $(cat /etc/dscp) 10",
    ],
)
def test_variables_that_may_have_changed_are_unknown(change: str) -> None:
    text = f"D=46\n{change}\n{MARK}${{D:-46}}\n"
    assert not ask(text, OTHER).known


def test_a_call_does_not_fill_in_what_its_caller_did_not_know() -> None:
    text = f"f() {{ local X=46; {MARK}$1\n}}\nread X < /etc/dscp\nf $X\n"
    assert not ask(text, OTHER).known
    assert [item.line for item in LINUX.parse(text).unread] == [1]


def test_a_table_that_a_save_file_holds_twice_is_that_of_its_second_place():
    # Measured with iptables-restore 1.8.9: each `*mangle` empties the table.
    once = f"*mangle\n{SET.removeprefix('iptables -t mangle ')}COMMIT\n"
    again = "*mangle\n-A FORWARD -p tcp -j DSCP --set-dscp 10\nCOMMIT\n"
    assert dscp_of(once, VOICE) == 46
    assert dscp_of(f"{once}{again}", VOICE) == 0


def test_a_file_that_nft_loads_is_unread_unless_a_here_document_fills_it():
    text = "#!/bin/sh\ncat > /etc/a.nft <<E\nadd table inet t\nE\nnft -f FILE\n"
    assert not LINUX.parse(text.replace("FILE", "/etc/a.nft")).unread
    assert [item.line for item in LINUX.parse(text.replace("FILE", "/etc/b.nft")).unread] == [5]


def test_a_script_that_is_too_long_is_unread_from_where_reading_stops(monkeypatch):
    text = f"#!/bin/sh\n{SET}" + "echo a; echo b\n" * 9
    assert dscp_of(text, VOICE) == 46
    monkeypatch.setattr(shell_parts, "MOST_PARTS", 12)
    device = LINUX.parse(f"{text}# again\n\n\n")
    assert [item.line for item in device.unread] == [8]
    assert ask(f"{text}# again\n\n\n", VOICE).verdict == "unknown"
