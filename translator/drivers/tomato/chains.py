"""What Tomato itself puts into the mangle table, as chains of the shared Netfilter model.

Outbound classification is chain QOSO: it gives the connection a mark (class index + 1), which is
copied to the packet behind routing. A connection that has its mark keeps it, so the first packet
decides; a model of single packets is a model of first packets.

Source: `ipt_qos` in rc/qos.c and rc/firewall.c of FreshTomato; the mark's bits are 0xff00f.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.linux.chains import CopyTag, Entry, Verdict
from translator.drivers.linux.iptables import IptablesReader
from translator.drivers.linux.netfilter import Ruleset
from translator.drivers.tomato.rules import OutRule
from translator.drivers.tomato.script import TABLES
from translator.intents.condition import AllOf, Condition, Not, Tagged
from translator.intents.match import ANY
from translator.intents.pipeline import Flow, Rule, SetTag, Stage, Unclear, set_code_point

__all__ = [
    "CLASS_BITS",
    "FIRST_PACKETS",
    "QOSO",
    "Outbound",
    "add_outbound",
    "add_reset",
    "new_reader",
    "stages",
]

QOSO: Final = "QOSO"
CLASS_BITS: Final = 0xF
FIRST_PACKETS: Final = (
    "the first packet of a connection decides its outbound class and later ones keep it: what is "
    "said is said of first packets"
)
_MARK_BITS: Final = 0xFF00F
_SIZE_BITS: Final = 0xFF000


@dataclass(frozen=True, slots=True)
class Outbound:
    """What goes into QOSO: rules, the default class, and why nothing of it loads, if so."""

    rules: tuple[OutRule, ...]
    default_index: int
    refused: str
    line: tuple[int, ...]
    default_line: tuple[int, ...]


def new_reader() -> IptablesReader:
    """Return a reader whose mangle tables have their built-in chains, for both IP versions."""
    reader = IptablesReader()
    for version in (4, 6):
        reader.begin(version)
        reader.save_line(0, "*mangle")
    return reader


def add_outbound(
    ruleset: Ruleset, outbound: Outbound, to_wan: Condition, *, script_marks: bool = False
) -> None:
    """Add QOSO and its jump for packets under the condition.

    With `script_marks` a script handles marks too: then the connection's mark and its copy to the
    packet are modelled one by one; else QOSO marks the packet itself, which comes to the same.
    """
    entries = _classifier(outbound, "ct_mark" if script_marks else "mark")
    restore = CopyTag("ct_mark", "mark", CLASS_BITS)
    for version, table in zip((4, 6), TABLES, strict=True):
        ruleset.chain(table, QOSO, version).entries.extend(entries)
        forward = ruleset.chain(table, "FORWARD", version)
        forward.entries.append(Entry(to_wan, verdict=Verdict.JUMP, target=QOSO))
        if script_marks:
            postrouting = ruleset.chain(table, "POSTROUTING", version)
            postrouting.entries.append(Entry(to_wan, copies=(restore,)))


def add_reset(ruleset: Ruleset, from_wan: Condition, line: tuple[int, ...]) -> None:
    """Add the rule of `DSCP_fix_enable`: packets that come in by the WAN lose their code point."""
    for version, table in zip((4, 6), TABLES, strict=True):
        entry = Entry(from_wan, (set_code_point(CodePoint(0)),), lines=line)
        ruleset.chain(table, "PREROUTING", version).entries.insert(0, entry)


def stages(ruleset: Ruleset) -> tuple[Stage, ...]:
    """Return the stages that hold a rule at all, one for both IP versions of a hook."""
    found = [stage for stage in ruleset.stages() if stage.rules[0].body or len(stage.rules) > 1]
    joined: list[Stage] = []
    for stage in found:
        both = _joined(joined[-1], stage) if joined else None
        if both is None:
            joined.append(stage)
        else:
            joined[-1] = both
    return tuple(joined)


def _joined(one: Stage, other: Stage) -> Stage | None:
    """Return the stage of both IP versions, or None when they are not the same hook's.

    A packet meets the chain of its own version only: it stops behind it, which spares a proof
    from carrying every state of the one through the other.
    """
    hook, _, *chain = one.name.split()
    if other.name.split()[0] != hook or len(one.rules) > 1 or len(other.rules) > 1:
        return None
    name = " ".join((hook, *chain))
    rules = _same(one.rules[0].body, other.rules[0].body)
    if rules is not None:
        return Stage(name, rules)
    return Stage(name, tuple(replace(rule, flow=Flow.STOP) for rule in (*one.rules, *other.rules)))


def _same(one: tuple[Rule, ...], other: tuple[Rule, ...]) -> tuple[Rule, ...] | None:
    """Return the rules with the lines of both, or None when they differ in anything else."""
    if len(one) != len(other):
        return None
    found: list[Rule] = []
    for left, right in zip(one, other, strict=True):
        body = _same(left.body, right.body)
        lines = tuple(dict.fromkeys((*left.lines, *right.lines)))
        if body is None or replace(left, body=(), lines=()) != replace(right, body=(), lines=()):
            return None
        found.append(replace(left, body=body, lines=lines))
    return tuple(found)


def _classifier(outbound: Outbound, tag: str) -> list[Entry]:
    if outbound.refused:
        why = f"the router's whole firewall does not load: {outbound.refused}"
        return [Entry(ANY, (Unclear(why),), Verdict.RETURN, lines=outbound.line)]
    classified = AllOf((Tagged(tag, (0,), _SIZE_BITS), Not(Tagged(tag, (0,), CLASS_BITS))))
    return [
        Entry(classified, verdict=Verdict.RETURN),
        *(_entry(tag, rule.condition, rule.class_index, outbound.line) for rule in outbound.rules),
        _entry(tag, ANY, outbound.default_index, outbound.default_line),
    ]


def _entry(tag: str, condition: Condition, index: int, lines: tuple[int, ...]) -> Entry:
    return Entry(condition, (SetTag(tag, index + 1, _MARK_BITS),), Verdict.RETURN, lines=lines)
