"""What an import found, as text or JSON on stderr: stdout has the plan."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from translator.cli.output import note, plain, visible
from translator.endpoint.findings.finding import EndpointFinding

__all__ = ["show_import_findings"]

_REPAIRED: Final = "table-repaired"


def show_import_findings(findings: Iterable[EndpointFinding], *, as_json: bool) -> None:
    """Print each finding with its places and its cure; repairs of a table take one line."""
    if as_json:
        note(json.dumps(plain(list(findings)), indent=2))
        return
    for item in findings:
        if item.id == _REPAIRED:
            note(visible(f"repaired: {item.places[0]}: {item.message}", keep=""))
            continue
        note(visible(str(item), keep=""))
        for place in item.places[1:]:
            note(visible(f"  see also: {place}", keep=""))
        note(visible(f"  cure: {item.cure}", keep=""))
