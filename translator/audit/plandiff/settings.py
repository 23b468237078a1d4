"""What is not rows: queues, port settings, address groups and options of two plans, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from translator.audit.plandiff.words import Change, Line, Section
from translator.plan.model import AddressGroup, Plan, PlanOptions, PortSetting, QueueRow

__all__ = ["setting_lines"]

_Item = TypeVar("_Item")


def setting_lines(a: Plan, b: Plan) -> Iterator[Line]:
    """Yield what differs in queues, port settings, address groups and options."""
    yield from _lines(Section.QUEUES, _queues(a), _queues(b), _queue)
    yield from _lines(Section.PORT_SETTINGS, _settings(a), _settings(b), _setting)
    yield from _lines(Section.GROUPS, _groups(a), _groups(b), _group)
    yield from _lines(Section.OPTIONS, _options(a.options), _options(b.options), str)


def _lines(
    section: Section,
    a: Mapping[str, _Item],
    b: Mapping[str, _Item],
    words: Callable[[_Item], str],
) -> Iterator[Line]:
    for name in dict.fromkeys((*a, *b)):
        one = None if name not in a else words(a[name])
        other = None if name not in b else words(b[name])
        if one == other:
            continue
        if one is None:
            yield Line(section, Change.ADDED, name, other or "")
        elif other is None:
            yield Line(section, Change.REMOVED, name, one)
        else:
            yield Line(section, Change.CHANGED, name, f"{one} becomes {other}")


def _queues(plan: Plan) -> dict[str, QueueRow]:
    return {"default" if x.media is None else x.media.value: x for x in plan.queues}


def _queue(queue: QueueRow) -> str:
    points = _list(point.name.upper() for point in queue.code_points)
    early = ", early drop" if queue.congestion_avoidance else ""
    return f"{queue.treatment} {queue.percent} %{f' of {points}' if points else ''}{early}"


def _settings(plan: Plan) -> dict[str, PortSetting]:
    return {item.name: item for item in plan.port_settings}


def _setting(item: PortSetting) -> str:
    if item.block is None:
        return "not set"
    marked = item.policy_range
    policy = f" (hosts mark {marked})" if marked not in (None, item.block.range) else ""
    return f"{item.block.range}{policy}"


def _groups(plan: Plan) -> dict[str, AddressGroup]:
    return {item.name: item for item in plan.groups}


def _group(item: AddressGroup) -> str:
    addresses = _list((*map(str, item.prefixes), *item.union_of)) or "not bound"
    return f"{addresses}, beyond the Internet line" if item.outside else addresses


def _options(options: PlanOptions) -> dict[str, str]:
    """The options by name; which rows are in and out shows in the rows themselves."""
    allowed = _list(point.name for point in sorted(options.allowed_code_points))
    return {
        "tcp": _flag(options.tcp),
        "server_tcp": _flag(options.server_tcp),
        "client_port_ranges": _flag(options.client_port_ranges),
        "allowed_code_points": f"{allowed} and df" if allowed else "all",
    }


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _list(items: Iterable[str]) -> str:
    return ", ".join(items)
