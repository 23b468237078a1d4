"""Intents as tables."""

from __future__ import annotations

from collections.abc import Iterable

from translator.cli.output import emit, emit_table
from translator.intents.model import (
    ClassifierRule,
    DeviceIntents,
    InterfaceIntents,
    QueuingIntent,
)
from translator.verify.packet import protocol_name

__all__ = ["show_intents"]


def show_intents(intents: DeviceIntents) -> None:
    """Print what is wanted of each interface of a device."""
    emit(f"{intents.device}: plan {intents.plan}")
    for item in intents.interfaces:
        _show_interface(item)


def _show_interface(item: InterfaceIntents) -> None:
    title = f"{item.name} ({item.role})"
    if item.classifier:
        _show_rules(f"{title}: entering packets", item.classifier)
    if item.reset:
        marks = ", ".join(point.name for point in item.reset)
        emit(f"{title}: any other entering packet that carries {marks} leaves as df\n")
    if item.egress_classifier:
        _show_rules(f"{title}: leaving packets, by ports", item.egress_classifier)
    if item.queuing is not None:
        _show_queues(f"{title}: queues of leaving packets", item.queuing)


def _show_rules(title: str, rules: Iterable[ClassifierRule]) -> None:
    emit_table(
        (
            "class",
            "set",
            "protocol",
            "source",
            "ports",
            "destination",
            "ports",
            "dscp",
            "plan rows",
        ),
        (
            (
                rule.traffic_class.name,
                "" if rule.traffic_class.code_point is None else rule.traffic_class.code_point.name,
                _list(protocol_name(number) for number in rule.match.protocols),
                _list(rule.match.sources),
                _list(rule.match.source_ports),
                _list(rule.match.destinations),
                _list(rule.match.destination_ports),
                _list(point.name for point in rule.match.code_points),
                " ".join(rule.rows),
            )
            for rule in rules
        ),
        title,
    )


def _show_queues(title: str, queuing: QueuingIntent) -> None:
    shaped = f", shaped to {queuing.shaping_bps:,} bit/s" if queuing.shaping_bps else ""
    emit_table(
        ("queue", "service", "code points", "share", "where the share comes from"),
        (
            (
                queue.name,
                queue.service,
                _list(point.name for point in queue.code_points) if queue.code_points else "others",
                f"{queue.percent} %",
                queue.source or "-",
            )
            for queue in queuing.queues
        ),
        title + shaped,
    )


def _list(items: Iterable[object]) -> str:
    return ", ".join(str(item) for item in items) or "any"
