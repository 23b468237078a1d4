"""`left-out.txt` of an export: which rows its files say, and what is in none of them, and why.

Its first lines are read again: files of policies do not tell which rows a plan excludes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from translator.endpoint.carried import NOT_CARRIED
from translator.endpoint.derive import Derived
from translator.endpoint.formats.registry import EndpointFormat, Source, all_formats
from translator.endpoint.policy.names import row_id_of_policy
from translator.endpoint.settings import ExportedPlan, HostPolicy, MediaPorts, Settings
from translator.errors import PlanError, Where
from translator.plan.text import require_name

__all__ = ["FORMAT", "left_out_text", "without_place"]

_PLAN: Final = "exported plan: "
_ROWS: Final = "rows in these files"
_LEFT_OUT: Final = "rows left out"
_LIST: Final = re.compile(r"(?P<what>[a-z ]+) \((?P<count>[0-9]{1,5})\): ?(?P<ids>.*)")


def left_out_text(plan: str, derived: Derived, used: Sequence[EndpointFormat]) -> str:
    """Return the text: the rows of an export, then what is missing somewhere, why, what to do.

    Args:
        used: the formats that were written.
    """
    return "".join(f"{line}\n" for line in _lines(plan, derived, used))


def _lines(plan: str, derived: Derived, used: Sequence[EndpointFormat]) -> Iterator[str]:
    lost = {
        row_id_of_policy(item.name)
        for item in derived.settings
        if isinstance(item, HostPolicy) and not any(form.holds(item) for form in used)
    }
    yield f"{_PLAN}{plan}"
    yield _listed(_ROWS, [row_id for row_id in derived.rows if row_id not in lost])
    yield _listed(
        _LEFT_OUT,
        [*(item.row_id for item in derived.left_out), *(i for i in derived.rows if i in lost)],
    )
    yield ""
    for item in derived.left_out:
        yield str(item)
        if item.hint:
            yield f"  hint: {item.hint}"
    yield from without_place(derived, used)
    yield from derived.remarks
    yield ""
    yield "no file of servers and hosts can hold what follows; exported-plan.yaml has it, and an"
    yield "import without that file takes it from its base:"
    for line in NOT_CARRIED:
        yield f"- {line}"


def _listed(what: str, ids: Sequence[str]) -> str:
    names = tuple(dict.fromkeys(ids))
    return f"{what} ({len(names)}): {', '.join(names)}".rstrip()


def without_place(derived: Derived, used: Sequence[EndpointFormat]) -> Iterator[str]:
    """Yield what each format has no place for, one sentence for each reason."""
    for item in used:
        policies: dict[str, list[str]] = {}
        for setting in derived.settings:
            if isinstance(setting, HostPolicy) and (reason := item.why_not(setting)):
                policies.setdefault(reason, []).append(repr(setting.name))
        for reason, names in policies.items():
            these = "policy {} is" if len(names) == 1 else "policies {} are"
            yield f"{item.name}: {these.format(', '.join(names))} left out: {reason}"
    for setting in derived.settings:
        if isinstance(setting, MediaPorts) and not any(f.holds(setting) for f in all_formats()):
            yield (
                f"ports {setting.name} are left out: no cmdlet that is known sets them "
                "(those of clients begin with 1024)"
            )


def _fits(source: Source) -> bool:
    return source.text.startswith(_PLAN)


def _read(source: Source) -> Settings:
    lines = source.text.splitlines()
    where = Where(source.file, 1)
    name = require_name(lines[0].removeprefix(_PLAN).strip(), "plan", where)
    rows = _ids(lines, 1, _ROWS, source.file)
    left_out = _ids(lines, 2, _LEFT_OUT, source.file)
    return (ExportedPlan(name, rows, left_out, where),)


def _ids(lines: Sequence[str], at: int, what: str, file: str) -> tuple[str, ...]:
    """The ids of a line, as many as it says."""
    where = Where(file, at + 1)
    found = _LIST.fullmatch(lines[at].rstrip()) if at < len(lines) else None
    ids = [item.strip() for item in found["ids"].split(",")] if found and found["ids"] else []
    if found is None or found["what"] != what or len(set(ids)) != int(found["count"]):
        raise PlanError(
            f"{what!r} and as many ids as the line says should stand here",
            where=where,
            hint="export the plan again: qos-translator plan export PLAN --all -o FOLDER",
        )
    return tuple(require_name(item, "row", where) for item in ids)


FORMAT: Final = EndpointFormat(
    name="left-out",
    title="its left-out.txt",
    group="an export",
    fits=_fits,
    read=_read,
    write=None,
    holds=lambda _setting: False,
    extension=".txt",
)
