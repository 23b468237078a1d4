"""Runs of the journal, as tables and as JSON."""

from __future__ import annotations

from typing import Any

from translator.cli.output import emit_json, emit_table
from translator.cli.push_report import member_json, totals_json, totals_line
from translator.cli.push_view import SCHEMA_VERSION
from translator.errors import UsageError
from translator.push.journal import Journal, Run
from translator.push.ledger import Rollout, rollout, rollouts, totals

__all__ = ["show_run", "show_runs"]


def show_runs(journal: Journal, *, json: bool) -> None:
    """Print all runs, the oldest first; runs of single devices that belong to none, too."""
    found = rollouts(journal)
    known = tuple(f"{item.name}-" for item in found)
    single = [item for item in journal.runs() if not item.run.startswith(known)]
    if json:
        emit_json(
            {
                "schema_version": SCHEMA_VERSION,
                "runs": [_rollout_json(item) for item in found],
                "single": [_run_json(item) for item in single],
            }
        )
        return
    rows: list[tuple[object, ...]] = [
        (item.name, item.kind, item.started, item.who, item.ended or "open",
         totals_line(totals(item.members)))
        for item in found
    ]  # fmt: skip
    rows += [
        (item.run, "device", item.started, "", item.ending or "open", item.device)
        for item in single
    ]
    emit_table(("run", "kind", "started", "by", "ended", "hosts"), rows)


def show_run(journal: Journal, name: str, *, json: bool) -> None:
    """Print the hosts of a rollout, or the steps of the run of one device.

    Raises:
        UsageError: the journal knows neither.
    """
    try:
        found = rollout(journal, name)
    except UsageError:
        _show_steps(journal.run(name), json=json)
        return
    if json:
        steps = {member.run: _steps_of(journal, member.run) for member in found.members}
        hosts = [{**member_json(member), "steps": steps[member.run]} for member in found.members]
        emit_json({"schema_version": SCHEMA_VERSION, **_rollout_json(found), "hosts": hosts})
        return
    rows = [
        (member.device, member.state, member.sent or "", member.run, member.at, member.problem)
        for member in found.members
    ]
    title = f"{found.kind} {name} by {found.who}, started {found.started}, {found.ended or 'open'}"
    emit_table(("host", "state", "lines", "run", "since", "problem"), rows, title)


def _show_steps(run: Run, *, json: bool) -> None:
    if json:
        emit_json({"schema_version": SCHEMA_VERSION, **_run_json(run), "steps": _steps_json(run)})
        return
    rows = [(entry.at, entry.step, entry.state, entry.detail) for entry in run.entries]
    title = f"run {run.run} of {run.device} ({run.driver}), started {run.started}, "
    emit_table(("at", "step", "state", "detail"), rows, title + (run.ending or "open"))


def _steps_of(journal: Journal, run: str) -> list[dict[str, str]]:
    try:
        return _steps_json(journal.run(run))
    except UsageError:  # none was begun
        return []


def _steps_json(run: Run) -> list[dict[str, str]]:
    return [
        {"at": e.at, "step": str(e.step), "state": str(e.state), "detail": e.detail, "hash": e.hash}
        for e in run.entries
    ]


def _run_json(run: Run) -> dict[str, Any]:
    return {
        "run": run.run,
        "host": run.device,
        "driver": run.driver,
        "started": run.started,
        "ending": run.ending,
        "base": run.base,
    }


def _rollout_json(item: Rollout) -> dict[str, Any]:
    return {
        "run": item.name,
        "kind": str(item.kind),
        "started": item.started,
        "by": item.who,
        "ended": item.ended,
        "inventory": item.asked.inventory,
        "plan": item.asked.plan,
        "takes_back": item.asked.of,
        "totals": totals_json(totals(item.members)),
    }
