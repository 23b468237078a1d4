"""What EOS shows of itself, as text and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .device import EosDevice
    from .session import EosSession

__all__ = ["ANYONE", "PRIVILEGED", "STRUCTURED"]


def _version(shell: EosSession) -> str:
    device = shell.device
    return (
        f"Arista {device.model}\nHardware version: 01.00\nSerial number: {device.serial}\n\n"
        f"Software image version: {device.version}\nArchitecture: x86_64\n\n"
        f"Uptime: {int(device.clock.elapsed_s() // 60)} minutes\n"
    )


def _version_json(device: EosDevice) -> Any:
    booted = device.clock.now().timestamp() - device.clock.elapsed_s()
    return {
        "bootupTimestamp": booted,
        "mfgName": "Arista",
        "modelName": device.model,
        "serialNumber": device.serial,
        "version": device.version,
        "internalVersion": f"{device.version}-12345.4283M",
        "uptime": device.clock.elapsed_s(),
    }


def _sessions(shell: EosSession) -> str:
    """From 4.32 on a line above the table tells which commit waits for its confirmation."""
    device = shell.device
    head = "Maximum number of completed sessions: 1\nMaximum number of pending sessions: 5\n\n"
    waiting, newer = device.waiting(), _release(device) >= (4, 32)
    if waiting and newer:
        head += f"Session with pending commit timer: {waiting.name}\n"
        head += "Time left until commit timer expiry: in 0:01:59\n\n"
    states = {"pendingCommitTimer": "committed", "completed": "committed"} if newer else {}
    rows = "".join(
        f"  {'*' if each is shell.inside else ' '} {each.name:<16} "
        f"{states.get(each.state, each.state):<20} {each.user}\n"
        for each in device.config_sessions.values()
    )
    head += "    Name             State                User\n"
    return f"{head}    ---------------- -------------------- ----\n{rows}"


def _release(device: EosDevice) -> tuple[int, ...]:
    return tuple(int(part) for part in device.version.split(".")[:2])


def _sessions_json(device: EosDevice) -> Any:
    # `commitBy` counts from the start of the device, as its uptime does
    found = {
        each.name: {
            "state": each.state,
            "instances": {},
            **({"commitBy": each.timer.due_s} if each.timer and each.timer.live else {}),
        }
        for each in device.config_sessions.values()
    }
    return {"maxSavedSessions": 1, "maxOpenSessions": 5, "sessions": found}


def _interfaces_json(device: EosDevice) -> Any:
    return {
        "interfaces": {
            name: {"name": name, "interfaceStatus": "connected"} for name in device.interfaces
        }
    }


def _running(shell: EosSession) -> str:
    if shell.device.faults.shown_bytes is not None:
        shell.device.note("fault", "show running-config is cut")
    return shell.device.shown()


def _users(shell: EosSession) -> str:
    rows = "".join(
        f"  vty{at} {each.user} idle 00:00:00 127.0.0.1\n"
        for at, each in enumerate(shell.device.sessions.values())
    )
    return f"    Line      User        Host(s)       Idle        Location\n{rows}"


def _hostname_json(device: EosDevice) -> Any:
    return {"hostname": device.hostname, "fqdn": device.hostname}


ANYONE: Mapping[str, Callable[[EosSession], str]] = {
    "show version": _version,
    "show hostname": lambda shell: (
        f"Hostname: {shell.device.hostname}\nFQDN:     {shell.device.hostname}\n"
    ),
    "show clock": lambda shell: shell.device.clock.now().strftime(
        "%a %b %e %H:%M:%S %Y\nTimezone: UTC\n"
    ),
    "show users": _users,
}
PRIVILEGED: Mapping[str, Callable[[EosSession], str]] = {
    "show running-config [all]": _running,
    "show startup-config": lambda shell: shell.device.startup,
    "show configuration sessions [detail]": _sessions,
    "show configuration checkpoints": lambda shell: "".join(
        f"{name}\n" for name in shell.device.checkpoints
    ),
}
STRUCTURED: Mapping[str, Callable[[EosDevice], Any]] = {
    "show version": _version_json,
    "show hostname": _hostname_json,
    "show interfaces": _interfaces_json,
    "show configuration sessions": _sessions_json,
    "show configuration sessions detail": _sessions_json,
    "enable": lambda device: {},
}
