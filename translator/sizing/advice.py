"""What would fit a link: how many calls, which codecs, which pictures, or which link."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Final

from translator.plan.model import Media
from translator.sizing.codecs import CODECS
from translator.sizing.demand import Load
from translator.sizing.erlang import traffic_for
from translator.sizing.size import LinkSize, QueueSize
from translator.sizing.streams import RESOLUTIONS

__all__ = ["calls_of", "kbps", "what_fits"]

_NAMED: Final = 4


def what_fits(size: LinkSize, queues: Sequence[QueueSize], most_percent: int) -> str:
    """Return what would make these queues together take at most `most_percent` of the link."""
    taken = sum(item.percent for item in queues)
    advice: list[str] = []
    for queue in queues:
        # What is left for this queue if the others get what they need.
        left = most_percent - (taken - queue.percent)
        left_bps = Fraction(size.link.rate_bps * max(0, left), 100)
        if queue.row.media is Media.AUDIO:
            advice += _calls_that_fit(size, queue, left_bps)
        elif queue.row.media is Media.VIDEO:
            advice += _pictures_that_fit(queue, left_bps)
    return "; ".join((*advice, *_link_that_fits(queues, most_percent)))


def calls_of(queue: QueueSize | None) -> list[Load]:
    """Return the calls among what is asked of a queue."""
    if queue is None or queue.demand is None:
        return []
    return [load for load in queue.demand.loads if load.is_call]


def kbps(rate_bps: int) -> str:
    """Return a rate in kbit/s, rounded up."""
    return str(ceil(Fraction(rate_bps, 1000)))


def _calls_that_fit(size: LinkSize, queue: QueueSize, left_bps: Fraction) -> Iterator[str]:
    calls = calls_of(queue)
    wanted, asked_bps = _sum(calls)
    if queue.demand is None or not wanted:
        return
    left_bps -= queue.demand.exact_bps - asked_bps
    fitting = floor(left_bps * wanted / asked_bps)
    if left_bps <= 0 or fitting >= wanted:
        return  # without any call it does not fit either, or calls are not what is too much
    offered = [load for load in calls if load.erlangs is not None and load.target is not None]
    traffic = ""
    if len(calls) == len(offered) == 1:
        erlangs = traffic_for(fitting, offered[0].target or 0.01)
        traffic = f" ({erlangs:.1f} erlangs)"
    yield f"{fitting} of {wanted} calls would fit{traffic}"
    yield _codecs_that_fit(size, calls, left_bps)


def _codecs_that_fit(size: LinkSize, calls: list[Load], left_bps: Fraction) -> str:
    """Codecs with which all calls would fit, error correction as it is, and else without it."""
    wanted, _ = _sum(calls)
    with_fec = any(load.mix is not None and load.mix.fec_percent for load in calls)
    for fec in (True, False) if with_fec else (False,):
        names = [
            codec.name
            for codec in CODECS.values()
            if wanted * codec.rates(fec=fec, framing=size.link.framing).planned <= left_bps
        ]
        if names:
            how = " with FEC on every call" if fec else " without FEC" if with_fec else ""
            return f"all {wanted} would fit as {_or(names)}{how}"
    return "no codec lets all of them fit"


def _pictures_that_fit(queue: QueueSize, left_bps: Fraction) -> Iterator[str]:
    loads = () if queue.demand is None else queue.demand.loads
    pictures = [load for load in loads if load.least_bps is not None]  # the others are screens
    wanted, asked_bps = _sum(pictures)
    if queue.demand is None or not wanted:
        return
    left_bps -= queue.demand.exact_bps - asked_bps
    if not 0 < left_bps < asked_bps:
        return
    fitting = [
        item
        for item in RESOLUTIONS.values()
        if not item.panoramic and wanted * item.planned_bps <= left_bps
    ]
    yield f"{floor(left_bps * wanted / asked_bps)} of {wanted} video streams would fit"
    if fitting:
        yield f"all of them would fit at {max(fitting, key=lambda item: item.most_bps).name}"


def _link_that_fits(queues: Sequence[QueueSize], most_percent: int) -> Iterator[str]:
    asked_bps = sum(item.demand.exact_bps for item in queues if item.demand is not None)
    kept = [item for item in queues if item.demand is None]
    percent = most_percent - sum(item.percent for item in kept)
    if percent > 0:
        yield f"a link of {kbps(ceil(asked_bps * 100 / percent))} kbit/s would carry it"
    if kept:
        shares = ", ".join(f"{item.row.name} {item.percent} %" for item in kept)
        yield f"the plan's shares stand for what is not stated: {shares}"


def _sum(loads: Sequence[Load]) -> tuple[int, Fraction]:
    return (
        sum(load.streams for load in loads),
        sum((load.streams * load.rates.planned for load in loads), Fraction(0)),
    )


def _or(names: list[str]) -> str:
    shown = names[:_NAMED]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
