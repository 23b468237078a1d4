"""What a dry run shows of a host: its audit, the traffic that changes, the lines, the way back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from translator.audit.semdiff import SemDiff, Text, semdiff
from translator.cli.output import emit, emit_json, note, visible
from translator.cli.push_audit import Audited, audit_json, audit_lines
from translator.cli.report import proof_json, proof_text
from translator.cli.semdiff_view import semdiff_json, semdiff_lines
from translator.drivers.change import Work
from translator.drivers.registry import driver
from translator.errors import TranslatorError
from translator.push.campaign import Campaign
from translator.push.crew import Gathered
from translator.push.device import Planned
from translator.push.host_work import Prepared
from translator.push.member import failed_member
from translator.verify.diagram import Space
from translator.verify.prove import prove

__all__ = ["SCHEMA_VERSION", "Review", "review_of", "show_reviews", "work_lines"]

SCHEMA_VERSION: Final = 1
"""Of the JSON that `push`, `rollback` and `runs` print; docs/push.md describes it."""


@dataclass(frozen=True, slots=True)
class Review:
    """What is shown of one host, in one of the two forms."""

    lines: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def review_of(planned: Planned, space: Space, *, audited: Audited, json: bool) -> Review:
    """Return what is to be shown of a change, made while its texts are at hand."""
    change, who, audit = planned.change, planned.identity, audited(planned)
    if not json:
        lines = tuple(_traffic_lines(planned, space)) if change.needed else ()
        head = f"it calls itself {who.hostname}, {who.version}"
        return Review((head, *audit_lines(audit), *lines))
    return Review(
        facts={
            "hostname": who.hostname,
            "serial": who.serial,
            "version": who.version,
            "base": change.base,
            "audit": audit_json(audit),
            "traffic": _traffic_json(planned, space) if change.needed else None,
        }
    )


def _traffic_lines(planned: Planned, space: Space) -> Iterator[str]:
    yield "traffic, now (A) and afterwards (B):"
    try:
        if planned.change.work.script:
            yield from _indented(proof_text(_wanted_and_found(planned, space)).splitlines())
        else:
            texts = planned.running.text, planned.change.after
            yield from _indented(semdiff_lines(_difference(planned, space), *texts))
    except TranslatorError as error:
        yield f"  cannot be compared: {error}"


def _traffic_json(planned: Planned, space: Space) -> Any:
    try:
        if planned.change.work.script:
            return {"proof": proof_json(_wanted_and_found(planned, space))}
        return {"semdiff": semdiff_json(_difference(planned, space))}
    except TranslatorError as error:
        return {"problem": str(error)}


def _difference(planned: Planned, space: Space) -> SemDiff:
    """What the whole text does now and then, where the change is made of lines."""
    reader = driver(planned.change.driver)
    before, after = (
        Text(reader.parse(text, file=planned.change.device), reader.capabilities)
        for text in (planned.running.text, planned.change.after)
    )
    return semdiff(before, after, space=space)


def _wanted_and_found(planned: Planned, space: Space) -> Any:
    """What is wanted against what there is: a script replaces only what is its own."""
    change, reader = planned.change, driver(planned.change.driver)
    assert change.intents is not None, "a change that is planned has intents"
    found = reader.parse(planned.running.text, file=change.device)
    return prove(change.intents, found, reader.capabilities, space)


def work_lines(work: Work) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is sent, line by line, and what takes it back."""
    if work.script:
        return tuple(work.script.splitlines()), tuple(work.removal.splitlines())
    return work.lines, work.rollback


def show_reviews(
    campaign: Campaign,
    found: Gathered[Prepared[Review]],
    failed: Mapping[str, Exception],
    *,
    json: bool,
) -> None:
    """Print what each host needs, in the order of the inventory, then what failed."""
    redact = campaign.work.redact
    if json:
        hosts = [*map(_json_of, found.made.values()), *map(_failure_json, failed.items())]
        emit_json(
            _redacted({"schema_version": SCHEMA_VERSION, "dry_run": True, "hosts": hosts}, redact)
        )
    else:
        for name, item in found.made.items():
            emit(f"# ===== {name} ({item.change.driver}) =====")
            for line in _text_of(item):
                emit(visible(redact(line)))
        for name, error in failed.items():
            member = failed_member(name, error)
            emit(visible(redact(f"# ===== {name}: {member.state} =====\n{member.problem}")))
            if member.hint:
                emit(visible(redact(f"  hint: {member.hint}")))
    needed = sum(item.change.needed for item in found.made.values())
    unchanged = len(found.made) - needed
    note(f"{needed} to be changed, {unchanged} as they should be, {len(failed)} failed")


def _text_of(item: Prepared[Review]) -> Iterator[str]:
    change = item.change
    yield from item.shown.lines
    if not change.needed:
        yield "nothing to do: " + "; ".join(change.proof)
        return
    sent, back = work_lines(change.work)
    yield f"lines to be sent, {len(sent)}:"
    yield from _indented(sent)
    yield f"what takes them back, {len(back)}:"
    yield from _indented(back)
    yield from (f"note: {sentence}" for sentence in change.notes)
    yield from (f"proved: {sentence}" for sentence in change.proof)


def _json_of(item: Prepared[Review]) -> dict[str, Any]:
    change = item.change
    sent, back = work_lines(change.work)
    return {
        "host": change.device,
        "driver": change.driver,
        "state": "would change" if change.needed else "unchanged",
        "lines": list(sent),
        "rollback": list(back),
        "proof": list(change.proof),
        "notes": list(change.notes),
        **item.shown.facts,
    }


def _failure_json(failure: tuple[str, Exception]) -> dict[str, Any]:
    member = failed_member(*failure)
    return {
        "host": member.device,
        "state": str(member.state),
        "code": member.code,
        "problem": member.problem,
        "hint": member.hint,
    }


def _redacted(value: Any, redact: Any) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: _redacted(item, redact) for key, item in value.items()}
    if isinstance(value, list):
        return [_redacted(item, redact) for item in value]
    return value


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)
