"""`counters`: does QoS work on the live device, by what it counted before and after?"""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.options import (
    STANDARD,
    Address,
    DriverName,
    Format,
    Interface,
    OneFormat,
    PlanName,
)

__all__ = ["run"]

_Before = Annotated[
    str,
    typer.Argument(
        metavar="BEFORE", help="Saved output of commands that show counters: a file or folder."
    ),
]
_After = Annotated[
    str | None,
    typer.Argument(metavar="AFTER", help="The same, taken later.", show_default=False),
]
_Config = Annotated[
    str | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The device's configuration: tells which traffic each counted class serves.",
        show_default=False,
    ),
]
_Seconds = Annotated[
    float | None,
    typer.Option(
        "--seconds",
        metavar="N",
        help="Time between the two, if no clock is in them.",
        show_default=False,
    ),
]


def run(
    *,
    before: _Before,
    after: _After = None,
    platform: DriverName,
    config: _Config = None,
    plan: PlanName = STANDARD,
    interface: Interface = None,
    address: Address = None,
    seconds: _Seconds = None,
    output: OneFormat = Format.TEXT,
) -> int:
    """Hold what a device counted against the plan: idle classes, lost voice, EF in best effort.

    With one text everything since the counters began counts, with two what came between them.
    With --config classes are told apart by what the configuration does; without it by the code
    points that the output names. The exit code is 0 without findings, 1 with.

    \b
    Examples:
      qos-translator counters --platform cisco_ios before.txt after.txt
      qos-translator counters --platform linux --config apply.sh --interface lan=client \\
        --interface wan=wan:10M before/ after/
    """
    from translator.cli.counters_input import question_of, read_snapshot
    from translator.cli.counters_view import counters_json, show_counters
    from translator.cli.output import emit_json
    from translator.counters.examine import examine

    question = question_of(platform, plan, config, interface, address)
    first = read_snapshot(before, question.driver)
    second = None if after is None else read_snapshot(after, question.driver)
    found = examine(question, first, second, seconds)
    if output is Format.JSON:
        emit_json(counters_json(found))
    else:
        show_counters(found)
    return found.exit_code
