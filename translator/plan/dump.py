"""A plan as YAML text that loads to the same plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Final

from translator.codepoint import CodePoint
from translator.plan.model import (
    AddressGroup,
    Narrowing,
    Plan,
    PlanOptions,
    PlanRow,
    PortSetting,
    QueueRow,
)
from translator.ports import PortBlock, PortRange

__all__ = ["dump_plan"]

_PLAIN_START: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/")
_PLAIN: Final = _PLAIN_START | frozenset(" ._-+=()")
_NOT_PLAIN: Final = frozenset({"null", "~", ""})


def dump_plan(plan: Plan) -> str:
    """Return the plan as YAML; ports are written out, references to settings are not kept."""
    lines = [f"name: {_text(plan.name)}"]
    lines += [
        f"{key}: {_text(getattr(plan, key))}" for key in ("title", "source") if getattr(plan, key)
    ]
    lines += ["", f"options: {_options(plan.options)}"]
    if plan.port_settings:
        lines += ["", "port_settings:"]
        lines += [f"  {item.name}: {_flow(_setting(item))}" for item in plan.port_settings]
    if plan.groups:
        lines += ["", "groups:"]
        lines += [f"  {item.name}: {_flow(_group(item))}" for item in plan.groups]
    lines += ["", "rows:" if plan.rows else "rows: []"]
    for row in plan.rows:
        lines += _row(row)
    lines += ["", "queues:" if plan.queues else "queues: []"]
    lines += [f"  - {_flow(_queue(item))}" for item in plan.queues]
    return "\n".join(lines) + "\n"


def _row(row: PlanRow) -> Iterator[str]:
    lead = "  - "
    for item in fields(PlanRow):
        value = getattr(row, item.name)
        is_needed = item.name in ("code_point", "port_only_safe")
        if item.name != "where" and (is_needed or not _is_empty(value)):
            yield f"{lead}{item.name}: {_value(value)}"
            lead = "    "


def _is_empty(value: object) -> bool:
    """Whether a field may stay out; code point 0 is a value."""
    return value is None or value is False or value in ((), "")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, CodePoint):
        return value.name
    if isinstance(value, int | PortRange):
        return str(value)
    if isinstance(value, Narrowing):
        return _flow({"udp": value.udp, "tcp": value.tcp})
    if isinstance(value, PortBlock):
        return _flow({"start": value.start, "count": value.count})
    if isinstance(value, tuple):
        return f"[{', '.join(_value(item) for item in value)}]"
    return _text(str(value))


def _flow(values: Mapping[str, object]) -> str:
    kept = (
        f"{key}: {_value(value)}" for key, value in values.items() if value not in (None, (), "")
    )
    return "{" + ", ".join(kept) + "}"


def _options(options: PlanOptions) -> str:
    return _flow({item.name: getattr(options, item.name) for item in fields(PlanOptions)})


def _setting(item: PortSetting) -> dict[str, object]:
    return {
        **_block("", item.block),
        **_block("default_", item.default),
        "policy_range": item.policy_range,
        "min_count": item.min_count,
        "source": item.source,
        "confidence": item.confidence,
    }


def _block(prefix: str, block: PortBlock | None) -> dict[str, object]:
    return {} if block is None else {f"{prefix}start": block.start, f"{prefix}count": block.count}


def _group(item: AddressGroup) -> dict[str, object]:
    return {
        "prefixes": item.prefixes,
        "union_of": item.union_of,
        "outside": item.outside or None,
        "confidence": item.confidence,
        "source": item.source,
        "note": item.note,
    }


def _queue(item: QueueRow) -> dict[str, object]:
    return {
        "media": item.name,
        "code_points": item.code_points,
        "treatment": item.treatment,
        "percent": item.percent,
        "congestion_avoidance": item.congestion_avoidance,
        "confidence": item.confidence,
        "source": item.source,
    }


def _text(text: str) -> str:
    """The text plain where YAML reads it back as it is, else in double quotes."""
    is_plain = text[:1] in _PLAIN_START and _PLAIN.issuperset(text) and text == text.strip()
    if is_plain and text.lower() not in _NOT_PLAIN:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
