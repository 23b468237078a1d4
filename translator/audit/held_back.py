"""Shapers and limits on packets that leave where the plan asks for no queues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.audit.groups import Group
from translator.audit.kinds import kind
from translator.audit.model import Direction, Finding, Judgement
from translator.audit.wording import OTHER_TRAFFIC
from translator.intents.device import QueueClass, Queuing
from translator.intents.pipeline import Service

__all__ = ["find_held_back"]

_KIND: Final = "queue-extra"
_WHOLE: Final = 100.0  # percent


def find_held_back(group: Group) -> Finding | None:
    """Return what delays or drops leaving packets of a group where nothing is asked, if it does.

    Shares alone take nothing from anybody, and neither does a priority class, whose limit holds
    only while the line is full.
    """
    queuing = group.found.queuing
    if queuing is None:
        return None
    rate = _shaped(queuing, group.spec.rate_bps)
    limits = list(_limited(queuing)) if not rate else []
    if not rate and not limits:
        return None
    named = [f"class {item.name} to {text}" for item, text in limits]
    lines = queuing.lines if rate else tuple(n for item, _ in limits for n in item.lines)
    return Finding(
        _KIND,
        kind(_KIND).severity,
        f"leaving packets are held back where the plan asks for no queues: "
        f"{f'all to {rate}' if rate else ', '.join(named)}",
        (),
        Direction.OUT,
        OTHER_TRAFFIC,
        Judgement.EXTRA,
        lines=lines or queuing.lines,
        hint=kind(_KIND).cure,
    )


def _shaped(queuing: Queuing, line_bps: int | None) -> str:
    """Return the rate of the shaper in words, "" without one or at the rate of the line."""
    if queuing.shaping_bps is not None:
        slower = line_bps is None or queuing.shaping_bps < line_bps
        return f"{queuing.shaping_bps} bit/s" if slower else ""
    percent = queuing.shaping_percent
    return f"{percent:g} % of the line" if percent is not None and percent < _WHOLE else ""


def _limited(queuing: Queuing) -> Iterator[tuple[QueueClass, str]]:
    for item in queuing.classes:
        if item.service is Service.PRIORITY:
            continue
        if item.limit_bps is not None:
            yield item, f"{item.limit_bps} bit/s"
        elif item.limit_percent is not None and item.limit_percent < _WHOLE:
            yield item, f"{item.limit_percent:g} %"
