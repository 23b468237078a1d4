"""The ten classes of Tomato's outbound scheduler: names, shares, and how each is served.

Class i is HTB class 1:(i+1)*10 with `prio i+1`, so what is left over goes to the lower index
first. From that a class is, in the words of the neutral form:

- `best-effort`: the default class (`qos_default`);
- `priority`: class 0, which Tomato keeps for control traffic, and the first other class that is
  on: nothing but control traffic is served before it;
- `scavenger`: a class behind the default class with a smaller share than that one;
- `guaranteed`: any other class; each has a share of its own.

A class whose rate is 0 is off: its packets fall into the default class.

Source: `start_qos` in rc/qos.c of FreshTomato.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from translator.drivers.tomato.dialect import CLASS_COUNT
from translator.intents.device import QueueClass
from translator.intents.pipeline import Service

__all__ = ["UNSHAPED", "ClassTable", "QosClass", "rates_of", "read_classes"]

# Where the default class is off too, HTB lets packets pass without a queue of their own.
UNSHAPED: Final = "unshaped"
_RATE: Final = re.compile(r"\s*(\d{1,9})-(\d{1,9})", re.ASCII)
_LEAST_KBPS: Final = 2


@dataclass(frozen=True, slots=True)
class QosClass:
    """One class that is on; shares in percent of the WAN's outbound rate, ceiling 0: none."""

    index: int
    name: str
    service: Service
    rate_percent: int
    ceiling_percent: int


@dataclass(frozen=True, slots=True)
class ClassTable:
    """The classes that are on, by index."""

    classes: tuple[QosClass, ...]
    names: tuple[str, ...]
    default_index: int

    @property
    def default(self) -> tuple[str, Service]:
        """Class name and service of what belongs to no other class."""
        for item in self.classes:
            if item.index == self.default_index:
                return item.name, item.service
        return UNSHAPED, Service.BEST_EFFORT

    def queues(self, rate_kbps: int, *, early_drop: bool) -> tuple[QueueClass, ...]:
        """Return the classes as a scheduler's, strictest first."""
        return tuple(
            QueueClass(
                name=item.name,
                service=item.service,
                percent=float(item.rate_percent),
                rate_bps=_share_bps(rate_kbps, item.rate_percent),
                limit_percent=float(item.ceiling_percent) if item.ceiling_percent else None,
                congestion_avoidance=early_drop,
            )
            for item in self.classes
        )


def _share_bps(rate_kbps: int, percent: int) -> int | None:
    """Source: `calc` in rc/qos.c: whole kbit/s, at least 2; unknown without a rate."""
    return 1000 * max(_LEAST_KBPS, rate_kbps * percent // 100) if rate_kbps else None


def rates_of(value: str) -> tuple[tuple[int, int] | None, ...]:
    """Return (rate, ceiling) of the ten classes of `qos_orates`; None where a class is off."""
    found: list[tuple[int, int] | None] = []
    for part in value.split(",")[:CLASS_COUNT]:
        pair = _RATE.match(part)
        on = pair is not None and int(pair[1]) >= 1
        found.append((int(pair[1]), int(pair[2])) if pair is not None and on else None)
    return (*found, *[None] * (CLASS_COUNT - len(found)))


def read_classes(names: str, rates: str, default: int, filled: set[int]) -> ClassTable:
    """Return the classes.

    Args:
        names: value of `qos_classnames`; names are split at blanks, so a name with a blank in it
            shifts all that follow.
        rates: value of `qos_orates`.
        default: value of `qos_default`.
        filled: indexes of the classes that a rule fills.
    """
    default = default if 0 <= default < CLASS_COUNT else 3  # source: rc/qos.c
    words = names.split()[:CLASS_COUNT]
    called = (*words, *(f"Class{index + 1}" for index in range(len(words), CLASS_COUNT)))
    shares = rates_of(rates)
    # Source: rc/qos.c: class 0 and the default class are always built, the others when used.
    built = sorted(index for index in filled | {0, default} if shares[index])
    first = next((index for index in range(1, CLASS_COUNT) if shares[index]), None)
    classes: list[QosClass] = []
    for index in built:
        rate, ceiling = shares[index] or (0, 0)
        default_rate = (shares[default] or (0, 0))[0]
        if index == default:
            service = Service.BEST_EFFORT
        elif index in (0, first) and index < default:
            service = Service.PRIORITY
        elif index > default and rate < default_rate:
            service = Service.SCAVENGER
        else:
            service = Service.GUARANTEED
        classes.append(QosClass(index, called[index], service, rate, ceiling))
    return ClassTable(tuple(classes), called, default)
