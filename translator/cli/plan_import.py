"""`plan import`: one plan of what tables, cmdlets, sheets and hosts say."""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.options import Format

__all__ = ["run"]


def run(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE", help="Files or folders; formats are seen from content; - is stdin."
        ),
    ],
    base: Annotated[
        str | None,
        typer.Option(
            "--base",
            metavar="PLAN",
            help="The plan that gives the rows: a file or a preset. Without it: the "
            "exported-plan.yaml among the files, or lync-2013.",
            show_default=False,
        ),
    ] = None,
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

    Reads all that `plan export` writes: scripts of Set-Cs..., Set-CsTeamsMeetingConfiguration and
    New-NetQosPolicy, registry files of policy-based QoS and of Windows XP, Intune configurations
    (JSON). Reads what is there, too: the output of Get-Cs... cmdlets and Get-NetQosPolicy, several
    in a file, and the plan's table in Markdown, CSV, Excel (.xlsx) or a web page.

    What had to be repaired and what is wrong is told on stderr. The exit code is 1 if there are
    errors or warnings.

    \b
    Examples:
      qos-translator plan import table.md > plan.yaml
      qos-translator plan import exports/ --scope Site:Branch1 > branch1.yaml
      qos-translator plan import conferencing.txt services.txt --format json > plan.yaml
      qos-translator plan import hosts > plan.yaml   # what `plan export --all -o hosts` wrote
      ssh host powershell Get-NetQosPolicy | qos-translator plan import -
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
