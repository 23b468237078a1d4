"""A translation for people and programs: what rests on what, and what was left behind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from translator.audit.semdiff.ways import Text
from translator.audit.translation import Translated
from translator.audit.translation.proof import Remainder
from translator.cli.counted import counted
from translator.cli.output import note
from translator.cli.texts_input import pairs_of
from translator.drivers.base import DescribesPorts, Driver
from translator.errors import UsageError
from translator.intents.compile import parse_rate
from translator.verify.names import spelled_out

__all__ = ["rates_of", "show_notes", "translated_json"]


def rates_of(
    texts: Iterable[str] | None, text: Text, reader: Driver, content: str
) -> dict[str, int]:
    """Return the rates of lines: those that are given, else those that the text states.

    Raises:
        UsageError: no `IF=RATE`, or no such interface in the text.
    """
    found: dict[str, int] = {}
    if isinstance(reader, DescribesPorts):
        for port in reader.ports(content):
            rate_bps = port.circuit_bps or port.line_bps
            if rate_bps is not None:
                found[port.name] = rate_bps
    for item in texts or ():
        for name, rate in pairs_of([item], "--rate", "Gi0/0=10M").items():
            full = spelled_out(text.device, name)
            if full not in text.names:
                known = ", ".join(text.names) or "none"
                raise UsageError(
                    f"the text has no QoS for interface {name}", hint=f"it has for: {known}"
                )
            found[full] = parse_rate(rate)
    return found


def show_notes(done: Translated) -> None:
    """Tell stderr what was left out, which packets differ for it, and what the proof rests on."""
    for item in done.left_out:
        note(f"left out: {item}")
    for rest in done.remainders:
        note(f"differs for it: {rest}")
        note(f"  such as {rest.packet}")
    for sentence in done.notes:
        note(f"assumed: {sentence}")
    ways = counted(len(done.ways), "way")
    what = "all packets that were carried over" if done.left_out else "all packets"
    note(f"proved: {ways} between interfaces, {what}")


def translated_json(done: Translated, platform: str) -> dict[str, Any]:
    """Return the text with its proof, and all that was left out."""
    return {
        "platform": platform,
        "config": done.rendered.config,
        "removal": done.rendered.removal,
        "by_hand": list(done.rendered.instructions),
        "files": dict(done.rendered.files),
        "interfaces": [{"source": twin.a, "target": twin.b} for twin in done.names],
        "ways": [str(way) for way in done.ways],
        "left_out": [{"what": x.what, "lines": list(x.lines)} for x in done.left_out],
        "differs": [_remainder_json(item) for item in done.remainders],
        "notes": list(done.notes),
    }


def _remainder_json(item: Remainder) -> dict[str, Any]:
    return {
        "way": str(item.way),
        "box": item.box,
        "packet": str(item.packet),
        "source": item.source,
        "target": item.target,
    }
