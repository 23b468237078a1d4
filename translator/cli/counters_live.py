"""`counters --live`: what devices counted before and after, read over SSH."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from translator.cli.collect_view import note_failures
from translator.cli.connection_options import Logins
from translator.cli.counters_input import Texts
from translator.cli.counters_view import counters_json, show_counters
from translator.cli.live_input import hosts_of, seconds_of
from translator.cli.options import Format
from translator.cli.output import emit, emit_json, note
from translator.cli.progress import progress
from translator.errors import UsageError
from translator.inventory.adhoc import read_bindings
from translator.plan.load import load_plan
from translator.push.live.counted import Counted, Counting
from translator.push.live.many import Ended, exit_code_of

__all__ = ["Devices", "examine_devices"]


@dataclass(frozen=True, slots=True)
class Devices:
    """The options that say which devices are read, as they were given."""

    inventory: str | None
    limit: str | None
    interval: str
    logins: Logins


def examine_devices(
    devices: Devices, texts: Texts, plan: str, addresses: Sequence[str] | None, output: Format
) -> int:
    """Print what devices counted, and return the exit code.

    Raises:
        UsageError: a text is named as well, or no inventory.
        PlanError, InventoryError, LoginError: the plan, the hosts or credentials are missing.
    """
    if texts.given:
        raise UsageError(
            "--live reads texts, platform and interfaces from devices and their inventory",
            hint="leave BEFORE, AFTER, --platform, --config, --interface and --seconds out",
        )
    hosts = devices.logins.over(hosts_of(devices.inventory, devices.limit))
    with devices.logins.connected(hosts) as known, progress("reading counters") as advance:
        counting = Counting(
            load_plan(plan),
            known.opener,
            known.redactor,
            seconds_of(devices.interval),
            read_bindings(addresses or ()),
            devices.logins.forks,
        )
        found = counting.examine(hosts, advance)
    if output is Format.JSON:
        emit_json({"schema_version": 1, "hosts": [_json(item) for item in found]})
    else:
        _show(found)
    return _exit_code(found)


def _exit_code(found: Iterable[Ended[Counted]]) -> int:
    items = tuple(found)
    failed = exit_code_of(item.error for item in items if item.error is not None)
    return failed or max(item.value.found.exit_code for item in items if item.value is not None)


def _show(found: Iterable[Ended[Counted]]) -> None:
    items = tuple(found)
    for item in items:
        if item.value is not None:
            emit(f"{item.host.name}:")
            for sentence in item.value.notes:
                note(f"{item.host.name}: {sentence}")
            show_counters(item.value.found)
            emit("")
    note_failures(items)


def _json(item: Ended[Counted]) -> dict[str, Any]:
    if item.value is None:
        error = item.error
        return {
            "host": item.host.name,
            "error": str(error),
            "hint": "" if error is None else error.hint,
        }
    notes = [*item.value.found.meaning.notes, *item.value.notes]
    return {"host": item.host.name, **counters_json(item.value.found), "notes": notes}
