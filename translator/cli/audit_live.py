"""`audit --live`: the running configurations of devices, read and audited in one go."""

from __future__ import annotations

from collections.abc import Sequence

from translator.audit.codec import Packed
from translator.audit.fleet.work import AuditWork
from translator.cli.connection_options import Logins
from translator.cli.live_input import hosts_of
from translator.cli.progress import progress
from translator.errors import UsageError
from translator.push.live.auditing import audit_devices

__all__ = ["audit_live", "refuse_with_live"]


def refuse_with_live(
    files: Sequence[str] | None, platform: str | None, interfaces: Sequence[str] | None
) -> None:
    """Refuse what says of files that which the inventory says of devices.

    Raises:
        UsageError: something of it is given.
    """
    if files or platform or interfaces:
        raise UsageError(
            "--live reads the hosts of an inventory, which says platform and interfaces itself",
            hint="leave files, --platform and --interface out",
        )


def audit_live(work: AuditWork, folder: str | None, limit: str | None, logins: Logins) -> Packed:
    """Return the audits of devices.

    Raises:
        UsageError, InventoryError, LoginError: there are no hosts, or no credentials for them.
    """
    hosts = logins.over(hosts_of(folder, limit))
    title = f"auditing against {work.plan.name}"
    with logins.connected(hosts) as known, progress(title) as advance:
        return audit_devices(
            work, hosts, known.opener, known.redactor, forks=logins.forks, advance=advance
        )
