"""`remediate`: the commands that bring a device to the plan, proven, and what takes them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.option_groups import grouped
from translator.cli.options import DeviceFile, Format, OneFormat
from translator.cli.wanted_options import Wanted

if TYPE_CHECKING:
    from translator.audit.repair.model import Repair

__all__ = ["run"]

_Rollback = Annotated[
    bool, typer.Option("--rollback", help="Print what takes the commands back instead.")
]
_AllowGap = Annotated[
    bool,
    typer.Option(
        "--allow-gap",
        help="Accept moments in which packets are treated neither as before nor as after.",
    ),
]
_Snippet = Annotated[
    bool,
    typer.Option("--snippet", help="Take the text as whole though nothing shows that it is."),
]
_Out = Annotated[
    str | None,
    typer.Option("-o", "--out", metavar="DIR", help="Write commands and rollback into DIR."),
]
_Force = Annotated[
    bool, typer.Option("--force", help="With -o: replace files of an earlier repair.")
]


@grouped
def run(
    *,
    file: DeviceFile,
    wanted: Wanted,
    rollback: _Rollback = False,
    allow_gap: _AllowGap = False,
    snippet: _Snippet = False,
    out: _Out = None,
    force: _Force = False,
    output: OneFormat = Format.TEXT,
) -> int:
    """Print the commands that bring a running configuration to the plan.

    They are proven on a model of the device before anything is printed: the result, every moment
    in between, all other interfaces, and the way back. Nothing is printed where the text is as
    the plan wants already. The exit code is 5 if no hitless order exists, 6 if lines that matter
    were not understood. `--platform auto` takes the platform that the text shows.

    \b
    Examples:
      qos-translator remediate running.conf --platform cisco_ios --interface Gi0/1=client
      qos-translator remediate running.conf -i inventories/example --limit branch-router -o patch
    """
    from translator.audit.repair import repair
    from translator.cli.one_text import host_and_text
    from translator.cli.output import emit, emit_json, note, plain
    from translator.cli.report import Notes
    from translator.drivers.registry import driver

    chosen, text = host_and_text(file, wanted.target)
    host = chosen.only
    job = wanted.job()
    intents = job.intents(host)
    reader = driver(host.driver)
    found = repair(reader, text, intents, allow_gap=allow_gap, snippet=snippet, file=file)
    notes = Notes(chosen.notes)
    notes.about(intents)
    notes.tell(job.contradictions(chosen.hosts))
    for line in _told(found):
        note(f"{host.name}: {line}")
    if out is not None:
        inputs = (file, wanted.plan, wanted.folder)
        note(f"wrote {_written(out, host.name, found, inputs, force)} files into {out}")
    elif output is Format.JSON:
        emit_json({key: value for key, value in plain(found).items() if key != "text"})
    elif found.needed:
        emit(_lines(found.rollback if rollback else found.commands))
    return 0


def _written(
    folder: str, name: str, found: Repair, inputs: tuple[str | None, ...], force: bool
) -> int:
    """Write both; the way back of commands that were sent already is not replaced by a later one.

    Raises:
        UsageError: as `write_all`.
    """
    from translator.cli.folder import write_all

    files = {f"{name}.commands": found.commands, f"{name}.rollback": found.rollback}
    texts = ((key, _lines(lines)) for key, lines in files.items())
    return write_all(folder, texts, replace=force, inputs=lambda: inputs)


def _lines(lines: tuple[str, ...]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _told(found: Repair) -> list[str]:
    return [
        *(f"gap: {gap}" for gap in found.gaps),
        *found.notes,
        *(f"assumed: {sentence}" for sentence in found.assumptions),
        *(f"proved: {sentence}" for sentence in found.proof),
    ]
