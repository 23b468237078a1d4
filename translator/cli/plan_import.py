"""`plan import`: one plan of what tables, cmdlets, sheets and hosts say."""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.options import STANDARD, Format

__all__ = ["run"]


def run(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="Files or folders; formats are seen from content."),
    ],
    base: Annotated[
        str,
        typer.Option(
            "--base", metavar="PLAN", help="The plan that gives the rows: a file or a preset."
        ),
    ] = STANDARD,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            "--scope",
            metavar="SCOPE",
            help="The scope that is meant where several differ, such as Site:Branch1; "
            "one for each kind of configuration.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Format, typer.Option("--format", help="How to print findings, on stderr.")
    ] = Format.TEXT,
) -> int:
    """Print one plan, as YAML, of what tables, cmdlets, sheets and hosts say.

    Reads Markdown and CSV tables, Excel sheets, web pages, and the output of Get-Cs... cmdlets and
    Get-NetQosPolicy, several of them in a file too. What had to be repaired and what is wrong is
    told on stderr. The exit code is 1 if there are errors or warnings.

    \b
    Examples:
      qos-translator plan import table.md > plan.yaml
      qos-translator plan import exports/ --scope Site:Branch1 > branch1.yaml
      qos-translator plan import conferencing.txt services.txt --format json > plan.yaml
    """
    from translator.cli.import_view import show_import_findings
    from translator.cli.output import emit
    from translator.endpoint.merge.assemble import import_files
    from translator.plan.check import Severity
    from translator.plan.dump import dump_plan

    found = import_files(files, base, scope or ())
    emit(dump_plan(found.plan))
    show_import_findings(found.findings, as_json=output is Format.JSON)
    return int(any(item.severity is not Severity.INFO for item in found.findings))
