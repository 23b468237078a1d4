"""What IOS shows of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..session import Reply

if TYPE_CHECKING:
    from .session import IosSession

__all__ = ["ANYONE", "PRIVILEGED"]

Command = Callable[["IosSession", tuple[str, ...]], Reply]


def _version(session: IosSession, words: tuple[str, ...]) -> Reply:
    device = session.device
    minutes = int(device.clock.elapsed_s() // 60)
    return Reply(
        "Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), "
        f"Version {device.version}, RELEASE SOFTWARE (fc1)\n"
        "Technical Support: http://www.cisco.com/techsupport\n\n"
        "ROM: System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)\n\n"
        f"{device.hostname} uptime is {minutes // 60} hours, {minutes % 60} minutes\n"
        "System returned to ROM by power-on\n"
        'System image file is "flash0:c2900-universalk9-mz.SPA.bin"\n\n'
        f"Cisco {device.model} (revision 1.0) with 479232K/45056K bytes of memory.\n"
        f"Processor board ID {device.serial}\n"
        f"{len(device.interfaces)} Gigabit Ethernet interfaces\n"
        "Configuration register is 0x2102\n\n"
    )


def _clock(session: IosSession, words: tuple[str, ...]) -> Reply:
    # an asterisk: the time is not authoritative
    return Reply(
        session.device.clock.now().strftime("*%H:%M:%S.%f")[:-3]
        + session.device.clock.now().strftime(" UTC %a %b %e %Y\n")
    )


def _users(session: IosSession, words: tuple[str, ...]) -> Reply:
    rows = [
        f"{'*' if each is session else ' '}{each.number + 1:>4} vty {at:<5} {each.user:<10} "
        "idle                 00:00:00 127.0.0.1"
        for at, each in enumerate(session.device.sessions.values())
    ]
    head = "    Line       User       Host(s)              Idle       Location\n"
    return Reply(
        head
        + "\n".join(rows)
        + "\n\n  Interface    User               Mode         Idle     Peer Address\n\n"
    )


def _privilege(session: IosSession, words: tuple[str, ...]) -> Reply:
    return Reply(f"Current privilege level is {15 if session.privileged else 1}\n")


def _running(session: IosSession, words: tuple[str, ...]) -> Reply:
    device = session.device
    if device.faults.shown_bytes is not None:
        device.note("fault", "show running-config is cut")
    return Reply(device.shown())


def _one_interface(session: IosSession, words: tuple[str, ...]) -> Reply:
    from .words import kept_interface

    name = f"interface {kept_interface(''.join(words[3:]))}"
    node = session.device.tree.children.get(name)
    if node is None:
        return Reply("% Invalid interface\n", refused=True)
    text = "\n".join([name, *node.lines(" ", 1)])
    return Reply(
        "Building configuration...\n\n"
        f"Current configuration : {len(text)} bytes\n!\n{text}\nend\n\n"
    )


def _startup(session: IosSession, words: tuple[str, ...]) -> Reply:
    text = session.device.startup
    return Reply(f"Using {len(text)} out of 262136 bytes\n!\n{text}\n")


def _lock(session: IosSession, words: tuple[str, ...]) -> Reply:
    lock = session.device.exclusive
    if lock is None:
        return Reply("Parser Configure Lock\n---------------------\nState             : FREE\n")
    return Reply(
        "Parser Configure Lock\n---------------------\n"
        f"Owner PID         : {300 + lock.session}\n"
        f"User              : {lock.user}\nTTY               : {lock.session}\n"
        "Type              : EXCLUSIVE\nState             : LOCKED\n"
        "Class             : EXPOSED\nCount             : 1\n"
        "Pending Requests  : 0\nUser debug info   : configure terminal\n"
    )


def _lists(session: IosSession, words: tuple[str, ...]) -> Reply:
    out = []
    for node in session.device.tree.children.values():
        parts = node.text.split()
        if "access-list" not in parts[:2] or not node.mode:
            continue
        six = parts[0] == "ipv6"
        out.append(
            f"IPv6 access list {parts[-1]}"
            if six
            else f"{parts[2].capitalize()} IP access list {parts[-1]}"
        )
        for entry in node.children.values():
            if not entry.text.startswith("remark"):
                out.append(
                    f"    {entry.text} sequence {entry.number}"
                    if six
                    else f"    {entry.number} {entry.text}"
                )
    return Reply("\n".join(out) + "\n" if out else "")


def _section(first: str) -> Command:
    def command(session: IosSession, words: tuple[str, ...]) -> Reply:
        out: list[str] = []
        for node in session.device.tree.children.values():
            if node.text.startswith(first) and (
                len(words) < 3 or node.text.split()[-1] == words[2]
            ):
                out += [node.text, *node.lines(" ", 1)]
        return Reply("\n".join(out) + "\n" if out else "")

    return command


def _brief(session: IosSession, words: tuple[str, ...]) -> Reply:
    head = "Interface                  IP-Address      OK? Method Status                Protocol\n"
    return Reply(
        head
        + "".join(
            f"{name:<27}unassigned      YES unset  up                    up\n"
            for name in session.device.interfaces
        )
    )


ANYONE: Mapping[str, Command] = {
    "show version": _version,
    "show clock [detail]": _clock,
    "show users": _users,
    "show privilege": _privilege,
}
PRIVILEGED: Mapping[str, Command] = {
    "show running-config [all|full|brief]": _running,
    "show running-config interface <word> [<word>]": _one_interface,
    "show startup-config": _startup,
    "show configuration lock": _lock,
    "show (ip access-lists|access-lists|ipv6 access-list)": _lists,
    "show policy-map [<name>]": _section("policy-map "),
    "show class-map [<name>]": _section("class-map "),
    "show ip interface brief": _brief,
    "show hosts": lambda session, words: Reply(
        "Default domain is not set\nName/address lookup uses domain service\n"
    ),
    "show (interfaces|snmp|logging|policy-map interface) [<line>]": lambda session, words: Reply(
        session.device.told(" ".join(words))
    ),
}
