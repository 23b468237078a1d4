"""`exported-plan.yaml` of an export: the plan itself, with which an import of the files begins.

What servers and hosts take has no place for the order of rows, for queues, or for rows that no
program stands behind. A comment in a script or a registry file would be no better place: neither
PowerShell nor the registry keeps it, so it would say something only of files that nobody applied.
"""

from __future__ import annotations

from typing import Final

from translator.endpoint.formats.registry import EndpointFormat, Source
from translator.endpoint.settings import ExportedText, Settings
from translator.errors import Where
from translator.plan.dump import dump_plan
from translator.plan.load import parse_tree
from translator.plan.model import Plan

__all__ = ["FORMAT", "exported_plan_text"]

# Any plan may lie in a folder that is imported; only this one is what the files were made of.
_MARK: Final = "# Exported plan: what the files of this folder say goes before it."


def exported_plan_text(plan: Plan) -> str:
    """Return the plan as a file that `plan import` knows as the source of the files beside it."""
    return f"{_MARK}\n{dump_plan(plan)}"


def _fits(source: Source) -> bool:
    return source.text.startswith(_MARK)


def _read(source: Source) -> Settings:
    parse_tree(source.text, source.file)  # no plan is this file's error, before others are read
    return (ExportedText(source.text, Where(source.file, 1)),)


FORMAT: Final = EndpointFormat(
    name="exported-plan",
    title="its exported-plan.yaml",
    group="an export",
    fits=_fits,
    read=_read,
    write=None,
    holds=lambda _setting: False,
    extension=".yaml",
)
