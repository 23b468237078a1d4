"""The command line of the IOS device without any network: modes, refusals, files, rollback."""

from __future__ import annotations

import pytest

from devices import Clock, Faults, IosDevice, JunosDevice
from devices.typist import Typist

CARET = "% Invalid input detected at '^' marker.\n\n"


@pytest.mark.parametrize(
    ("lines", "wrong", "said"),
    [
        ([], "foo bar", " " * 12 + "^\n" + CARET),
        ([], "interface GigabitEthernet9/9", " " * 21 + "^\n" + CARET),
        ([], "class-map", "% Incomplete command.\n\n"),
        ([], "s x", '% Ambiguous command:  "s x"\n'),
        (["class-map match-any A"], "match dscp 64", " " * 27 + "^\n" + CARET),
        (["class-map match-any A"], "match dscp 1 2 3 4 5 6 7 8 9", " " * 43 + "^\n" + CARET),
        (["policy-map P"], "class NONE", "% class map NONE not configured\n"),
        (
            ["policy-map P", "class class-default"],
            "bandwidth percent 101",
            " " * 36 + "^\n" + CARET,
        ),
        (["interface Gi0/1"], "service-policy input NONE", "% policy map NONE not configured\n"),
        (["ip access-list extended L"], "permit udp any range 5", "% Incomplete command.\n\n"),
        (["ip access-list extended L"], "permit ip any any eq 5", None),
        (["ip access-list extended L"], "permit udp any eq 70000 any", " " * 38 + "^\n" + CARET),
    ],
)
def test_wrong_lines_are_refused_as_ios_does(
    lines: list[str], wrong: str, said: str | None
) -> None:
    device = IosDevice("R1")
    typed = Typist(device)
    assert "%" not in typed("configure terminal", *lines)
    before = device.running
    answer = typed(wrong)
    assert answer == said if said is not None else answer.endswith(CARET)
    assert device.running == before
    assert device.log.of("refused")[-1].text == wrong


def test_single_valued_commands_replace_each_other() -> None:
    device = IosDevice("R1")
    typed = Typist(device)
    typed("conf t", "class-map match-any A", "match dscp 46", "policy-map P", "class A")
    typed("bandwidth percent 20", "bandwidth remaining percent 5", "set dscp ef", "set ip dscp 34")
    section = typed("end", "show policy-map P")
    assert section.splitlines() == [
        "policy-map P",
        " class A",
        "  bandwidth remaining percent 5",
        "  set ip dscp af41",
    ]
    typed("conf t", "policy-map P", "class A", "no bandwidth", "no set ip dscp", "end")
    assert typed("show policy-map P").splitlines() == ["policy-map P", " class A"]


def test_shares_over_a_hundred_are_refused() -> None:
    device = IosDevice("R1")
    typed = Typist(device)
    typed("conf t", "class-map match-any A", "match dscp ef", "policy-map P", "class A")
    typed("priority percent 60", "class class-default")
    assert "exceeds 100 percent" in typed("bandwidth percent 41")
    assert typed("bandwidth percent 40") == ""


def test_what_is_in_use_cannot_be_removed() -> None:
    typed = Typist(IosDevice("R1"))
    typed("conf t", "class-map A", "match dscp ef", "policy-map P", "class A", "interface Gi0/1")
    typed("service-policy output P")
    assert typed("no class-map A") == "% Class-map A is being used\n"
    assert typed("no policy-map P") == "% Policy-map P is being used\n"
    typed("interface Gi0/1", "no service-policy output P")
    assert typed("no policy-map P", "no class-map A") == ""


def test_entries_stay_in_the_order_of_their_numbers() -> None:
    device = IosDevice("R1")
    typed = Typist(device)
    typed("conf t", "ip access-list extended L", "permit udp any any eq 5060", "permit tcp any any")
    typed("15 permit udp 10.0.0.9 0.0.0.255 any range 1 5", "permit tcp any any", "end")
    assert typed("show access-lists").splitlines() == [
        "Extended IP access list L",
        "    10 permit udp any any eq 5060",
        "    15 permit udp 10.0.0.0 0.0.0.255 any range 1 5",
        "    20 permit tcp any any",
    ]
    typed("conf t", "ip access-list extended L", "no 15", "no permit tcp any any", "end")
    assert typed("show access-lists").splitlines()[1:] == ["    10 permit udp any any eq 5060"]


def test_enable_asks_three_times() -> None:
    typed = Typist(IosDevice("R1", enable="secret"))
    assert typed.prompt == "R1>"
    assert CARET in typed("configure terminal")
    typed("enable")
    assert typed.prompt == "Password: "
    assert "% Bad secrets" in typed("a", "b", "c")
    typed("enable", "secret")
    assert typed.prompt == "R1#"
    assert not [event for event in typed.device.log if event.text == "secret"]


def test_an_unconfirmed_change_goes_back() -> None:
    device = IosDevice("R1", clock=Clock(minute_s=3600))
    before = device.running
    typed = Typist(device)
    typed("configure terminal revert timer 5", "hostname R2", "end")
    assert device.hostname == "R2"
    assert "Timer value: 5 min" in typed("show archive config rollback timer")
    device.clock.advance(minutes=4.9)
    assert device.hostname == "R2"
    device.clock.advance(minutes=0.2)
    assert device.running == before
    assert [e.kind for e in device.log.of("timer-armed", "timer-fired", "rolled-back")] == [
        "timer-armed",
        "timer-fired",
        "rolled-back",
    ]


