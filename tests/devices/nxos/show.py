"""What NX-OS shows of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..session import Reply

if TYPE_CHECKING:
    from .session import NxosSession

__all__ = ["SHOWN"]

Show = Callable[["NxosSession", tuple[str, ...]], Reply]
_TITLES = {
    "qos": "IPV4 Port QoS", "l3qos": "IPV4 L3 QoS", "ipv6-qos": "IPV6 Port QoS",
    "ipv6-l3qos": "IPV6 L3 QoS", "ifacl": "IPV4 PACL", "racl": "IPV4 RACL",
    "ing-l2-qos": "Ingress L2 QOS",
}  # fmt: skip


def _version(session: NxosSession, words: tuple[str, ...]) -> Reply:
    device = session.device
    return Reply(
        "Cisco Nexus Operating System (NX-OS) Software\n"
        "TAC support: http://www.cisco.com/tac\n\nSoftware\n  BIOS: version 05.45\n"
        f"  NXOS: version {device.version}\n"
        "  NXOS image file is: bootflash:///nxos.bin\n\n\nHardware\n"
        f"  cisco {device.model} Chassis \n"
        "  Intel(R) Xeon(R) CPU  @ 1.80GHz with 24633488 kB of memory.\n"
        f"  Processor Board ID {device.serial}\n\n"
        f"  Device name: {device.hostname}\n  bootflash:   53298520 kB\n"
    )


def _running(session: NxosSession, words: tuple[str, ...]) -> Reply:
    return Reply(session.device.shown())


def _startup(session: NxosSession, words: tuple[str, ...]) -> Reply:
    return Reply(session.device.startup)


def _feature(session: NxosSession, words: tuple[str, ...]) -> Reply:
    on = "feature scheduler" in session.device.tree.children
    state = "enabled " if on else "disabled"
    rows = (f"{'bgp':<22} 1          disabled\n", f"{'scheduler':<22} 1          {state}\n")
    return Reply("Feature Name          Instance  State   \n" + "".join(rows))


def _accounts(session: NxosSession, words: tuple[str, ...]) -> Reply:
    remote = (
        "        account created through REMOTE authentication\n" if session.device.remote else ""
    )
    return Reply(
        "user:admin\n        this user account has no expiry date\n        roles:network-admin \n"
        f"{remote}"
    )


def _regions(session: NxosSession, words: tuple[str, ...]) -> Reply:
    rows = (
        f"{f'{_TITLES.get(name, name)} [{name}]':>52} size = {size:>4} \n"
        for name, size in session.device.regions.items()
    )
    return Reply("".join(rows))


def _dir(session: NxosSession, words: tuple[str, ...]) -> Reply:
    free = session.device.free_bytes()
    if (
        len(words) > 1
        and words[1] != "bootflash:"
        and words[1] not in session.device.checkpoint_files
    ):
        return Reply("No such file or directory\n", refused=True)
    return Reply(
        "       4096    Mar 02 09:00:00 2026  .rpmstore/\n\nUsage for bootflash://sup-local\n"
        f" {256_000_000 - free:>11} bytes used\n {free:>11} bytes free\n   256000000 bytes total\n"
    )


def _summary(session: NxosSession, words: tuple[str, ...]) -> Reply:
    found = session.device.checkpoints
    rows = (
        f"{at}) {name}:\nCreated by {kept.user}\nCreated at Mon, 09:00:00 02 Mar 2026\n"
        f"Size is {len(kept.text):,} bytes\nDescription: None\n\n"
        for at, (name, kept) in enumerate(found.items(), 1)
    )
    return Reply("User Checkpoint Summary\n" + "-" * 80 + "\n" + "".join(rows))


def _differences(session: NxosSession, words: tuple[str, ...]) -> Reply:
    device = session.device
    kept = device.checkpoints.get(words[4])
    if kept is None:
        return Reply(f"ERROR: Checkpoint {words[4]} does not exist\n", refused=True)
    same = kept.text == device.body(device.tree)
    said = "Rollback Patch is Empty" if same else "!!\n!\ninterface Ethernet1/1\n  ..."
    return Reply(f"Collecting Running-Config\n#Generating Rollback Patch\n{said}\n")


def _schedule(session: NxosSession, words: tuple[str, ...]) -> Reply:
    found = session.device.schedules.get(words[-1])
    if found is None:
        return Reply("Error: entry not found\n", refused=True)
    line = "-" * 47
    status = "Success (0)" if found.ran else "-NA-"
    return Reply(
        f"Schedule Name       : {found.name}\n{'-' * 26}\nUser Name           : {found.user}\n"
        f"Schedule Type       : Run once on {found.start}\n"
        f"Last Execution Time : {found.ran or 'Yet to be executed'}\n{line}\n"
        f"     Job Name            Last Execution Status\n{line}\n{found.name:>30}     {status}\n"
    )


def _job(session: NxosSession, words: tuple[str, ...]) -> Reply:
    found = session.device.tree.children.get(f"scheduler job name {words[-1]}")
    if found is None:
        return Reply("Error: entry not found\n", refused=True)
    lines = "".join(f"{line.text}\n" for line in found.children.values())
    return Reply(f"Job Name: {words[-1]}\n{'-' * 26}\n{lines}\n{'=' * 78}\n")


def _told(session: NxosSession, words: tuple[str, ...]) -> Reply:
    return Reply(session.device.told(" ".join(words)))


def _file(session: NxosSession, words: tuple[str, ...]) -> Reply:
    found = session.device.checkpoint_files.get(words[2])
    if found is None:
        return Reply(f"ERROR: {words[2]}: No such file or directory\n", refused=True)
    return Reply(found.text)


def _ports(session: NxosSession, words: tuple[str, ...]) -> Reply:
    line = "-" * 80
    names = (name.replace("Ethernet", "Eth") for name in session.device.interfaces)
    rows = (f"{name:<13} --                 connected 1         full    10G\n" for name in names)
    return Reply(f"\n{line}\nPort          Name               Status\n{line}\n{''.join(rows)}")


def _inventory(session: NxosSession, words: tuple[str, ...]) -> Reply:
    model = session.device.model.partition(" ")[2]
    return Reply(
        f'NAME: "Chassis",  DESCR: "Nexus9000 {model} Chassis"\n'
        f"PID: N9K-{model}     ,  VID: V01 ,  SN: {session.device.serial}\n"
    )


SHOWN: Mapping[str, Show] = {
    "show version": _version,
    "show running-config": _running,
    "show running-config all": _running,
    "show startup-config": _startup,
    "show feature": _feature,
    "show user-account": _accounts,
    "show hardware access-list tcam region": _regions,
    "dir [<word>]": _dir,
    "show checkpoint summary": _summary,
    "show diff rollback-patch checkpoint <word> running-config": _differences,
    "show scheduler schedule name <word>": _schedule,
    "show scheduler job name <word>": _job,
    "show policy-map interface [<word>] [<word>]": _told,
    "show queuing interface [<word>]": _told,
    "show file <word>": _file,
    "show hosts": lambda session, words: Reply("DNS lookup enabled\nName servers\n"),
    "show interface status": _ports,
    "show inventory": _inventory,
    "show hostname": lambda session, words: Reply(f"{session.device.hostname}\n"),
    "show clock": lambda session, words: Reply(
        session.device.clock.now().strftime("%H:%M:%S.000 UTC %a %b %e %Y\n")
    ),
}
