"""Access lists of classes: what they permit, and what they deny, belongs to the class alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from translator.drivers.cisco.groups import Groups
from translator.drivers.cisco.ledger import Ledger
from translator.drivers.cisco.lists import AccessLists
from translator.drivers.cisco.reader import Section, TextLine
from translator.intents.condition import AccessList, Condition

__all__ = ["NexusLists"]

# They count, or speak of what is routed to the switch itself.
_NO_ENTRIES: Final = (["statistics", "per-entry"], ["ignore", "routable"])


class NexusLists(AccessLists):
    """The access lists of one text.

    Source: Nexus 7000 QoS guide, Configuring Classification, and a laboratory's test of it
    (netcraftsmen.com, "Deny equals permit in NX-OS QoS ACLs"): a QoS policy ignores the keyword
    permit or deny. Unverified on Nexus 9000.
    """

    def __init__(self, sections: Iterable[Section], ledger: Ledger) -> None:
        super().__init__(map(_entries, sections), Groups((), ledger), ledger)
        self._account = ledger

    def condition(self, name: str) -> Condition:
        """Return what a class takes that names the list."""
        found = super().condition(name)
        if not isinstance(found, AccessList) or all(entry.permit for entry in found.entries):
            return found
        self._account.note(
            f"access list {name} denies: in a class a denying entry matches as a permitting one "
            "does (documented for Nexus 7000)"
        )
        return AccessList(tuple(replace(entry, permit=True) for entry in found.entries))


def _entries(section: Section) -> Section:
    return section._replace(body=tuple(line for line in section.body if not _is_setting(line)))


def _is_setting(line: TextLine) -> bool:
    return line.keys[:2] in _NO_ENTRIES
