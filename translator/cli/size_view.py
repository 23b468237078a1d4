"""What `size` prints: the queues of each link, what does not fit, the sources of figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import ceil
from typing import Any, Final

from translator.cli.counted import rate_text
from translator.cli.output import emit, emit_table, visible
from translator.plan.shares import MAX_PRIORITY_PERCENT, MIN_BEST_EFFORT_PERCENT, shares_text
from translator.sizing.demand import Load
from translator.sizing.judge import SizingFinding
from translator.sizing.size import LinkSize, QueueSize

__all__ = ["numbered_sources", "show_size", "show_sources", "size_json"]

_HEADINGS: Final = (
    *("class", "service", "streams", "kbit/s", "typical"),
    *("share", "queue kbit/s", "headroom", "blocking"),
)
_LEGEND: Final = """\
kbit/s is the planning maximum of one direction: every packet sent, with layer 2 and RTCP. Typical
are published means, - where there is none. Video counts as published, without its headers."""


def numbered_sources(sizes: Iterable[LinkSize]) -> dict[str, int]:
    """Return a number for each source of the figures."""
    loads = (load for size in sizes for load in _loads(size))
    found = dict.fromkeys(str(source) for load in loads for source in load.sources)
    return {source: number for number, source in enumerate(found, 1)}


def show_size(
    size: LinkSize, findings: Iterable[SizingFinding], numbers: Mapping[str, int]
) -> None:
    """Print the queues of a link, what is in them, and what is wrong."""
    link = size.link
    emit_table(
        _HEADINGS,
        (_cells(item) for item in size.queues),
        f"{link.name}: {rate_text(link.rate_bps)}, {link.framing}, "
        f"carries {', '.join(site.name for site in link.sites)}",
    )
    for load in _loads(size):
        emit(f"  {_load_text(load, numbers)}")
    verdict = "fits" if size.fits else "does not fit"
    emit(
        f"{verdict}: {size.priority_percent} % priority (at most {MAX_PRIORITY_PERCENT} %), "
        f"{size.best_effort_percent} % best effort (at least {MIN_BEST_EFFORT_PERCENT} %)"
    )
    for item in findings:
        emit(visible(str(item), keep=""))
        emit(visible(f"  hint: {item.hint}", keep=""))
    if size.fits:
        emit(f"queues: {shares_text(size.shares)}")
    emit("")


def show_sources(numbers: Mapping[str, int]) -> None:
    """Print what the figures mean and where each of them comes from."""
    emit(_LEGEND)
    for source, number in numbers.items():
        emit(f"  [{number}] {source}")


def _cells(item: QueueSize) -> tuple[object, ...]:
    demand = item.demand
    name = (item.row.name, str(item.row.treatment))
    share = (f"{item.percent} %", _kbps(item.rate_bps))
    if demand is None:
        kept = "what is left" if item.row.media is None else "as planned"
        return (*name, "", kept, "", *share, "", "")
    typical, blocked = demand.typical_bps, demand.blocked
    return (
        *name,
        demand.streams,
        _kbps(demand.planned_bps),
        "-" if typical is None else _kbps(typical),
        *share,
        _kbps(item.headroom_bps or 0),
        "" if blocked is None else f"{100 * blocked:.2f} %",
    )


def _load_text(load: Load, numbers: Mapping[str, int]) -> str:
    each = float(load.rates.planned) / 1000
    cited = "".join(f" [{numbers[str(source)]}]" for source in load.sources)
    worst = "" if load.least_bps is None else f" ({load.least_bps / 1000:.1f} at its worst)"
    return f"{load.streams} x {each:.1f} kbit/s{worst}: {load.what}{cited}"


def _loads(size: LinkSize) -> Iterator[Load]:
    for queue in size.queues:
        if queue.demand is not None:
            yield from queue.demand.loads


def _kbps(rate_bps: int) -> str:
    return str(rate_bps // 1000 if rate_bps % 1000 == 0 else round(rate_bps / 1000, 1))


def size_json(size: LinkSize, findings: Iterable[SizingFinding]) -> dict[str, Any]:
    """Return a link as JSON has it; rates are in bit/s."""
    link = size.link
    return {
        "link": link.name,
        "rate_bps": link.rate_bps,
        "framing": str(link.framing),
        "sites": [site.name for site in link.sites],
        "fits": size.fits,
        "priority_percent": size.priority_percent,
        "best_effort_percent": size.best_effort_percent,
        "shares": {share.queue: share.percent for share in size.shares},
        "queues": [_queue_json(item) for item in size.queues],
        "findings": list(findings),
    }


def _queue_json(item: QueueSize) -> dict[str, Any]:
    demand = item.demand
    return {
        "queue": item.row.name,
        "treatment": item.row.treatment,
        "percent": item.percent,
        "rate_bps": item.rate_bps,
        "stated": demand is not None,
        "streams": None if demand is None else demand.streams,
        "planned_bps": None if demand is None else demand.planned_bps,
        "typical_bps": None if demand is None else demand.typical_bps,
        "headroom_bps": item.headroom_bps,
        "blocking": None if demand is None else demand.blocked,
        "loads": [] if demand is None else [_load_json(load) for load in demand.loads],
    }


def _load_json(load: Load) -> dict[str, Any]:
    typical = load.rates.typical
    return {
        "what": load.what,
        "streams": load.streams,
        "planned_bps": ceil(load.rates.planned),
        "admitted_bps": ceil(load.rates.admitted),
        "typical_bps": None if typical is None else ceil(typical),
        "peak_bps": load.peak_bps,
        "least_bps": load.least_bps,
        "erlangs": load.erlangs,
        "blocking": load.blocked,
        "sources": load.sources,
    }
