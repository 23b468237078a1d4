"""What a driver understood, as tables and as JSON."""

from __future__ import annotations

from typing import Any

from translator.audit.reports.words import ranges
from translator.cli.output import emit, emit_table, plain
from translator.intents.device import DeviceQos, InterfaceQos, Queuing

__all__ = ["inspect_json", "show_device"]


def inspect_json(device: DeviceQos) -> dict[str, Any]:
    """Return counts, unread lines, policies with their placements, interfaces and notes."""
    return {
        "platform": device.platform,
        "qos_lines": len(device.qos_lines),
        "understood": len(device.understood),
        "unread": plain(device.unread),
        "qos_line_numbers": list(device.qos_lines),
        "understood_line_numbers": list(device.understood),
        "policies": [
            {
                "name": policy.name,
                "kind": policy.kind,
                "bound": [
                    {"interface": name, "direction": direction} for name, direction in policy.bound
                ],
                "queuing": plain(policy.queuing),
                "lines": list(policy.lines),
            }
            for policy in device.policies
        ],
        "interfaces": [
            {
                "name": item.name,
                "ingress_policy": item.ingress_policy,
                "egress_policy": item.egress_policy,
                "queuing": plain(item.queuing),
                "lines": list(item.lines),
            }
            for item in device.interfaces
        ],
        "notes": list(device.notes),
    }


def show_device(device: DeviceQos) -> None:
    """Print what was understood of a device and what was not."""
    emit(
        f"{device.platform}: {len(device.qos_lines)} QoS lines, "
        f"{len(device.understood)} understood, {len(device.unread)} unread\n"
    )
    if device.policies:
        emit_table(
            ("policy", "kind", "bound to", "lines"),
            (
                (
                    policy.name,
                    policy.kind,
                    ", ".join(" ".join(place) for place in policy.bound) or "nothing",
                    ranges(policy.lines),
                )
                for policy in device.policies
            ),
            "Policies",
        )
    if device.interfaces:
        emit_table(
            ("interface", "in", "out", "shaped", "lines"),
            (_interface(item) for item in device.interfaces),
            "Placements",
        )
    for item in device.interfaces:
        if item.queuing is not None and item.queuing.classes:
            _show_queuing(item.name, item.queuing)
    if device.unread:
        emit_table(
            ("line", "text", "why"),
            ((item.line, item.text.strip(), item.reason) for item in device.unread),
            "Not understood: what depends on these lines is unknown",
        )
    for sentence in device.notes:
        emit(f"note: {sentence}")


def _interface(item: InterfaceQos) -> tuple[str, ...]:
    shaping = item.queuing.shaping_bps if item.queuing else None
    return (
        item.name,
        item.ingress_policy or ("yes" if item.ingress else "-"),
        item.egress_policy or ("yes" if item.egress else "-"),
        f"{shaping:,} bit/s" if shaping else "-",
        ranges(item.lines),
    )


def _show_queuing(name: str, queuing: Queuing) -> None:
    emit_table(
        ("class", "service", "share", "rate", "limit"),
        (
            (
                item.name,
                item.service,
                _percent(item.percent) or _percent(item.remaining_percent, " of the rest"),
                f"{item.rate_bps:,} bit/s" if item.rate_bps else "",
                _percent(item.limit_percent)
                or (f"{item.limit_bps:,} bit/s" if item.limit_bps else ""),
            )
            for item in queuing.classes
        ),
        f"Queues of {name}",
    )


def _percent(value: float | None, of: str = "") -> str:
    return "" if value is None else f"{value:g} %{of}"
