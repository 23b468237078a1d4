"""Where the files of `plan export` go, and what is told of that which is in none of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from translator.cli.folder import refuse_inputs, write_all
from translator.cli.output import emit, note
from translator.endpoint.derive import Derived
from translator.endpoint.files.encoding import text_of
from translator.endpoint.formats.exported_plan import exported_plan_text
from translator.endpoint.formats.left_out import left_out_text, without_place
from translator.endpoint.formats.registry import EndpointFormat, all_formats
from translator.endpoint.settings import Settings
from translator.errors import UsageError
from translator.outfile import write_file
from translator.plan.model import Plan
from translator.plan.select import joined_refusals
from translator.plan.text import nearest

__all__ = ["write_all_formats", "write_format"]

_LEFT_OUT: Final = "left-out.txt"
_PLAN: Final = "exported-plan.yaml"


def write_format(
    plan: str, derived: Derived, name: str | None, out: str | None, *, read: str
) -> None:
    """Write one format to stdout (also called `-`), or to a file, or into a folder that exists.

    Args:
        read: the file of the plan, which is not written over.

    Raises:
        UsageError: no format is named, or the plan has nothing for it; or it cannot be written.
        PlanError: the format cannot take all of it.
    """
    chosen = _format(name)
    data = _content(chosen, derived.settings)
    if data is None:
        others = ", ".join(item.name for item in _writable() if _content(item, derived.settings))
        raise UsageError(
            f"plan {plan} has nothing that {chosen.name} holds",
            hint=f"formats with something to say: {others or 'none'}; opt-in rows take "
            "options.include in the plan",
        )
    _tell(derived, [chosen])
    if out in (None, "-"):
        _print(data)
        return
    path = Path(out)
    if out.endswith("/") or path.is_dir():
        write_all(out, [(_file_name(chosen), data)], inputs=lambda: (read,))
        path /= _file_name(chosen)
    else:
        refuse_inputs([path], lambda: (read,))
        write_file(path, [data])
    note(f"wrote {path}")


def write_all_formats(
    plan: Plan, derived: Derived, name: str | None, out: str | None, *, read: str
) -> None:
    """Write every format that has something to say into a folder, the list of what is in none of
    them, and the plan.

    Raises:
        UsageError: a format or no folder is named, the plan has nothing for any format, or the
            folder cannot be written.
        PlanError: a format cannot take all of it.
    """
    if name is not None:
        raise UsageError("--all writes every format", hint="take --format or --all away")
    if out is None:
        raise UsageError("--all writes several files", hint="name a folder for them with -o")
    used: list[EndpointFormat] = []
    files: list[tuple[str, str | bytes]] = []
    for item in _writable():
        data = _content(item, derived.settings)
        if data is not None:
            used.append(item)
            files.append((_file_name(item), data))
    if not files:
        raise UsageError(
            f"plan {plan.name} has nothing for any format",
            hint="look at it: qos-translator plan show",
        )
    files.append((_LEFT_OUT, left_out_text(plan.name, derived, used)))
    files.append((_PLAN, exported_plan_text(plan)))
    write_all(out, files, inputs=lambda: (read,))
    _tell(derived, used)
    for file_name, _ in files:
        note(f"wrote {Path(out) / file_name}")


def _writable() -> list[EndpointFormat]:
    return [item for item in all_formats() if item.write is not None]


def _format(name: str | None) -> EndpointFormat:
    known = {item.name: item for item in _writable()}
    if name is None:
        raise UsageError(
            "no format is named",
            hint="add --format NAME, one of " + ", ".join(known) + ", or --all -o FOLDER",
        )
    if name not in known:
        raise UsageError(f"there is no format {name[:60]!a}", hint=nearest(name, known))
    return known[name]


def _content(chosen: EndpointFormat, settings: Settings) -> bytes | None:
    """The file of a format; None where it has nothing to say."""
    held = tuple(item for item in settings if chosen.holds(item))
    return chosen.write(held) if chosen.write is not None and held else None


def _file_name(chosen: EndpointFormat) -> str:
    return f"{chosen.name}{chosen.extension}"


def _print(data: bytes) -> None:
    """Write a file to stdout byte by byte; on a terminal its text."""
    if sys.stdout.isatty():
        emit(text_of(data, "-").replace("\r\n", "\n"))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def _tell(derived: Derived, used: list[EndpointFormat]) -> None:
    for sentence in joined_refusals(str(item) for item in derived.left_out):
        note(sentence)
    for sentence in (*without_place(derived, used), *derived.remarks):
        note(sentence)
