"""`audit`: which traffic do these devices treat otherwise than the plan wants, and why."""

from __future__ import annotations

from translator.cli.audit_options import Files, Machines, PlatformOfAll, Strictness, Telling
from translator.cli.connection_options import Live, Logins
from translator.cli.option_groups import grouped
from translator.cli.options import STANDARD, Address, Folder, Interface, Limit, PlanName

__all__ = ["run"]


@grouped
def run(
    *,
    files: Files = None,
    platform: PlatformOfAll = None,
    plan: PlanName = STANDARD,
    folder: Folder = None,
    limit: Limit = None,
    interface: Interface = None,
    address: Address = None,
    strictness: Strictness,
    telling: Telling,
    machines: Machines,
    live: Live = False,
    logins: Logins,
) -> int:
    """Audit configurations by meaning, over all packets: of files, or of devices with --live.

    Roles of interfaces come from the inventory, from --interface, or from what the texts say; the
    inference is printed. The exit code is 0 when all is as planned, 1 with findings, 3 when some
    files could not be audited.

    \b
    Examples:
      qos-translator audit running-configs/
      qos-translator audit r1.conf --platform cisco_ios --interface Gi0/1=client --snippet
      qos-translator audit backups/ -i inventories/example --report html=audit.html
      qos-translator audit --live -i inventories/example --limit branch
    """
    from dataclasses import replace

    from translator.cli.audit_input import (
        audit_named,
        chosen_hosts,
        hosts_passed_by,
        refuse_audited,
        reports_asked,
        work_of,
    )
    from translator.cli.audit_live import audit_live, refuse_with_live
    from translator.cli.audit_output import show_or_write

    asked = reports_asked(telling.report)
    refuse_audited(asked, files or (), plan, folder)
    work = work_of(plan, strictness.settings, platform, interface, address)
    if live:
        refuse_with_live(files, platform, interface)
        audits = audit_live(work, folder, limit, logins)
    else:
        work = replace(work, hosts=chosen_hosts(folder, limit, platform, interface))
        passed_by = hosts_passed_by(folder, limit)
        audits = audit_named(work, files or (), machines.way(), passed_by)
    return show_or_write(audits, work.plan, telling.output, asked, everything=telling.show_all)
