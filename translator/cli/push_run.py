"""What `push` does, step by step: look, show, ask, change, tell."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from translator.cli.counted import counted
from translator.cli.output import note
from translator.cli.progress import progress
from translator.cli.push_audit import auditor_of
from translator.cli.push_input import Call
from translator.cli.push_report import show_report
from translator.cli.push_view import Review, review_of, show_reviews
from translator.errors import DriftError, StoppedError, TranslatorError
from translator.push.asked import Asked, Scope, lasting_name
from translator.push.campaign import Campaign
from translator.push.change import Change
from translator.push.crew import Gathered
from translator.push.host_work import Prepared
from translator.push.journal import Journal
from translator.push.kept_plans import kept_plan
from translator.push.ledger import Kind, Ledger, rollout
from translator.push.member import failed_member, worst
from translator.push.saved_plan import SavedChange, SavedPlan, save_plan

__all__ = ["applied", "confirmed", "looked", "resumed"]

_Found = Gathered[Prepared[Review]]


def looked(call: Call, asked: Asked, plan_file: str | None) -> int:
    """Look at hosts; show what they need, or with --commit change them."""
    scope = asked.scope()
    for sentence in scope.notes:
        note(sentence)
    with call.campaign(asked, scope) as (campaign, journal):
        found = _looked(campaign, tuple(scope.intents), call)
        failed: dict[str, Exception] = {**scope.failed, **found.failed}
        if plan_file is not None:
            _save(plan_file, [item.change for item in found.made.values()], asked, len(failed))
        if not call.commit or not call.yes:
            show_reviews(campaign, found, failed, json=call.json and not call.commit)
        if not call.commit:
            return _code(campaign, found, failed)
        made = {name: item.change for name, item in found.made.items()}
        if not confirmed(call, sum(change.needed for change in made.values())):
            return _code(campaign, found, failed)
        with campaign.work.brake.on_signals(note):
            report = campaign.push(journal, made, failed)
    return show_report(report, Kind.PUSH, json=call.json)


def applied(call: Call, asked: Asked, saved: SavedPlan) -> int:
    """Apply a saved plan, exactly as it was reviewed; without --commit look whether one could."""
    scope = asked.scope()
    changes = _of_saved(saved, scope)
    scope = replace(scope, hosts=tuple(host for host in scope.hosts if host.name in changes))
    with call.campaign(asked, scope) as (campaign, journal):
        if not call.commit or not call.yes:
            found = _looked(campaign, tuple(changes), call)
            failed = {**found.failed, **_drifted(found, changes)}
            kept = {name: item for name, item in found.made.items() if name not in failed}
            found = Gathered(kept, failed)
            show_reviews(campaign, found, failed, json=call.json and not call.commit)
            if not call.commit or not confirmed(
                call, sum(change.needed for change in changes.values())
            ):
                return _code(campaign, found, failed)
        with campaign.work.brake.on_signals(note):
            report = campaign.push(journal, changes, {})
    return show_report(report, Kind.PUSH, json=call.json)


def resumed(call: Call, name: str, folder: str | None, *, failed_too: bool) -> int:
    """Go on with a rollout that did not end."""
    with Journal(call.journal_path) as journal:
        asked = rollout(journal, name).asked
    if folder is not None:
        asked = replace(asked, inventory=lasting_name(folder))
    scope = asked.scope()
    with call.campaign(asked, scope) as (campaign, journal):
        ledger = Ledger(journal, name)
        names = campaign.left_over(ledger, failed_too=failed_too)
        if names and not confirmed(call, len(names)):
            journal.release(name)
            return 0
        changes = partial(_as_planned, call, campaign, scope, kept_plan(journal, name))
        with campaign.work.brake.on_signals(note):
            report = campaign.go_on(journal, ledger, names, changes)
    return show_report(report, ledger.kind, json=call.json)


def _as_planned(
    call: Call,
    campaign: Campaign,
    scope: Scope,
    kept: Mapping[str, SavedChange],
    names: Sequence[str],
) -> tuple[Mapping[str, Change], Mapping[str, Exception]]:
    """Return the changes that were planned for hosts, or why there is none.

    Only hosts that no change could be planned for are planned now.
    """
    made: dict[str, Change] = {}
    failed: dict[str, Exception] = {}
    anew: list[str] = []
    for name in names:
        if name in scope.failed:
            failed[name] = scope.failed[name]
        elif name not in kept:
            anew.append(name)
        else:
            try:
                made[name] = kept[name].change(scope.intents[name])
            except DriftError as error:
                failed[name] = error
    found = _looked(campaign, anew, call, nested=True)
    made |= {name: item.change for name, item in found.made.items()}
    return made, failed | found.failed


def confirmed(call: Call, count: int) -> bool:
    """Ask whether hosts are to be changed; only `yes` is yes."""
    if call.yes or not count:
        return True
    sys.stderr.write(f"Change {counted(count, 'host')}? Only 'yes' is accepted: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip() == "yes":
        return True
    note("nothing was changed")
    return False


def _save(file: str, changes: Sequence[Change], asked: Asked, failed: int) -> None:
    if not changes:
        note(f"{file} was not written: there is no change to save")
        return
    save_plan(Path(file), changes, asked)
    left_out = f", without {counted(failed, 'host')} that failed" if failed else ""
    note(f"wrote the changes of {counted(len(changes), 'host')} into {file}{left_out}")


def _looked(
    campaign: Campaign, names: Sequence[str], call: Call, *, nested: bool = False
) -> _Found:
    shown = not call.commit or not call.yes
    json = call.json and not call.commit
    view = partial(review_of, audited=auditor_of(campaign), json=json) if shown else _no_review
    with progress("reading devices") as advance:
        if nested:  # the signals are caught already
            return campaign.look(names, view, advance)
        with campaign.work.brake.on_signals(note):
            return campaign.look(names, view, advance)


def _no_review(*_: Any) -> Review:
    return Review()


def _of_saved(saved: SavedPlan, scope: Scope) -> dict[str, Change]:
    """Return the saved changes of the chosen hosts.

    Raises:
        DriftError: the plan or the inventory wants something else by now; nothing is begun.
    """
    found: dict[str, Change] = {}
    for item in saved.changes:
        if item.device in scope.intents:
            found[item.device] = item.change(scope.intents[item.device])
    if not found:
        raise DriftError(
            "the saved plan holds none of these hosts",
            hint="check --limit and the inventory, or plan again",
        )
    return found


def _drifted(found: _Found, changes: Mapping[str, Change]) -> dict[str, TranslatorError]:
    return {
        name: DriftError(
            f"{name} was changed since this plan was saved", hint="plan it again, and review it"
        )
        for name, item in found.made.items()
        if item.change.base != changes[name].base
    }


def _code(campaign: Campaign, found: _Found, failed: Mapping[str, Exception]) -> int:
    codes = [failed_member(name, error).code for name, error in failed.items()]
    codes += [1 for item in found.made.values() if item.change.needed]
    if campaign.work.brake.interrupted:
        codes.append(StoppedError.exit_code)
    return worst(codes)
