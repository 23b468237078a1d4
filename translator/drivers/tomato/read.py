"""Reads the settings of one router into stages: what it does with a packet today."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from translator.collector import collector_paused
from translator.drivers.capture import cleaned
from translator.drivers.linux.lines import TooMuchUnreadError
from translator.drivers.tomato.chains import (
    FIRST_PACKETS,
    QOSO,
    Outbound,
    add_outbound,
    add_reset,
    new_reader,
    stages,
)
from translator.drivers.tomato.classes import ClassTable, read_classes
from translator.drivers.tomato.dialect import Dialect
from translator.drivers.tomato.nvram import Nvram, Setting, is_backup_text, read_nvram
from translator.drivers.tomato.rules import RuleList, read_rules
from translator.drivers.tomato.scheduler import CAKE, cake_stage, htb_stage
from translator.drivers.tomato.script import (
    bears_on_qos,
    mark_unread,
    other_scripts,
    read_script,
)
from translator.drivers.tomato.whole import why_incomplete
from translator.intents.condition import Condition, Not, Tagged
from translator.intents.device import DeviceQos, InterfaceQos, PolicyQos, Queuing
from translator.intents.match import ANY
from translator.intents.pipeline import Rule, Stage, Unclear

__all__ = ["read_device"]

_UNNAMED: Final = "wan"
_TUNNELLED: Final = frozenset({"pppoe", "pptp", "l2tp", "ppp3g"})
_LAN_KEYS: Final = tuple(f"lan{n}_ifname" for n in ("", 1, 2, 3, 4, 5, 6, 7))
_LAN_DEFAULTS: Final = ("br0", "br1", "br2", "br3")
_EARLY_DROP: Final = frozenset({2, 3})  # qos_pfifo: codel, fq_codel
# Settings whose meaning is read, or that have no bearing on the treatment of a packet: bursts,
# line overhead, what was in use last, clearing marks when rules change.
_KNOWN: Final = re.compile(
    r"qos_(enable|mode|classify|orules|default|classnames|[oi]rates|ack|syn|fin|rst|icmp|udp"
    r"|reset|pfifo|cake_prio_mode|cake_wash|burst[01]|inuse|[oi]bw)"
    r"|wan[234]?_qos_([oi]bw|overhead|encap)|atm_overhead|DSCP_fix_enable"
)
_LIMITER: Final = re.compile(r"(bwl|new_qoslimit|qosl|limit_br\d)_\w+")
_SCRIPT: Final = "script_fire"
_QOS: Final = re.compile(r"qos_\w+|wan\d?_qos_\w+")


def read_device(platform: str, dialect: Dialect, text: str, file: str) -> DeviceQos:
    """Return what the router of these settings does with packets.

    Raises:
        ParseError: the text is binary data, or a damaged backup.
    """
    # A backup is no text of lines, so there is nothing to clean.
    shown = text if is_backup_text(text) else cleaned(text)
    with collector_paused():
        device = _Device(platform, dialect, read_nvram(shown, file)).read()
    return replace(device, incomplete=why_incomplete(shown))


@dataclass(slots=True)
class _Facts:
    """What the outbound settings say, before it is put into stages."""

    rules: RuleList
    classes: ClassTable
    outbound: Outbound
    egress: Stage


class _Device:
    """One router; its parts are read in the order in which the router applies them."""

    def __init__(self, platform: str, dialect: Dialect, nvram: Nvram) -> None:
        self._platform = platform
        self._dialect = dialect
        self._nvram = nvram
        self._reader = new_reader()
        self._lines = self._reader.lines
        self._notes: list[str] = []
        self._wan = _wan_name(nvram)
        lan = tuple(dict.fromkeys(nvram.text(key) for key in _LAN_KEYS)) or _LAN_DEFAULTS
        self._lan = tuple(name for name in (*lan, *_LAN_DEFAULTS) if name)

    def read(self) -> DeviceQos:
        """Return the device."""
        nvram = self._nvram
        facts = self._outbound()
        on = bool(nvram.number("qos_enable"))
        if on:
            marks = "MARK" in nvram.text(_SCRIPT)
            add_outbound(self._reader.ruleset, facts.outbound, self._to_wan(), script_marks=marks)
        if nvram.number("DSCP_fix_enable"):
            lines = nvram.line("DSCP_fix_enable")
            add_reset(self._reader.ruleset, self._from_wan(), lines)
        script = nvram.find(_SCRIPT)
        if script is not None and script.value.strip():
            with suppress(TooMuchUnreadError):
                read_script(script, self._reader)
            if others := other_scripts(script):
                shown = ", ".join(str(line) for line in others)
                self._notes.append(
                    f"line {shown} of the Firewall script runs a script that is not in the text: "
                    "taken to change no QoS"
                )
        self._notes.extend(facts.rules.notes)
        self._reader.finish()
        with suppress(TooMuchUnreadError):
            self._book(facts.rules)
        if self._lines.stopped_at is not None:
            mark_unread(self._reader.ruleset, self._lines.stopped_at, "reading stops here")
        self._remarks(on)
        return DeviceQos(
            platform=self._platform,
            interfaces=self._interfaces(facts) if on else (),
            other_interface=self._other(facts) if on else InterfaceQos("*"),
            forward=(*(self._inbound() if on else ()), *stages(self._reader.ruleset)),
            policies=self._policies(facts, on),
            qos_lines=self._lines.qos_lines,
            understood=self._lines.understood_lines,
            unread=self._lines.unread_lines,
            notes=tuple(self._notes),
        )

    def _outbound(self) -> _Facts:
        nvram = self._nvram
        unused = self._dialect.newer_keys and nvram.number("qos_classify", 1) == 0
        value = "" if unused else nvram.text("qos_orules")
        rules = read_rules(self._dialect, value)
        # Source: rc/qos.c: with qos_classify 0 there is one class, 0, with 5-100.
        rates = "5-100" if unused else nvram.text("qos_orates")
        default = 0 if unused else nvram.number("qos_default")
        classes = read_classes(
            nvram.text("qos_classnames"),
            rates,
            default,
            {rule.class_index for rule in rules.rules},
        )
        outbound = Outbound(
            rules.rules,
            classes.default_index,
            rules.refused,
            nvram.line("qos_orules"),
            nvram.line("qos_default"),
        )
        if nvram.number("qos_mode", 1) == CAKE and self._dialect.newer_keys:
            return _Facts(rules, classes, outbound, cake_stage(nvram))
        lines = nvram.line("qos_classnames", "qos_orates")
        return _Facts(rules, classes, outbound, htb_stage(classes, nvram, lines))

    def _to_wan(self) -> Condition:
        if self._wan:
            return Tagged("out_interface", (self._wan,))
        return Not(Tagged("out_interface", self._lan))

    def _from_wan(self) -> Condition:
        if self._wan:
            return Tagged("in_interface", (self._wan,))
        return Not(Tagged("in_interface", (*self._lan, None)))

    def _rate_kbps(self) -> int:
        return next(
            (rate for key in self._dialect.rate_keys if (rate := self._nvram.number(key)) > 0), 0
        )

    def _queuing(self, facts: _Facts) -> Queuing:
        nvram = self._nvram
        rate = self._rate_kbps()
        early = nvram.number("qos_pfifo") in _EARLY_DROP
        lines = nvram.line(*self._dialect.rate_keys, "qos_orates")
        queues = facts.classes.queues(rate, early_drop=early)
        return Queuing(queues, rate * 1000 if rate else None, lines)

    def _interfaces(self, facts: _Facts) -> tuple[InterfaceQos, ...]:
        first = InterfaceQos(
            self._wan or _UNNAMED,
            egress=(facts.egress,),
            queuing=self._queuing(facts),
            egress_policy=QOSO,
            lines=self._nvram.line("qos_enable"),
        )
        why = "the classes of a second WAN are not read"
        named = (f"wan{number}_{end}" for number in (2, 3, 4) for end in ("iface", "ifname"))
        unclear = Stage(QOSO, (Rule(ANY, (Unclear(why),), lines=self._nvram.line(*named)),))
        return (first, *(InterfaceQos(name, egress=(unclear,)) for name in self._further_wans()))

    def _inbound(self) -> tuple[Stage, ...]:
        """Inbound a packet has the class of its connection, which its header does not show."""
        rates = self._nvram.find("qos_irates")
        if rates is None or not any(_leading_number(part) for part in rates.value.split(",")):
            return ()
        why = "inbound packets are queued by the class that their connection got outbound"
        rule = Rule(self._from_wan(), (Unclear(why),), lines=(rates.line,))
        return (Stage("inbound classes", (rule,)),)

    def _other(self, facts: _Facts) -> InterfaceQos:
        """Where the text does not name the WAN, any interface but a LAN bridge may be it."""
        if self._wan:
            return InterfaceQos("*")
        guarded = Rule(self._to_wan(), body=facts.egress.rules)
        return InterfaceQos("*", egress=(Stage(facts.egress.name, (guarded,)),))

    def _policies(self, facts: _Facts, on: bool) -> tuple[PolicyQos, ...]:
        """The outbound classes by themselves, in force or not."""
        if self._nvram.find("qos_orules") is None and not on:
            return ()
        alone = new_reader().ruleset
        add_outbound(alone, facts.outbound, ANY)
        bound = ((self._wan or _UNNAMED, "out"),) if on else ()
        return (
            PolicyQos(
                QOSO,
                "tomato outbound classification",
                (*stages(alone), facts.egress),
                self._queuing(facts),
                bound,
                self._nvram.line("qos_orules", "qos_default", "qos_orates"),
            ),
        )

    def _book(self, rules: RuleList) -> None:
        for item in self._nvram.settings:
            if _KNOWN.fullmatch(item.key):
                self._lines.qos(item.line)
                self._lines.understood(item.line)
            elif _LIMITER.fullmatch(item.key):
                self._limiter(item)
            elif item.key.startswith("script_") and item.key != _SCRIPT:
                why = f"{item.key} runs at another time than the firewall's rules are loaded"
                self._stray(item.numbered_lines, why)
            elif _QOS.fullmatch(item.key) and item.value:
                self._unknown(item, "this setting is not known")
        self._stray(self._nvram.bare, "stands in no setting that we know")
        self._valueless()
        found = self._nvram.find("qos_orules")
        for number, text, why in rules.unread if found else ():
            self._lines.unread(found.line if found else 0, f"rule {number}: {text}", why)

    def _stray(self, lines: Iterable[tuple[int, str]], why: str) -> None:
        """Shell that may change the treatment, and of which nobody knows whether it does."""
        for number, text in lines:
            if self._lines.stopped_at is None and bears_on_qos(text):
                self._lines.unread(number, text, why)
                mark_unread(self._reader.ruleset, number, text.strip())

    def _valueless(self) -> None:
        """Settings that a list names without their values may be set to anything."""
        named = [
            (number, name)
            for number, text in self._nvram.bare
            if _KNOWN.fullmatch(name := text.strip()) or name == _SCRIPT
            if self._nvram.find(name) is None
        ]
        if named:  # one of them is enough to say that nothing is known
            number, name = named[0]
            mark_unread(self._reader.ruleset, number, f"{name} is named without its value")
            self._notes.append(
                f"{len(named)} of the settings are named without a value, which may be any"
            )

    def _limiter(self, item: Setting) -> None:
        prefix = _LIMITER.fullmatch(item.key)
        enabled = prefix is not None and self._nvram.number(f"{prefix[1]}_enable")
        if enabled and item.value:
            self._unknown(item, "the bandwidth limiter is on, which is not read")
            return
        self._lines.qos(item.line)
        self._lines.understood(item.line)

    def _unknown(self, item: Setting, why: str) -> None:
        text = f"{item.key}={item.value.splitlines()[0]}"
        self._lines.unread(item.line, text, why)
        mark_unread(self._reader.ruleset, item.line, text)

    def _remarks(self, on: bool) -> None:
        nvram = self._nvram
        if on:
            self._notes.append(FIRST_PACKETS)
            if not self._wan:
                self._notes.append(
                    "the text does not name the WAN interface (wan_iface, wan_ifname): every "
                    "interface but " + ", ".join(self._lan) + " is taken for it"
                )
        elif nvram.find("qos_orules") is not None:
            self._notes.append(
                "QoS is switched off (qos_enable is not 1): the router treats all packets alike; "
                f"policy {QOSO} is what it would do if it were switched on"
            )

    def _further_wans(self) -> tuple[str, ...]:
        found = (_wan_name(self._nvram, prefix) for prefix in ("wan2", "wan3", "wan4"))
        return tuple(dict.fromkeys(name for name in found if name and name != self._wan))


def _wan_name(nvram: Nvram, prefix: str = "wan") -> str:
    """The interface by which packets leave: of a tunnel its own, not the port under it."""
    name = nvram.text(f"{prefix}_iface")
    if not name and prefix == "wan" and nvram.text("wan_proto") in _TUNNELLED:
        name = "ppp0"
    return name or nvram.text(f"{prefix}_ifname")


def _leading_number(text: str) -> int:
    found = re.match(r"\s*(\d{1,9})", text, re.ASCII)
    return int(found[1]) if found else 0
