"""What became of the hosts of a rollout: on stdout; what a person has to type, last and loud."""

from __future__ import annotations

import sys
from typing import Any, Final

from translator.cli.output import emit, emit_json, note, visible
from translator.cli.push_view import SCHEMA_VERSION
from translator.push.fleet import Report
from translator.push.ledger import Kind
from translator.push.member import HostState, Member

__all__ = ["member_json", "show_report", "totals_json", "totals_line"]

_LOUD: Final = "!" * 72


def show_report(report: Report, kind: Kind, *, json: bool) -> int:
    """Print how a rollout ended; return its exit code."""
    if json:
        emit_json(_report_json(report, kind))
    else:
        _show(report)
    sys.stdout.flush()
    if report.stopped:
        left = report.totals[HostState.NOT_BEGUN]
        note(f"stopped: {report.stopped}; {left} hosts were not begun")
        note(f"go on with: qos-translator push --resume {report.rollout}")
    _shout([member for member in report.members if member.state is HostState.UNKNOWN])
    return report.exit_code


def _show(report: Report) -> None:
    width = max((len(member.device) for member in report.members), default=0)
    for member in report.members:
        sent = f"{member.sent} lines" if member.sent else ""
        emit(
            visible(
                f"{member.device:{width}}  {member.state:11}  {sent:>10}  {member.run}".rstrip()
            )
        )
        for line in (member.problem, member.hint and f"hint: {member.hint}", *member.notes):
            if line:
                emit(visible(f"    {line}"))
    emit(f"run {report.rollout}: {totals_line(report.totals)}")


def totals_line(totals: dict[HostState, int]) -> str:
    """Return `12 hosts = 11 done + 1 reverted`; states without a host are left out."""
    parts = " + ".join(f"{count} {state}" for state, count in totals.items() if count)
    return f"{sum(totals.values())} hosts = {parts or 0}"


def totals_json(totals: dict[HostState, int]) -> dict[str, int]:
    """Return the hosts by state, states without a host included."""
    return {str(state): count for state, count in totals.items()}


def member_json(member: Member) -> dict[str, Any]:
    """Return what became of one host."""
    return {
        "host": member.device,
        "state": str(member.state),
        "run": member.run,
        "attempt": member.attempt,
        "code": member.code,
        "lines_sent": member.sent,
        "problem": member.problem,
        "hint": member.hint,
        "proof": list(member.proof),
        "notes": list(member.notes),
        "commands": list(member.commands),
        "at": member.at,
    }


def _report_json(report: Report, kind: Kind) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "dry_run": False,
        "kind": str(kind),
        "run": report.rollout,
        "exit_code": report.exit_code,
        "stopped": report.stopped,
        "interrupted": report.interrupted,
        "totals": totals_json(report.totals),
        "hosts": [member_json(member) for member in report.members],
    }


def _shout(unknown: list[Member]) -> None:
    if not unknown:
        return
    note(_LOUD)
    note(f"ACT BY HAND: nothing proves what {len(unknown)} of the hosts do now. Type on each:")
    for member in unknown:
        note(f"{member.device}: {member.problem}")
        for command in member.commands:
            note(f"    {command}")
    note(_LOUD)
