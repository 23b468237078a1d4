"""What `doctor` prints: a table of checks, then what to do, each line whole, to be copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from translator.cli.output import emit, emit_table, visible
from translator.push.live.checks import Checked, Examined, Verdict

__all__ = ["doctor_json", "show_doctor"]


def show_doctor(found: Sequence[Examined], *, everything: bool) -> None:
    """Print the checks: all of them, or what is wrong and one line for each host that is well."""
    emit_table(("host", "check", "result", "found"), _rows(found, everything))
    for host in found:
        for item in host.checks:
            if item.fix:
                emit(visible(f"{host.host.name}, {item.check}: {item.found}", keep=""))
                emit("\n".join(f"  {visible(line, keep='')}" for line in item.fix))
    well = sum(not item.failures for item in found)
    emit(f"{well} of {len(found)} hosts could be changed")


def _rows(found: Sequence[Examined], everything: bool) -> Iterator[tuple[object, ...]]:
    for host in found:
        shown = [item for item in host.checks if everything or _is_told(item)]
        if not shown:
            yield host.host.name, "all", Verdict.OK, "nothing is wrong"
        for item in shown:
            yield host.host.name, item.check, item.verdict, item.found


def _is_told(item: Checked) -> bool:
    return item.verdict in (Verdict.FAILED, Verdict.WARNING)


def doctor_json(found: Sequence[Examined]) -> dict[str, Any]:
    """Return the checks as JSON has them."""
    return {
        "schema_version": 1,
        "hosts": [
            {
                "host": item.host.name,
                "address": item.host.address,
                "ok": not item.failures,
                "exit_code": item.exit_code,
                "checks": [
                    {
                        "check": each.check,
                        "result": each.verdict,
                        "found": each.found,
                        "fix": each.fix,
                    }
                    for each in item.checks
                ],
            }
            for item in found
        ],
    }
