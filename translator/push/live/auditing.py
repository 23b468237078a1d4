"""Running configurations of devices, audited as the files of a folder are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from translator.audit.codec import Packed
from translator.audit.fleet.sources import Source
from translator.audit.fleet.work import AuditWork
from translator.audit.model import DeviceAudit
from translator.errors import TranslatorError
from translator.inventory.model import Host
from translator.push.live.many import FORKS, Advance, Ended, on_each
from translator.push.live.read import Read, origin_of, read_whole
from translator.push.redact import Redactor, redacted
from translator.push.session import Opener

__all__ = ["audit_devices", "audit_text"]


def audit_devices(
    work: AuditWork,
    hosts: Sequence[Host],
    opener: Callable[[Host], Opener],
    redactor: Redactor,
    *,
    forks: int = FORKS,
    advance: Advance | None = None,
) -> Packed:
    """Return the audits of devices, in their order; no text is written to a disk.

    Roles come from the inventory; of a host without interfaces there, from its configuration.
    """
    found = Packed()
    for ended in on_each(
        hosts, lambda host: read_whole(host, opener(host)), redactor, forks=forks, advance=advance
    ):
        _add(found, work, ended, redactor)
    return found


def _add(found: Packed, work: AuditWork, ended: Ended[Read], redactor: Redactor) -> None:
    host, read = ended.host, ended.value
    if read is None:
        if ended.error is not None:
            found.add_packed(work.failed(_source(host), ended.error))
        return
    try:
        found.add(audit_text(work, host, read.text))
    except TranslatorError as error:
        redacted(error, redactor)
        found.add_packed(work.failed(_source(host), error))


def audit_text(work: AuditWork, host: Host, text: str) -> DeviceAudit:
    """Return the audit of what a host runs.

    Raises:
        TranslatorError: it cannot be audited.
    """
    own = replace(work, hosts={host.name: host}) if host.interfaces else _inferred(work, host)
    return own.audit(_source(host), text.encode("utf-8", "surrogateescape"))


def _source(host: Host) -> Source:
    return Source(host.name, origin_of(host))


def _inferred(work: AuditWork, host: Host) -> AuditWork:
    addresses = tuple({**host.bindings, **dict(work.addresses)}.items())
    return replace(work, hosts=None, platform=host.driver, addresses=addresses)
