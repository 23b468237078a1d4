"""Tomato's scheduler on the WAN as a stage: from the packet's mark to the class that serves it.

Source: `start_qos` in rc/qos.c of FreshTomato. Filters by mark have `prio (i+1)*10`; those for
ICMP (13) and small TCP packets with a flag (14-19) stand between class 0 and class 1, for IPv4
only; their length test wants a packet under 64 bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.drivers.tomato.chains import CLASS_BITS
from translator.drivers.tomato.classes import ClassTable, QosClass
from translator.drivers.tomato.nvram import Nvram
from translator.intents.condition import AllOf, Condition, Predicate, Tagged
from translator.intents.match import ANY, Match
from translator.intents.pipeline import (
    Assign,
    Flow,
    Rule,
    Service,
    SetTos,
    Stage,
    Unclear,
)

__all__ = ["CAKE", "cake_stage", "htb_stage"]

CAKE: Final = 2  # value of qos_mode
_NAME: Final = "Tomato outbound classes"
_CAKE_BEST_EFFORT: Final = 0  # value of qos_cake_prio_mode: one tin, marks ignored
_FLAGS: Final = {"qos_ack": "only ACK", "qos_syn": "SYN", "qos_fin": "FIN", "qos_rst": "RST"}


def htb_stage(table: ClassTable, nvram: Nvram, lines: tuple[int, ...]) -> Stage:
    """Return the stage of HTB: CLASSIFY of a script first, then marks, then the default class."""
    rules = [_by_priority(item, lines) for item in table.classes if _script_classifies(nvram)]
    control = next((item for item in table.classes if item.index == 0), None)
    if control is not None:
        rules.append(_by_mark(control, lines))
        rules.extend(_control_packets(control, nvram))
    rules.extend(_by_mark(item, lines) for item in table.classes if item.index)
    name, service = table.default
    rules.append(Rule(ANY, (Assign(name, service),), lines=nvram.line("qos_default")))
    return Stage(_NAME, tuple(rules))


def cake_stage(nvram: Nvram) -> Stage:
    """Return the stage of CAKE, whose tins are not the ten classes."""
    rules: list[Rule] = []
    if nvram.number("qos_cake_wash"):
        # Source: tc-cake(8): `wash` clears the code point, ECN stays.
        lines = nvram.line("qos_cake_wash")
        rules.append(Rule(ANY, (SetTos(0, 0xFC),), Flow.NEXT, lines=lines))
    mode = nvram.number("qos_cake_prio_mode")
    lines = nvram.line("qos_mode", "qos_cake_prio_mode")
    if mode == _CAKE_BEST_EFFORT:
        rules.append(Rule(ANY, (Assign("CAKE", Service.BEST_EFFORT),), lines=lines))
    else:
        why = f"CAKE in priority mode {mode} picks its own tin from mark and code point"
        rules.append(Rule(ANY, (Unclear(why),), lines=lines))
    return Stage(_NAME, tuple(rules))


def _script_classifies(nvram: Nvram) -> bool:
    return "CLASSIFY" in nvram.text("script_fire")


def _by_priority(item: QosClass, lines: tuple[int, ...]) -> Rule:
    """HTB looks at skb->priority before its filters; class ids are hexadecimal."""
    class_id = 1 << 16 | int(f"{item.index + 1}0", 16)
    condition = Tagged("priority", (class_id,))
    return Rule(condition, (Assign(item.name, item.service),), lines=lines)


def _by_mark(item: QosClass, lines: tuple[int, ...]) -> Rule:
    condition = Tagged("mark", (item.index + 1,), CLASS_BITS)
    return Rule(condition, (Assign(item.name, item.service),), lines=lines)


def _control_packets(control: QosClass, nvram: Nvram) -> Iterator[Rule]:
    assign = (Assign(control.name, control.service),)
    if nvram.number("qos_icmp"):
        condition: Condition = Match(version=4, protocols=(1,))
        yield Rule(condition, assign, lines=nvram.line("qos_icmp"))
    for key, flag in _FLAGS.items():
        if nvram.number(key):
            small = Predicate(f"TCP packet under 64 bytes, {flag}")
            condition = AllOf((Match(version=4, protocols=(6,)), small))
            yield Rule(condition, assign, lines=nvram.line(key))
