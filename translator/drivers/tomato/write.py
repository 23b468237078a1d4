"""Writes the settings of one router, and the scripts that put them in and take them out."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from translator.drivers.base import Rendered, refuse
from translator.drivers.line import Line, safe
from translator.drivers.templates import fill
from translator.drivers.tomato.dialect import CLASS_COUNT, RULE_MARK, Dialect
from translator.drivers.tomato.write_rules import OUR_TAG, RULES_LENGTH, describe, written_rules
from translator.drivers.tomato.write_script import (
    BEGIN_BLOCK,
    END_BLOCK,
    INTERFACE_NAME,
    SCRIPT_LENGTH,
    written_script,
)
from translator.errors import UnsupportedIntentError
from translator.intents.match import Match
from translator.intents.model import (
    ClassifierRule,
    DeviceIntents,
    InterfaceIntents,
    QueueIntent,
    QueuingIntent,
    Role,
    TrafficClass,
)
from translator.intents.pipeline import Service

__all__ = ["DEFAULT_INDEX", "SETTING", "write_device"]

SETTING: Final = Line("{key:word}={value:rest}")
# Class 0 is Tomato's own for control traffic, class 8 its factory's default class.
DEFAULT_INDEX: Final = 8
_FIRST_INDEX: Final = 1
_NAME_LENGTH: Final = 12
_UNNAMED_WAN: Final = "wan"
_RATE_KBPS: Final = range(10, 100_000_000)  # source: httpd/tomato.c of Tomato64
# Off, because they put packets of the default queue into class 0, before audio.
_CONTROL_KEYS: Final = ("qos_ack", "qos_syn", "qos_fin", "qos_rst", "qos_icmp")


@dataclass(frozen=True, slots=True)
class _Classes:
    """Which class index each queue has, and the ten names and rates."""

    index_of: dict[str, int]
    names: tuple[str, ...]
    rates: tuple[str, ...]


def write_device(platform: str, title: str, dialect: Dialect, intents: DeviceIntents) -> Rendered:
    """Return settings, scripts and instructions.

    Raises:
        UnsupportedIntentError: an intent cannot be expressed exactly.
    """
    _check_names(platform, intents)
    wan = _wan(platform, intents)
    script = written_script(platform, intents.interfaces, before_classes=_by_code_point(wan))
    classes = _classes(platform, wan.queuing) if wan and wan.queuing else None
    rules = () if wan is None or classes is None else _rules(platform, dialect, wan, classes)
    scalars = _scalars(dialect, wan)
    values = {
        "plan": safe(intents.plan, "plan name"),
        "device": safe(intents.device, "device name"),
        "title": title,
        "wan": shlex.quote(wan.name) if wan and wan.name != _UNNAMED_WAN else "",
        **_script_values(scalars, classes, rules, script),
    }
    files = [("apply.sh", fill("tomato/apply.j2", **values))]
    if script:
        files.append(("script_fire.sh", script + "\n"))
    return Rendered(
        config=_config(wan, scalars, classes, rules, script),
        removal=fill("tomato/remove.j2", **values),
        instructions=_instructions(dialect, wan, classes, rules, script),
        files=tuple(files),
    )


def _script_values(
    scalars: Mapping[str, str], classes: _Classes | None, rules: tuple[str, ...], script: str
) -> dict[str, object]:
    """What the scripts are filled with; every value is quoted for the shell."""
    indexes = sorted(classes.index_of.values()) if classes else []
    return {
        "scalars": {key: shlex.quote(value) for key, value in scalars.items()},
        "names": shlex.quote(" ".join(classes.names)) if classes else "",
        "rates": shlex.quote(",".join(classes.rates)) if classes else "",
        "indexes": " ".join(str(index + 1) for index in indexes),  # awk counts from 1
        "rules": shlex.quote(RULE_MARK.join(rules)) if rules else "",
        "script": shlex.quote(script) if script else "",
        "tag": shlex.quote(OUR_TAG),
        "begin": shlex.quote(BEGIN_BLOCK),
        "end": shlex.quote(END_BLOCK),
        "rules_length": RULES_LENGTH,
        "script_length": SCRIPT_LENGTH,
    }


def _check_names(platform: str, intents: DeviceIntents) -> None:
    for item in intents.interfaces:
        if not INTERFACE_NAME.fullmatch(item.name):
            raise refuse(
                platform,
                f"interface {item.name!r}",
                "the router's names have at most 15 letters, digits and . _ -",
                nearest="the LAN is br0; the WAN is named on the page Status > Overview (vlan2, "
                "eth0, ppp0), or write wan",
            )


def _wan(platform: str, intents: DeviceIntents) -> InterfaceIntents | None:
    """Return the one interface that queues."""
    queuing = [item for item in intents.interfaces if item.queuing is not None]
    if len(queuing) > 1:
        raise refuse(
            platform,
            f"queues on {' and '.join(item.name for item in queuing)}",
            "its classes exist on the WAN only",
            nearest="give one interface the role internet or wan, the LAN the role client",
        )
    for item in queuing:
        if item.role is Role.UPLINK:
            raise refuse(
                platform,
                f"queues on {item.name} without shaping",
                "its classes exist on the WAN only, below the rate that the WAN is shaped to",
                nearest=f"{item.name}=wan:RATE or {item.name}=internet:RATE",
            )
        return item
    return None


def _by_code_point(wan: InterfaceIntents | None) -> bool:
    return wan is not None and wan.queuing is not None and not wan.egress_classifier


def _classes(platform: str, queuing: QueuingIntent) -> _Classes:
    *others, default = queuing.queues
    _check_services(platform, others, default)
    index_of = {queue.name: index for index, queue in enumerate(others, _FIRST_INDEX)}
    index_of[default.name] = DEFAULT_INDEX
    names = ["Service", *(f"Class{index + 1}" for index in range(1, CLASS_COUNT))]
    rates = ["5-100", *["0-0"] * (CLASS_COUNT - 1)]  # class 0 as the factory has it
    for queue in queuing.queues:
        index = index_of[queue.name]
        names[index] = _title(queue.name, names)
        ceiling = queue.percent if queue.service is Service.PRIORITY else 100
        rates[index] = f"{queue.percent}-{ceiling}"
    return _Classes(index_of, tuple(names), tuple(rates))


def _check_services(platform: str, others: list[QueueIntent], default: QueueIntent) -> None:
    wanted = [Service.PRIORITY, *[Service.GUARANTEED] * (len(others) - 1)]
    found = [queue.service for queue in others]
    if len(others) >= DEFAULT_INDEX - _FIRST_INDEX + 1:
        why = f"{len(others)} queues beside the default one; classes 1 to 7 are free for them"
    elif others and found != wanted:
        why = "it serves its first class before all others and each further class by its share"
    elif default.service is not Service.BEST_EFFORT:
        why = "its default class is served as best effort"
    else:
        return
    services = ", ".join(f"{queue.name} {queue.service}" for queue in (*others, default))
    raise refuse(
        platform,
        f"the queues {services}",
        why,
        nearest="one priority queue, then guaranteed ones, and a best-effort default",
    )


def _title(name: str, taken: list[str]) -> str:
    """Return a class name without blanks, at most 12 characters, that no other class has."""
    words = re.split(r"[^A-Za-z0-9]+", name)
    title = "".join(word[:1].upper() + word[1:] for word in words)[:_NAME_LENGTH] or "Class"
    number = 2
    while title in taken:
        title = f"{title[: _NAME_LENGTH - 2]}-{number}"
        number += 1
    return title


def _rules(
    platform: str, dialect: Dialect, wan: InterfaceIntents, classes: _Classes
) -> tuple[str, ...]:
    if wan.egress_classifier:
        return written_rules(platform, dialect, wan.egress_classifier, classes.index_of)
    queues = wan.queuing.queues if wan.queuing else ()
    by_code_point = [
        ClassifierRule(
            Match(code_points=queue.code_points), TrafficClass(queue.name, None), (), queue.name
        )
        for queue in queues
        if queue.code_points
    ]
    return written_rules(platform, dialect, by_code_point, classes.index_of)


def _scalars(dialect: Dialect, wan: InterfaceIntents | None) -> dict[str, str]:
    if wan is None or wan.queuing is None:
        return {}
    found = {"DSCP_fix_enable": "0", "qos_enable": "1"}
    if dialect.newer_keys:
        found |= {"qos_mode": "1", "qos_classify": "1"}
    found |= dict.fromkeys(_CONTROL_KEYS, "0")
    rate_bps = wan.queuing.shaping_bps or wan.link_bps
    if rate_bps is not None:
        found |= dict.fromkeys(dialect.rate_keys, str(_kbps(wan.name, rate_bps)))
    return found | {"qos_default": str(DEFAULT_INDEX)}


def _kbps(name: str, rate_bps: int) -> int:
    if rate_bps % 1000 or rate_bps // 1000 not in _RATE_KBPS:
        raise UnsupportedIntentError(
            f"Tomato cannot shape {name} to {rate_bps} bit/s: it takes whole kbit/s from "
            f"{_RATE_KBPS[0]} to {_RATE_KBPS[-1]}",
            hint="write the rate in kbit/s, such as 9500k",
        )
    return rate_bps // 1000


def _config(
    wan: InterfaceIntents | None,
    scalars: Mapping[str, str],
    classes: _Classes | None,
    rules: tuple[str, ...],
    script: str,
) -> str:
    """What `nvram show` prints of our settings on a router that has no other rules."""
    settings: dict[str, str] = {}
    if wan is not None:
        settings["wan_iface"] = wan.name
    settings |= scalars
    if classes is not None:
        settings["qos_classnames"] = " ".join(classes.names)
        settings["qos_orates"] = ",".join(classes.rates)
    if rules:
        settings["qos_orules"] = RULE_MARK.join(rules)
    lines = [SETTING.write(key=key, value=value) for key, value in settings.items()]
    return fill("tomato/nvram.j2", settings=lines, script=script)


def _instructions(
    dialect: Dialect,
    wan: InterfaceIntents | None,
    classes: _Classes | None,
    rules: tuple[str, ...],
    script: str,
) -> tuple[str, ...]:
    steps = [
        "Either copy apply.sh to the router's /tmp and run it (sh /tmp/apply.sh), or do the steps "
        "below by hand. Until `nvram commit` a restart of the router brings the old settings back."
    ]
    if wan is not None and classes is not None:
        steps.extend(_queue_steps(wan, classes))
    if rules and classes:
        steps.append(
            "QoS > Classification: add these rules and move them above all others, since the "
            "first match decides and the factory's last rule takes all UDP:"
        )
        steps.extend(f"  {describe(dialect, rule, classes.names)}" for rule in rules)
        steps.append(
            "All rules that the router has stay behind ours. Where they use one of the classes "
            "above, its new share holds for them too."
        )
    if script:
        steps.append(
            "Administration > Scripts > Firewall: add the text of script_fire.sh at the end, "
            "save, and restart the router or run: service firewall restart"
        )
    return tuple(steps)


def _queue_steps(wan: InterfaceIntents, classes: _Classes) -> list[str]:
    shares = ", ".join(
        f"{index + 1} {classes.names[index]} {classes.rates[index]} %"
        for index in sorted(classes.index_of.values())
    )
    rate = wan.queuing.shaping_bps or wan.link_bps if wan.queuing else None
    outbound = f"{rate // 1000} kbit/s" if rate else "90 % of the upload rate you measure"
    return [
        f"QoS > Basic Settings: enable QoS; outbound rate {outbound}; inbound rate: 90 % of the "
        "download rate you measure (we leave it as it is); default class "
        f"{classes.names[DEFAULT_INDEX]}; no small packets or ICMP first.",
        f"QoS > Basic Settings: outbound classes (number, name, rate-limit): {shares}. The share "
        "of the first one is also its limit: raise it in the plan if it holds too few calls.",
        "Advanced > Miscellaneous: CTF / hardware acceleration off, or packets pass QoS by.",
    ]
