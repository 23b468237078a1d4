"""What becomes of an audit: the view or a report on stdout, reports in files, an exit code."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from translator import __version__
from translator.audit.codec import Packed
from translator.audit.reports import REPORTS, Heading
from translator.audit.summary import Summary
from translator.cli.audit_options import ReportFormat
from translator.cli.audit_view import show_audit
from translator.cli.output import note
from translator.outfile import write_file
from translator.plan.model import Plan

__all__ = ["show_or_write"]


def show_or_write(
    audits: Packed,
    plan: Plan,
    output: ReportFormat,
    asked: Sequence[tuple[str, Path]],
    *,
    everything: bool,
) -> int:
    """Write the reports that are asked for, print the audit, and return the exit code.

    Raises:
        UsageError: a file cannot be written; it is then as it was.
    """
    for name, path in asked:
        write_file(path, REPORTS[name].write(_heading(plan, name), audits, plan))
        note(f"wrote {path}")
    heading = _heading(plan, output.value)
    if output is ReportFormat.TEXT:
        show_audit(heading, audits, everything=everything)
    else:
        for piece in REPORTS[output.value].write(heading, audits, plan):
            sys.stdout.write(piece)
    return Summary.of(audits).exit_code


def _heading(plan: Plan, report: str) -> Heading:
    """A page for people says when it was made; other reports are equal when the audits are.

    Source: `SOURCE_DATE_EPOCH` is the reproducible-builds convention for the time to write.
    """
    made = ""
    if report == ReportFormat.HTML.value:
        seconds = float(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
        made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
    return Heading(plan.name, __version__, made, root=str(Path.cwd()))
