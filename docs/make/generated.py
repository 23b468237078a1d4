"""All that is generated, by file name below `docs/`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from docs.make import api, commands, endpoint_findings, exit_codes, pictures, platforms
from translator.audit import handbook as findings
from translator.counters import handbook as counters
from translator.plan import handbook as presets
from translator.push.live import handbook as live

__all__ = ["DOCS", "generated"]

DOCS: Final = Path(__file__).resolve().parents[1]


def generated() -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield (file, what makes its text) of each generated page and picture."""
    yield "api.md", api.page
    yield "commands.md", commands.page
    yield "exit-codes.md", exit_codes.page
    yield "presets.md", presets.handbook
    yield "endpoint-findings.md", endpoint_findings.page
    yield "findings.md", findings.handbook
    yield "counters.md", counters.handbook
    yield "commands-live.md", live.handbook
    yield from ((f"platforms/{name}.md", text) for name, text in platforms.pages())
    yield from ((f"pictures/{name}.svg", text) for name, text in pictures.pictures())
