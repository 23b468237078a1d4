"""The audit of one file as a piece of work that any process or machine can do."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from translator.audit.audit import Auditor, Subject
from translator.audit.case import Settings
from translator.audit.codec import to_plain
from translator.audit.fleet.sources import Source
from translator.audit.model import DeviceAudit
from translator.drivers.detect import AUTO
from translator.drivers.registry import driver, drivers
from translator.drivers.text import text_of
from translator.errors import InventoryError, TranslatorError, Where
from translator.intents.compile import InterfaceSpec
from translator.intents.match import Prefix
from translator.inventory.model import Host
from translator.plan.model import Plan

__all__ = ["AuditWork"]


@dataclass(frozen=True, slots=True)
class AuditWork:
    """What is asked of every file; two equal ones give the same answer on the same bytes.

    Attributes:
        platform: of all files; `auto` lets each text show its own.
        interfaces: with their roles, for all files; None: each text shows its own.
        hosts: hosts of an inventory by name; a file belongs to the host that has one of its
            names. None without an inventory.
    """

    plan: Plan
    settings: Settings = field(default_factory=Settings)
    platform: str = AUTO
    interfaces: tuple[InterfaceSpec, ...] | None = None
    addresses: tuple[tuple[str, tuple[Prefix, ...]], ...] = ()
    hosts: Mapping[str, Host] | None = None

    def audit(self, source: Source, data: bytes) -> DeviceAudit:
        """Return the audit of a file with these bytes.

        Raises:
            TranslatorError: it cannot be audited, or the inventory has no such host.
        """
        platform, interfaces, addresses = self.platform, self.interfaces, self.addresses
        if self.hosts is not None:
            host = self._host(source)
            platform, interfaces = host.driver, host.interfaces
            addresses = tuple({**host.bindings, **dict(addresses)}.items())
        readers = drivers() if platform == AUTO else (driver(platform),)
        text = text_of(data, *readers, file=source.file)
        subject = Subject(source.device, source.file, text, platform, interfaces, addresses)
        return _auditor(self.plan, self.settings).audit(subject)

    def answer(self, source: Source, data: bytes) -> bytes:
        """Return the audit of a file as bytes (`translator.audit.codec`)."""
        return to_plain(self.audit(source, data))

    def failed(self, source: Source, error: TranslatorError) -> bytes:
        """Return what is said of a file that could not be audited."""
        return to_plain(
            DeviceAudit(
                source.device,
                source.file,
                plan=self.plan.name,
                error=str(error),
                error_exit_code=error.exit_code,
            )
        )

    def part(self, sources: Sequence[Source]) -> AuditWork:
        """Return the same work with the hosts of these files only."""
        if self.hosts is None:
            return self
        names = {name for source in sources for name in source.names}
        return replace(self, hosts={name: self.hosts[name] for name in names & self.hosts.keys()})

    @property
    def fingerprint(self) -> str:
        """A digest of everything that is asked of all files alike."""
        return _digest(repr(replace(self, hosts=None)))

    def identity_of(self, source: Source) -> str:
        """Return a digest of what is asked of this file in particular."""
        return _digest(repr((source, self.hosts is None, self._known_host(source))))

    def _known_host(self, source: Source) -> Host | None:
        hosts = self.hosts or {}
        return next((hosts[name] for name in source.names if name in hosts), None)

    def _host(self, source: Source) -> Host:
        host = self._known_host(source)
        if host is None:
            raise InventoryError(
                f"the inventory has no host {source.device!r}",
                where=Where(source.file),
                hint="name the file as the host, and give that interfaces under data.qos",
            )
        return host


_known: list[tuple[Plan, Settings, Auditor]] = []
"""This process's auditor: what files have in common is worked out once."""


def _auditor(plan: Plan, settings: Settings) -> Auditor:
    if _known:
        own_plan, own_settings, auditor = _known[0]
        if own_settings == settings and (own_plan is plan or own_plan == plan):
            # The next file's plan is the same object as this one's, if it comes in one batch.
            _known[0] = (plan, settings, auditor)
            return auditor
    _known[:] = [(plan, settings, Auditor(plan, settings))]
    return _known[0][2]


def _digest(text: str) -> str:
    # A file name may hold bytes that are no text; two such names must not become one.
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()
