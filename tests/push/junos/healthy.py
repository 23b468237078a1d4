"""A push without faults, planned once: of a device whose policy somebody has spoilt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from push.junos.bench import bench

from translator.push import Change

__all__ = ["Healthy", "healthy"]


@dataclass(frozen=True)
class Healthy:
    """What such a push is made of.

    Attributes:
        initial: what a device is to be made of.
        old, new: its configuration before and after.
        lines: all that was typed in configuration mode, in both sessions.
        typed: all that was typed.
    """

    initial: str
    change: Change
    old: str
    new: str
    lines: tuple[str, ...]
    typed: tuple[str, ...]


@cache
def healthy() -> Healthy:
    with TemporaryDirectory() as folder, bench(Path(folder)) as at:
        at.push()
        initial = _spoilt(at.device.running)
    with TemporaryDirectory() as folder, bench(Path(folder), initial=initial) as at:
        change, old = at.plan(), at.device.running
        behind = at.device.log.all()[-1].number
        at.push(change)
        events = [each for each in at.device.log.of("line") if each.number > behind]
        typed = [each for each in events if each.text.strip()]
        lines = [each.text for each in typed if "configuration" in each.mode]
        texts = tuple(each.text for each in typed)
        return Healthy(initial, change, old, at.device.running, tuple(lines), texts)


def _spoilt(text: str) -> str:
    """Return a configuration with two wrong marks and a queue too few."""
    body = text.split("\n}\n", 1)[1]  # without what every device has
    body = re.sub(r"dscp ef;", "dscp af11;", body)
    body = body.replace("dscp af41;", "dscp cs4;", 1)
    return re.sub(r" +scheduler-map \S+;\n", "", body, count=1)
