"""What the page's filters know: every device in a few numbers, words only once."""

from __future__ import annotations

from typing import Final

from translator.audit.model import Judgement, Severity
from translator.audit.reports.html.fleet import Facet, Fleet
from translator.audit.reports.jsontext import json_text
from translator.audit.reports.words import shortened, spelled

__all__ = ["index_json"]

_LONGEST: Final = 400
_JUDGEMENTS: Final = [str(item) for item in Judgement]


class _Numbers:
    """Gives equal values the same number, in the order in which they come."""

    def __init__(self) -> None:
        self.of: dict[object, int] = {}

    def number(self, value: object) -> int:
        return self.of.setdefault(value, len(self.of))


def index_json(fleet: Fleet, *, shown: int, per_pack: int) -> str:
    """Return the index as JSON that can stand in a script element.

    Args:
        shown: devices whose sections are on the page itself.
        per_pack: devices in each pack behind them.
    """
    texts, facets = _Numbers(), _Numbers()
    patterns = {pattern: number for number, pattern in enumerate(fleet.patterns)}
    devices = [
        [
            _told(device.name),
            _told(device.file),
            _told(device.platform),
            device.site,
            patterns[fleet.pattern(device)],
            [facets.number(_facet(item, texts)) for item in device.facets],
            [device.count(severity) for severity in Severity],
            device.repair,
        ]
        for device in fleet.devices
    ]
    text = json_text(
        {
            "shown": shown,
            "perPack": per_pack,
            "grouped": fleet.grouped,
            "classes": [_told(name) for name in fleet.classes],
            "judgements": _JUDGEMENTS,
            "patterns": [[_number(item) for item in pattern] for pattern in fleet.patterns],
            "devices": devices,
            "facets": list(facets.of),
            "texts": list(texts.of),
        }
    )
    # In a script element only "<" can begin an end tag or a comment.
    return text.replace("<", "\\u003c")


def _told(text: str) -> str:
    return spelled(shortened(text, _LONGEST))


def _facet(facet: Facet, texts: _Numbers) -> tuple[str, str, str, int]:
    kind, severity, traffic_class, message = facet
    return kind, str(severity), _told(traffic_class), texts.number(_told(message))


def _number(judgement: Judgement | None) -> int:
    return -1 if judgement is None else _JUDGEMENTS.index(judgement)
