"""The table of platforms: abilities from the registry, figures from the measured corpus."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from translator.drivers.registry import drivers
from translator.intents.capabilities import Feature

__all__ = ["HEADINGS", "PlatformRow", "platform_rows"]

HEADINGS: Final = (
    "platform",
    "what it is",
    "marks",
    "queues",
    "IPv6",
    "also known as",
    "real QoS lines understood",
)


@dataclass(frozen=True, slots=True)
class PlatformRow:
    """One platform as users choose between them.

    Attributes:
        marks: where packets are marked: `in`, `out` or nowhere.
        queues: number of queues; 0 where it has none.
        qos_lines, understood: figures over the corpus of real configurations; 0 of 0 where there
            is no corpus of its own.
        foreign: further QoS lines of that corpus, in languages that the driver does not read.
    """

    platform: str
    title: str
    marks: str
    queues: int
    ipv6: bool
    aliases: tuple[str, ...]
    qos_lines: int
    understood: int
    foreign: int

    def cells(self) -> tuple[str, ...]:
        """Return the row as text, in the order of the headings."""
        share = "-"
        if self.qos_lines:
            share = f"{100 * self.understood / self.qos_lines:.1f} % of {self.qos_lines:,}"
        if self.foreign:
            share += f"; none of {self.foreign:,} in other languages"
        return (
            self.platform,
            self.title,
            self.marks,
            str(self.queues) if self.queues else "no",
            "yes" if self.ipv6 else "no",
            ", ".join(self.aliases) or "-",
            share,
        )


def platform_rows() -> tuple[PlatformRow, ...]:
    """Return a row for each registered driver, sorted by name."""
    shares = _corpus_shares()
    rows = []
    for driver in drivers():
        able = driver.capabilities
        session = driver.session
        names = dict.fromkeys((session.netmiko, session.napalm, *session.ansible))
        qos_lines, understood, foreign = shares.get(driver.platform, (0, 0, 0))
        rows.append(
            PlatformRow(
                platform=driver.platform,
                title=driver.title,
                marks="in" if able.has(Feature.MARK_INGRESS) else _out(able.features),
                queues=able.queues if able.has(Feature.QUEUE) else 0,
                ipv6=able.has(Feature.IPV6),
                aliases=tuple(name for name in names if name and name != driver.platform),
                qos_lines=qos_lines,
                understood=understood,
                foreign=foreign,
            )
        )
    return tuple(rows)


def _out(features: Feature) -> str:
    return "out" if Feature.MARK_AT_EGRESS in features else "no"


@cache
def _corpus_shares() -> dict[str, tuple[int, int, int]]:
    """QoS, understood and foreign lines by platform, as last measured and committed."""
    text = (resources.files("translator.inventory") / "corpus_share.json").read_text("utf-8")
    return {
        name: (item["qos_lines"], item["understood"], item.get("foreign", 0))
        for name, item in json.loads(text).items()
    }
