"""From the options of `audit` to what is asked of every file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from os.path import realpath
from pathlib import Path

from translator.audit.case import Settings
from translator.audit.codec import Packed
from translator.audit.fleet.run import PIPE, FleetRun, audit_bytes, audit_files
from translator.audit.fleet.sources import sources
from translator.audit.fleet.work import AuditWork
from translator.audit.reports import REPORTS
from translator.cli.folder import refuse_inputs, refuse_stdout
from translator.cli.progress import progress
from translator.cli.textfile import piped_or_read, tell_of_pipes
from translator.drivers.detect import AUTO
from translator.drivers.registry import driver
from translator.errors import UsageError
from translator.intents.compile import InterfaceSpec
from translator.inventory.adhoc import read_bindings, specs_of
from translator.inventory.load import load_inventory
from translator.inventory.model import Host
from translator.inventory.select import select
from translator.inventory.targets import Target
from translator.plan.load import load_plan

__all__ = [
    "audit_named",
    "chosen_hosts",
    "hosts_passed_by",
    "refuse_audited",
    "reports_asked",
    "work_of",
]


def audit_named(
    work: AuditWork, files: Sequence[str], way: FleetRun, passed_by: frozenset[str]
) -> Packed:
    """Return the audits of the files that are named, or of the text that comes through a pipe.

    Raises:
        UsageError: a pipe and files are both asked for; or as `audit_files`.
    """
    if _is_piped(files):
        return audit_bytes(work, piped_or_read(PIPE))
    tell_of_pipes(files)
    with progress(f"auditing against {work.plan.name}") as advance:
        return audit_files(work, files, way, advance, passed_by=passed_by)


def _is_piped(files: Sequence[str]) -> bool:
    """Return whether one text comes through a pipe, and not from files.

    Raises:
        UsageError: both are asked for.
    """
    if PIPE in files and len(files) > 1:
        raise UsageError(
            "a text through a pipe is audited alone",
            hint="leave - out, or the files; a file of that name is ./-",
        )
    return PIPE in files


def chosen_hosts(
    folder: str | None, limit: str | None, platform: str | None, interfaces: Sequence[str] | None
) -> Mapping[str, Host] | None:
    """Return the hosts of the inventory by name, None without an inventory.

    Raises:
        UsageError, InventoryError: as `Target.choose`.
    """
    if folder is None:
        if limit is not None:
            raise UsageError("--limit chooses from an inventory", hint="add -i PATH")
        return None
    given = None if platform == AUTO else platform
    chosen = Target(folder, limit, given, tuple(interfaces or ())).choose()
    return {host.name: host for host in chosen.hosts}


def hosts_passed_by(folder: str | None, limit: str | None) -> frozenset[str]:
    """Return the names of the hosts of the inventory that `--limit` leaves out.

    Raises:
        InventoryError, UsageError: as `Target.choose`.
    """
    if folder is None or limit is None:
        return frozenset()
    inventory = load_inventory(folder)
    taken = {host.name for host in select(inventory, limit)}
    return frozenset(host.name for host in inventory.hosts if host.name not in taken)


def refuse_audited(
    asked: Sequence[tuple[str, Path]], files: Sequence[str], *others: str | None
) -> None:
    """Refuse reports in the place of what is audited, or of the plan or inventory.

    Raises:
        UsageError: a report would take it.
    """

    def inputs() -> Iterator[str | None]:
        if files and not _is_piped(files):
            yield from (item.file for item in sources(files))
        yield from others

    refuse_inputs([path for _, path in asked], inputs)


def work_of(
    plan: str,
    settings: Settings,
    platform: str | None,
    interfaces: Sequence[str] | None,
    addresses: Sequence[str] | None,
) -> AuditWork:
    """Return what is asked of every file.

    Raises:
        PlanError: the plan cannot be read.
        UsageError, DriverError: an option is wrong.
    """
    specs: tuple[InterfaceSpec, ...] | None = specs_of(interfaces) if interfaces else None
    if platform is not None and platform != AUTO:
        driver(platform)  # a wrong name is one error, not one for each file
    bindings = tuple(read_bindings(addresses or ()).items())
    return AuditWork(load_plan(plan), settings, platform or AUTO, specs, bindings)


def reports_asked(texts: Sequence[str] | None) -> tuple[tuple[str, Path], ...]:
    """Return (format, file) of each `html=audit.html`.

    Raises:
        UsageError: another form, an unknown format, one file twice, or stdout, where the audit is.
    """
    found: list[tuple[str, Path]] = []
    for text in texts or ():
        name, equals, file = text.partition("=")
        if not equals or not file or name not in REPORTS:
            raise UsageError(
                f"{text!r} is no report",
                hint=f"write FORMAT=FILE with one of {', '.join(REPORTS)}",
            )
        refuse_stdout(file, f"--format {name} prints that report")
        if realpath(file) in {realpath(path) for _, path in found}:
            raise UsageError(f"{file} is asked for twice", hint="give each report its own file")
        found.append((name, Path(file)))
    return tuple(found)
