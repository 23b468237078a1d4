"""What `rollback` does, step by step: find the runs, show, ask, take back, tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from translator.cli.output import emit, emit_json, note, visible
from translator.cli.push_input import Call
from translator.cli.push_report import show_report
from translator.cli.push_run import confirmed
from translator.cli.push_view import SCHEMA_VERSION, work_lines
from translator.errors import InventoryError, UsageError
from translator.push.asked import Asked, Scope, lasting_name
from translator.push.campaign import runs_to_take_back
from translator.push.journal import Journal
from translator.push.ledger import Kind, rollout
from translator.push.pace import Pace
from translator.push.rollback import backwards

__all__ = ["taken_back"]


def taken_back(
    call: Call, name: str, folder: str | None, limit: str | None, pace: Pace, *, any_hostname: bool
) -> int:
    """Take back what a run did, on all its hosts or those of the limit."""
    with Journal(call.journal_path) as journal:
        runs = runs_to_take_back(journal, name)
        asked = _asked(journal, name, folder, limit)
    asked = replace(asked, of=name, pace=pace, any_hostname=any_hostname)
    if asked.inventory:
        hosts = {key: host for key, host in asked.hosts().items() if key in runs}
        runs = {key: runs[key] for key in hosts}
    elif call.commit or limit is not None:
        raise InventoryError("no inventory says where devices are", hint="add -i PATH")
    if not runs:
        raise UsageError(
            f"run {name} changed none of these hosts", hint="check --limit and the inventory"
        )
    if not call.commit or not call.yes:
        _show(call, runs)
    if not call.commit:
        return 1
    if not confirmed(call, len(runs)):
        return 1
    scope = Scope(tuple(hosts.values()), {}, {})
    with call.campaign(asked, scope) as (campaign, journal), campaign.work.brake.on_signals(note):
        report = campaign.take_back(journal, runs)
    return show_report(report, Kind.ROLLBACK, json=call.json)


def _asked(journal: Journal, name: str, folder: str | None, limit: str | None) -> Asked:
    """Return where the hosts are: as the run says, or as the options do."""
    try:
        asked = rollout(journal, name).asked
    except UsageError:  # the run of one device, which says nothing of inventories
        asked = Asked("", "")
    if folder is not None:
        asked = replace(asked, inventory=lasting_name(folder))
    return asked if limit is None else replace(asked, limit=limit)


def _show(call: Call, runs: Mapping[str, str]) -> None:
    with Journal(call.journal_path) as journal:
        works = {key: backwards(journal, journal.run(run)) for key, run in runs.items()}
        sent = {key: list(map(journal.redact, work_lines(work)[0])) for key, work in works.items()}
    if call.json and not call.commit:
        hosts = [
            {"host": key, "state": "would change", "takes_back": runs[key], "lines": lines}
            for key, lines in sent.items()
        ]
        emit_json({"schema_version": SCHEMA_VERSION, "dry_run": True, "hosts": hosts})
        return
    for key, lines in sent.items():
        emit(f"# ===== {key}: takes back {runs[key]} =====")
        for line in lines:
            emit(visible(f"  {line}"))
