"""One self-contained HTML page: for a change board, offline, and printable.

The page loads nothing. Its policy admits one style sheet and two scripts, named by their hashes,
so that text out of a configuration could not act even if it were not escaped. Devices beyond
the first are packed, and unpacked where they are looked at.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from translator.audit.model import DeviceAudit
from translator.audit.reports.heading import Heading
from translator.audit.reports.html.chart import chart
from translator.audit.reports.html.device import DeviceView
from translator.audit.reports.html.fleet import Fleet
from translator.audit.reports.html.index import index_json
from translator.audit.reports.html.rows import wordings
from translator.audit.reports.html.words import GLOSSARY, MARKS, finished, joined_names, with_code
from translator.plan.model import Plan

if TYPE_CHECKING:
    from jinja2 import Environment, Template

__all__ = ["write"]

_PAGE: Final = Path(__file__).parent / "page"
_SHOWN: Final = 40
"""Devices whose findings are on the page itself, and so there without JavaScript."""
_PER_PACK: Final = 25
_PACKED_BYTES: Final = 24 * 2**20
"""What all packs may take; devices come worst first, and later ones are then left out."""


def write(
    heading: Heading, devices: Iterable[DeviceAudit], plan: Plan | None = None
) -> Iterator[str]:
    """Yield the page in pieces.

    Args:
        plan: tells what its rows say; without it the page shows their ids only.
    """
    fleet = Fleet(devices, plan)
    environment = _environment()
    style, head, script = (
        (_PAGE / name).read_text(encoding="utf-8")
        for name in ("report.css", "theme.js", "report.js")
    )
    rows = wordings(plan)
    section = environment.get_template("device.html.j2")
    yield from environment.get_template("report.html.j2").generate(
        heading=heading,
        plan=plan,
        fleet=fleet,
        policy=_policy([style], [head, script]),
        style=style,
        head_script=head,
        script=script,
        marks=MARKS,
        glossary=GLOSSARY,
        chart=chart(fleet.port_rows, len(fleet.devices)),
        sections=_sections(fleet, section, rows, range(min(_SHOWN, len(fleet.devices)))),
        packs=_packs(fleet, section, rows),
        index=index_json(fleet, shown=_SHOWN, per_pack=_PER_PACK),
        shown=_SHOWN,
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_PAGE),
        autoescape=True,
        finalize=finished,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["joined_names"] = joined_names
    environment.filters["with_code"] = with_code
    return environment


def _policy(styles: list[str], scripts: list[str]) -> str:
    """Return a content security policy that admits exactly these texts, and no network."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {' '.join(map(_hash, styles))}",
            f"script-src {' '.join(map(_hash, scripts))}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _sections(
    fleet: Fleet, section: Template, rows: dict[str, str], numbers: Iterable[int]
) -> Iterator[str]:
    """Yield the section of each device, escaped."""
    for number in numbers:
        device = fleet.device(number)
        yield section.render(
            view=DeviceView(number, device, rows),
            classes=fleet.classes,
            marks=MARKS,
            chart=chart(DeviceView.port_rows(device), 1),
        )


def _packs(fleet: Fleet, section: Template, rows: dict[str, str]) -> Iterator[str]:
    """Yield the other sections, some at a time, as base64 of what zlib makes of them."""
    import zlib

    left = _PACKED_BYTES
    for first in range(_SHOWN, len(fleet.devices), _PER_PACK):
        numbers = range(first, min(first + _PER_PACK, len(fleet.devices)))
        text = "".join(_sections(fleet, section, rows, numbers))
        pack = base64.b64encode(zlib.compress(text.encode(), 6)).decode("ascii")
        left -= len(pack)
        if left < 0:
            return
        yield pack
