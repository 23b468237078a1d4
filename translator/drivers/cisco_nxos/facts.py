"""What NX-OS shows of itself to whoever changes it: product, checkpoints, timer, hardware.

Sources: output of Nexus 9000 switches in public repositories (`show version`, `show checkpoint
summary`, `show scheduler schedule`, `show hardware access-list tcam region`, `show feature`,
`show user-account`, `dir bootflash:`), and Cisco's configuration guides, where they print it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from translator.drivers.capture import trimmed
from translator.drivers.change import Timer, Work

__all__ = [
    "MOST_CHECKPOINTS",
    "ROOM_BYTES",
    "checkpoints_in",
    "delay_text",
    "free_bytes_in",
    "has_job",
    "hostname_in",
    "lasting",
    "leftovers_in",
    "line_count_in",
    "log_line_in",
    "model_in",
    "name_of",
    "regions_in",
    "runs_in",
    "serial_in",
    "timer_in",
    "timer_name",
    "version_in",
    "without_region",
]

ROOM_BYTES: Final = 4_000_000
"""Room for several copies of the largest configuration."""
MOST_CHECKPOINTS: Final = 10  # Source: configuration guide, guidelines for rollbacks.
_PREFIX: Final = "qos-"
_TIMER_SUFFIX: Final = ".t"
_MODEL: Final = re.compile(r"^ *cisco (Nexus.*?)(?: Chassis)? *(?:\(|$)", re.MULTILINE)
_VERSION: Final = re.compile(r"^ *(?:NXOS|system|kickstart): +version +(\S+)", re.MULTILINE)
_SERIAL: Final = re.compile(r"^ *Processor Board ID +(\S+)", re.MULTILINE)
_HOSTNAME: Final = re.compile(r"^ *Device name: +(\S+)", re.MULTILINE)
_CHECKPOINT: Final = re.compile(r"^ *\d+\) +(\S+?):? *$", re.MULTILINE)
_FREE: Final = re.compile(r"^ *(\d+) bytes free", re.MULTILINE)
_REGION: Final = re.compile(r"\[([\w-]+)\] +size += +(\d+)")
_COUNT: Final = re.compile(r"^ *(\d+) *$", re.MULTILINE)
_OURS: Final = re.compile(r"^ *scheduler (job|schedule) name (qos-\S+) *$", re.MULTILINE)
_JOB_SHOWN: Final = re.compile(r"^ *Job Name *:", re.MULTILINE)
# A job ends with a line of its own; below a schedule its lines are indented.
_JOB: Final = re.compile(r"^scheduler job name qos-\S+ *\n(?:.*\n)*?end-job *\n\n?", re.MULTILINE)
_SCHEDULE: Final = re.compile(
    r"^scheduler schedule name qos-\S+ *\n(?:[ \t]+\S.*\n|job name .*\n|time start .*\n)*\n?",
    re.MULTILINE,
)
_LOG: Final = re.compile(
    r"^\d{4} [A-Z][a-z]{2} {1,2}\d{1,2} [\d:.]{8,15} \S+ (?:%\$ VDC-\d+ %\$ )?%[A-Z$][\w$-]+: .*",
    re.MULTILINE,
)
# Regions by which packets that enter are classified. Source: QoS guide, Configuring QoS TCAM
# Carving: the first two of each on switches with ALE and NFE hardware, the others on 9200 and
# 9300-EX and later, where one region holds both IP versions.
_REGIONS: Final[Mapping[int, frozenset[str]]] = {
    4: frozenset({"qos", "l3qos", "ing-l2-qos", "ing-l3-vlan-qos"}),
    6: frozenset({"ipv6-qos", "ipv6-l3qos", "ing-l2-qos", "ing-l3-vlan-qos"}),
}


def name_of(work: Work) -> str:
    """Return the name of the run's checkpoint, which is its lock, and of its timer's job."""
    return f"{_PREFIX}{work.run}"


def timer_name(work: Work) -> str:
    """Return the name of the checkpoint that the timer goes back to."""
    return f"{name_of(work)}{_TIMER_SUFFIX}"


def model_in(text: str) -> str:
    """Return the product that `show version` names, "" where it names none."""
    return _first(_MODEL, text)


def version_in(text: str) -> str:
    """Return the release."""
    return _first(_VERSION, text)


def serial_in(text: str) -> str:
    """Return the serial number of the chassis, "" where `show version` has none."""
    return _first(_SERIAL, text)


def hostname_in(text: str) -> str:
    """Return the configured name."""
    return _first(_HOSTNAME, text)


def checkpoints_in(text: str) -> tuple[str, ...]:
    """Return the names of `show checkpoint summary`, those of the system too."""
    return tuple(_CHECKPOINT.findall(text))


def runs_in(names: Iterable[str]) -> frozenset[str]:
    """Return the runs whose checkpoints are there."""
    ours = (name for name in names if name.startswith(_PREFIX))
    return frozenset(name.removeprefix(_PREFIX).removesuffix(_TIMER_SUFFIX) for name in ours)


def free_bytes_in(text: str) -> int | None:
    """Return the room that `dir bootflash:` tells of."""
    found = _first(_FREE, text)
    return int(found) if found else None


def regions_in(text: str) -> Mapping[str, int]:
    """Return the sizes of the hardware's regions; none where the switch has none to carve."""
    return {name: int(size) for name, size in _REGION.findall(text)}


def without_region(regions: Mapping[str, int], versions: Iterable[int]) -> tuple[int, ...]:
    """Return those IP versions for which no region has any entry."""
    if not regions:
        return ()
    return tuple(
        version
        for version in versions
        if not any(regions.get(name, 0) for name in _REGIONS[version])
    )


def line_count_in(text: str) -> int | None:
    """Return the number that `| count` shows."""
    found = _first(_COUNT, text)
    return int(found) if found else None


def timer_in(text: str) -> Timer:
    """Return what became of a schedule, by `show scheduler schedule name NAME`."""
    if "Schedule Name" not in text:
        return Timer.ABSENT
    return Timer.ARMED if "Yet to be executed" in text else Timer.FIRED


def has_job(text: str) -> bool:
    """Whether `show scheduler job name NAME` shows a job."""
    return _JOB_SHOWN.search(text) is not None


def leftovers_in(text: str, work: Work) -> tuple[str, ...]:
    """Return `job` and `schedule` as far as a listing has those of a run, in that order."""
    kinds = {kind for kind, name in _OURS.findall(text) if name == name_of(work)}
    return tuple(kind for kind in ("job", "schedule") if kind in kinds)


def delay_text(seconds: int) -> str:
    """Return a time from now as a schedule takes it, in whole minutes: `+00:01:30`.

    Source: days, hours, minutes, as `cisco-nx` of Cisco's NSO writes it.
    """
    hours, minutes = divmod(-(-seconds // 60), 60)
    days, hours = divmod(hours, 24)
    return f"+{days:02}:{hours:02}:{minutes:02}"


def lasting(text: str) -> str:
    """Return a configuration from `version` on, without the timer that a run of ours has set.

    Above it stand the command and two times.
    """
    start = re.search(r"^version ", text, re.MULTILINE)
    body = text if start is None else text[start.start() :]
    body = _SCHEDULE.sub("", _JOB.sub("", f"{body}\n"))
    return trimmed(body)


def log_line_in(text: str) -> str:
    """Return a message of the log that stands within a listing, "" where there is none."""
    found = _LOG.search(text)
    return "" if found is None else found[0]


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return "" if found is None else str(found[1])
