"""`audit`: which traffic do these devices treat otherwise than the plan wants, and why."""

from __future__ import annotations

from translator.cli.audit_options import (
    CacheFolder,
    Files,
    Jobs,
    NoCache,
    PlatformOfAll,
    Repair,
    ReportFile,
    ReportFormat,
    ReportFormatOption,
    Scheduler,
    ShareTolerance,
    ShowAll,
    Snippet,
)
from translator.cli.options import STANDARD, Address, Folder, Interface, Limit, PlanName

__all__ = ["run"]


def run(
    *,
    files: Files,
    platform: PlatformOfAll = None,
    plan: PlanName = STANDARD,
    folder: Folder = None,
    limit: Limit = None,
    interface: Interface = None,
    address: Address = None,
    snippet: Snippet = False,
    share_tolerance: ShareTolerance = 1.0,
    repair: Repair = False,
    output: ReportFormatOption = ReportFormat.TEXT,
    report: ReportFile = None,
    show_all: ShowAll = False,
    jobs: Jobs = None,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
    scheduler: Scheduler = None,
) -> int:
    """Audit configurations by meaning, over all packets.

    Roles of interfaces come from the inventory, from --interface, or from what the texts say; the
    inference is printed. The exit code is 0 when all is as planned, 1 with findings, 3 when some
    files could not be audited.

    \b
    Examples:
      qos-translator audit running-configs/
      qos-translator audit r1.conf --platform cisco_ios --interface Gi0/1=client --snippet
      qos-translator audit backups/ -i inventories/example --report html=audit.html
    """
    from dataclasses import replace

    from translator.audit.case import Settings
    from translator.audit.fleet.run import PIPE, FleetRun, audit_bytes, audit_files
    from translator.cli.audit_input import (
        cache_asked,
        chosen_hosts,
        hosts_passed_by,
        is_piped,
        reports_asked,
        work_of,
    )
    from translator.cli.audit_output import show_or_write
    from translator.cli.progress import progress
    from translator.cli.textfile import piped_or_read
    from translator.verify.scheduling import Tolerance

    asked = reports_asked(report)
    settings = Settings(snippet, Tolerance(share_points=share_tolerance, more_is_fine=True), repair)
    hosts = chosen_hosts(folder, limit, platform, interface)
    work = replace(work_of(plan, settings, platform, interface, address), hosts=hosts)
    way = FleetRun(jobs=jobs, cache=cache_asked(cache, no_cache=no_cache), scheduler=scheduler)
    if is_piped(files):
        audits = audit_bytes(work, piped_or_read(PIPE))
    else:
        with progress(f"auditing against {work.plan.name}") as advance:
            passed_by = hosts_passed_by(folder, limit)
            audits = audit_files(work, files, way, advance, passed_by=passed_by)
    return show_or_write(audits, work.plan, output, asked, everything=show_all)