def test_an_idle_timer_starts_anew_with_each_line() -> None:
    device = IosDevice("R1", clock=Clock(minute_s=3600))
    typed = Typist(device)
    typed("configure terminal revert timer idle 2", "hostname R2")
    device.clock.advance(minutes=1.5)
    typed("hostname R3")
    device.clock.advance(minutes=1.5)
    assert device.hostname == "R3"
    device.clock.advance(minutes=1)
    assert device.hostname == "R1"


def test_a_second_session_confirms() -> None:
    device = IosDevice("R1", clock=Clock(minute_s=3600))
    Typist(device)("configure terminal revert timer 5", "hostname R2", "end")
    assert Typist(device)("configure confirm") == ""
    device.clock.advance(minutes=6)
    assert device.hostname == "R2"
    assert device.log.count("timer-cancelled", "confirmed") == 1
    assert "No Rollback" in Typist(device)("configure confirm")


def test_a_restart_loads_what_was_saved() -> None:
    device = IosDevice("R1")
    typed = Typist(device)
    typed("conf t", "hostname SAVED", "end", "write memory", "conf t", "hostname LOST", "end")
    device.restart()
    assert device.hostname == "SAVED"
    assert device.sessions_open == 0
    assert typed.shell.closed


def test_a_scheduled_reload_takes_a_change_back() -> None:
    device = IosDevice("R1", clock=Clock(minute_s=3600))
    typed = Typist(device)
    typed("reload in 5", "", "conf t", "hostname R2", "end")
    assert "in 5 minutes" in typed("show reload")
    assert "ABORTED" in typed("reload cancel")
    device.clock.advance(minutes=6)
    assert device.hostname == "R2"
    typed("reload in 5", "")
    device.clock.advance(minutes=6)
    assert device.hostname == "R1"
    assert typed.shell.closed


def test_the_archive_keeps_what_it_may() -> None:
    device = IosDevice("R1", "archive\n maximum 2\n write-memory\n")
    typed = Typist(device)
    typed("write memory", "archive config", "write memory")
    rows = typed("show archive").splitlines()[4:]
    assert len(rows) == 2
    assert rows[-1].endswith("<- Most Recent")


def test_files() -> None:
    device = IosDevice("R1")
    typed = Typist(device)
    typed("copy running-config flash:/x", "")
    assert device.files == {"x": device.running}
    assert "bytes free" in typed("dir flash:")
    assert "verify /md5 (flash:/x) = " in typed("verify /md5 flash:/x")
    typed("delete flash:/x", "", "")
    assert typed("more flash:/x") == "%Error opening flash:/x (No such file or directory)\n"


def test_replace_is_all_or_nothing() -> None:
    device = IosDevice("R1")
    typed = Typist(device)
    before = device.running
    device.store("flash:bad", before.replace("R1", "R2").replace("end", "frobnicate\nend"))
    assert "has been successfully restored" in typed("configure replace flash:bad force")
    assert device.running == before
    device.store("flash:good", before.replace("R1", "R2"))
    assert "Rollback Done" in typed("configure replace flash:good", "y")
    assert device.hostname == "R2"


def test_the_lock_names_its_owner() -> None:
    device = IosDevice("R1")
    first, second = Typist(device), Typist(device)
    first("configure terminal lock")
    assert "locked exclusively by user 'admin'" in second("configure terminal")
    assert "User              : admin" in second("show configuration lock")
    first("end")
    assert "Enter configuration" in second("configure terminal")


@pytest.mark.parametrize("faults", [Faults(lock_owner="bob"), Faults(stale_lock=True)])
def test_locks_of_others_hold(faults: Faults) -> None:
    device = IosDevice("R1", faults=faults)
    typed = Typist(device)
    owner = faults.lock_owner or "admin"
    assert f"locked exclusively by user '{owner}'" in typed("configure terminal")
    assert typed.prompt == "R1#"
    typed("clear configuration lock")
    assert "Enter configuration" in typed("configure terminal")


def test_a_banner_may_hold_anything() -> None:
    device = IosDevice("R1")
    typed = Typist(device)
    typed("conf t", "banner motd ^C", "% Invalid input, interface x", "^C", "hostname R2", "end")
    assert device.hostname == "R2"
    assert "banner motd ^C\n% Invalid input, interface x\n^C" in device.running


def test_differences_stand_under_their_parents() -> None:
    device = IosDevice("R1")
    typed = Typist(device)
    typed("conf t", "interface Gi0/1", "description desk", "end")
    shown = typed("show archive config differences nvram:startup-config system:running-config")
    assert shown.splitlines()[1:] == ["interface GigabitEthernet0/1", " +description desk"]


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        (IosDevice, "show policy-map interface GigabitEthernet0/1"),
        (JunosDevice, "show interfaces queue ge-0/0/1"),
        (JunosDevice, "show class-of-service interface ge-0/0/1"),
    ],
)
def test_what_no_state_is_kept_for_is_told_as_it_was_given(kind, command: str):
    device = kind("R1", replies={command: "17 packets\n"})
    type_in = Typist(device)
    assert type_in(command) == "17 packets\n"
    device.replies[command] = "18 packets\n"
    assert type_in(command) == "18 packets\n"
    assert type_in(command.replace("0/1", "0/2").replace("0/0/1", "0/0/2")) == ""
