"""What an IOS device shows of itself: who it is, who changes it, which files it has.

Sources: Cisco IOS Configuration Fundamentals and Configuration Management command references
(`show version`, `show configuration lock`, `show archive`, `show archive config rollback timer`,
`dir`, `show users`). Releases differ in what they print around these lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from translator.drivers.capture import trimmed
from translator.drivers.change import Work
from translator.errors import UsageError

__all__ = [
    "Files",
    "Keeper",
    "Pending",
    "archive_place",
    "head_lines",
    "is_router",
    "is_switch",
    "is_switch_model",
    "lasting",
    "log_line_in",
    "missing_bytes",
    "model_in",
    "read_files",
    "read_keeper",
    "read_pending",
    "read_users",
    "serial_in",
    "snapshot_file",
    "version_in",
]

_MODEL: Final = re.compile(r"^cisco (\S+) .*\b(?:memory|processor)\b", re.MULTILINE | re.IGNORECASE)
_SERIALS: Final = (
    re.compile(r"^Processor board ID (\S+)", re.MULTILINE),
    re.compile(r"^System serial number\s*: (\S+)", re.MULTILINE | re.IGNORECASE),
)
# IOS XR and NX-OS speak of themselves in other words; 3650 and 3850 speak modular QoS.
_IOS: Final = re.compile(r"^Cisco (?:IOS[ -](?:XE )?Software|Internetwork Operating)", re.MULTILINE)
_MLS: Final = re.compile(r"(?:WS-C|CATALYST)?(?:29[4-7]\d|3550|3560|3750|ME-?3400|IE-[23]000)")
_FIELD: Final = r"^{}\s*: *(.*?)\s*$"
_FREE: Final = re.compile(r"\((\d+) bytes free\)")
_SNAPSHOT: Final = re.compile(r"\bqos-([a-z0-9-]{1,40})\.cfg\b")
_NEXT_ARCHIVE: Final = re.compile(r"will be named (\S+)")
_USER: Final = re.compile(r"^([* ]) {0,8}(\d+) (?:vty|con|tty|aux)\b *\d+ +(\S+)", re.MULTILINE)
_FOLDER: Final = re.compile(r"[a-z][a-z0-9-]{0,20}:(?:/?[\w.-]{1,60}/){0,4}")
_COUNT: Final = re.compile(r"^Current configuration ?: (\d+) bytes\n", re.MULTILINE)
_LOG: Final = re.compile(
    r"^(?:\d{1,10}: )?[*.]?[A-Z][a-z]{2} {1,2}\d{1,2} [\d: .]{8,20}[A-Z ]{0,6}: %[A-Z][\w-]+: .*",
    re.MULTILINE,
)
_DRIFTS: Final = re.compile(r"^ntp clock-period \d+\n", re.MULTILINE)
# Devices renew certificates, and make those that they sign themselves. Source: Cisco, Public Key
# Infrastructure Configuration Guide, "Certificate Enrollment", autoenrollment.
_CERTIFICATES: Final = re.compile(
    r"^crypto (?:pki|ca) certificate chain [^\n]*\n(?:[ \t][^\n]*\n)*(?:!\n)?", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who holds the configuration lock; `line` is the terminal line's number, "" if not told."""

    user: str
    line: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A change that goes back unless it is confirmed."""

    user: str
    minutes: int
    since: str

    def __str__(self) -> str:
        since = f" since {self.since}" if self.since else ""
        return f"a change of {self.user} waits for its confirmation{since}, {self.minutes} minutes"


@dataclass(frozen=True, slots=True)
class Files:
    """A folder of the device: snapshots by the names of their runs, and the room that is left."""

    runs: frozenset[str]
    free_bytes: int | None


def version_in(text: str) -> str:
    """Return the line of `show version` that names the software."""
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if "Version" in line), "")


def model_in(text: str) -> str:
    """Return the product that `show version` names, "" where it names none."""
    found = _MODEL.search(text)
    return "" if found is None else found[1]


def serial_in(text: str) -> str:
    """Return the serial number of the chassis, "" where `show version` has none."""
    found = next(filter(None, (pattern.search(text) for pattern in _SERIALS)), None)
    return "" if found is None else found[1]


def is_switch(text: str) -> bool:
    """Whether `show version` is that of a Catalyst with `mls qos`."""
    return _IOS.search(text) is not None and is_switch_model(model_in(text))


def is_router(text: str) -> bool:
    """Whether `show version` is that of IOS or IOS-XE with modular QoS."""
    return _IOS.search(text) is not None and not is_switch_model(model_in(text))


def is_switch_model(model: str) -> bool:
    """Whether a product that runs IOS is a Catalyst with `mls qos`."""
    return _MLS.match(model) is not None


def read_keeper(text: str) -> Keeper | None:
    """Return who holds the lock, by `show configuration lock`; None where nobody does."""
    if _field("State", text) != "LOCKED":
        return None
    return Keeper(_field("User", text) or "somebody", _field("TTY", text))


def read_pending(text: str) -> Pending | None:
    """Return the change that `show archive config rollback timer` tells of, None for none."""
    minutes = re.match(r"\d+", _field("Timer value", text))
    if minutes is None:
        return None
    since = _field(r"Time configured.*?", text)
    return Pending(_field("User", text) or "somebody", int(minutes[0]), since)


def read_files(text: str) -> Files:
    """Return what `dir` shows."""
    free = _FREE.search(text)
    return Files(frozenset(_SNAPSHOT.findall(text)), None if free is None else int(free[1]))


def read_users(text: str) -> tuple[str, frozenset[str]]:
    """Return our own user, "" if not told, and the lines that are in use, by `show users`."""
    found = _USER.findall(text)
    own = next((user for mark, _, user in found if mark == "*"), "")
    return own, frozenset(line for _, line, _ in found)


def archive_place(text: str) -> str:
    """Return where the archive keeps its next copy, by `show archive`; "" where there is none."""
    found = _NEXT_ARCHIVE.search(text)
    return "" if found is None else found[1]


def snapshot_file(work: Work) -> str:
    """Return the file that keeps the configuration of before a run, and is the run's lock.

    Raises:
        UsageError: the option `flash` is no folder of a device.
    """
    folder = work.options.get("flash", "flash:")
    if not _FOLDER.fullmatch(folder):
        raise UsageError(
            f"`flash`: {folder!r} is no folder of an IOS device",
            hint="give a file system, and a folder that ends in a slash: flash: or disk0:/qos/",
        )
    return f"{folder}qos-{work.run}.cfg"


def lasting(text: str) -> str:
    """Return a configuration from `version` to `end`, without what IOS changes by itself.

    The comments on the last change and the count of bytes stand before `version`. Releases up to
    12.4 write `ntp clock-period` anew all the time; certificates are renewed.
    """
    start = re.search(r"^version ", text, re.MULTILINE)
    body = text if start is None else text[start.start() :]
    body = _CERTIFICATES.sub("", _DRIFTS.sub("", body))
    return trimmed(body)


def missing_bytes(text: str) -> int:
    """Return how many bytes of a listing did not come, by the count at its head; 0 without.

    Whether IOS counts one sign or two for the end of a line is unverified: two are granted.
    """
    found = _COUNT.search(text)
    if found is None:
        return 0
    body = text[found.end() :]
    return max(0, int(found[1]) - len(body.encode()) - body.count("\n") - 1)


def head_lines(text: str) -> str:
    """Return the lines that stand above a listing alone: the count of its bytes, then comments."""
    lines = [line.strip() for line in text.splitlines()]
    count = [line for line in lines if _COUNT.match(f"{line}\n")][:1]
    return "".join(f"{line}\n" for line in (*count, *(x for x in lines if x.startswith("! "))))


def log_line_in(text: str) -> str:
    """Return a message of the log that stands within a listing, "" where there is none."""
    found = _LOG.search(text)
    return "" if found is None else found[0]


def _field(name: str, text: str) -> str:
    found = re.search(_FIELD.format(name), text, re.MULTILINE)
    return "" if found is None else str(found[1])
