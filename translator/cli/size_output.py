"""What becomes of sizes: the view on stdout, the shares of one link in a file, an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from translator.cli.options import Format
from translator.cli.output import emit_json, note
from translator.cli.size_view import numbered_sources, show_size, show_sources, size_json
from translator.errors import UsageError
from translator.outfile import write_file
from translator.plan.checks.finding import Severity
from translator.plan.load import load_plan, preset_names
from translator.plan.model import Plan
from translator.sizing.judge import findings_of
from translator.sizing.model import Link
from translator.sizing.plan_text import plan_of_link
from translator.sizing.size import LinkSize, size_link

__all__ = ["tell_sizes"]


def tell_sizes(links: Sequence[Link], named: str, target: str | None, output: Format) -> int:
    """Write the plan that is asked for, print the sizes, and return the exit code.

    Raises:
        UsageError: a plan is asked for several links, or cannot be written.
        PlanError: the plan cannot be read.
    """
    plan = load_plan(named)
    found = [(size, findings_of(size)) for size in (size_link(link, plan) for link in links)]
    if target is not None:
        _write_plan([size for size, _ in found], plan, named, target)
    if output is Format.JSON:
        emit_json([size_json(size, findings) for size, findings in found])
    else:
        numbers = numbered_sources(size for size, _ in found)
        for size, findings in found:
            show_size(size, findings, numbers)
        show_sources(numbers)
    return int(any(item.severity is not Severity.INFO for _, items in found for item in items))


def _write_plan(sizes: Sequence[LinkSize], plan: Plan, named: str, target: str) -> None:
    if len(sizes) > 1:
        raise UsageError(
            f"a plan is for one link, not for {len(sizes)}",
            hint="add --only NAME, or give interfaces of an inventory the shares that are shown",
        )
    preset = named if named in preset_names() and not Path(named).is_file() else None
    write_file(Path(target), [plan_of_link(sizes[0], plan, preset)])
    note(f"wrote {target}")
