"""What a port does that takes part in something else: a bundle, a VLAN, a whole port.

Source: EOS user manual, chapters Port Channels and Quality of Service: QoS commands are those of
Ethernet and port channel interfaces, and the members of a port channel act as one. Unverified:
that a member without QoS lines is treated as its port channel; what lines of its own do there is
not known. Whether a policy of a VLAN's interface goes before that of a port, and whether QoS of a
port holds on its subinterfaces, depends on the family.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import Final

from translator.drivers.arista_eos.port import Port
from translator.drivers.arista_eos.profiles import with_profile
from translator.drivers.arista_eos.vlans import Vlans
from translator.drivers.cisco.ledger import Ledger
from translator.drivers.doubt import Doubt

__all__ = ["placed"]

_VLAN: Final = "Vlan"
_BUNDLE: Final = "Port-Channel"
_MANAGEMENT: Final = "Management"
_SWITCHED: Final = ("Ethernet", _BUNDLE)
_DIGITS: Final = 5  # VLANs have four
_NAMED: Final = 20  # lines that a doubt names
_FILTERED: Final = (
    "filters of interfaces (ip access-group, ipv6 access-group, mac access-group) are not looked "
    "at: what they deny counts as if it passed"
)


def placed(
    ports: Mapping[str, Port], profiles: Mapping[str, Port], ledger: Ledger
) -> Iterator[Port]:
    """Yield the ports of a text that do something, and one named "*" for those it does not name."""
    own = {name: with_profile(port, profiles) for name, port in ports.items()}
    bundles = {n.removeprefix(_BUNDLE): port for n, port in own.items() if n.startswith(_BUNDLE)}
    vlans = {
        int(number[:_DIGITS]): port
        for name, port in own.items()
        if port.policy is not None
        and name.startswith(_VLAN)
        and (number := name.removeprefix(_VLAN)).isdecimal()
    }
    numbers = sorted(vlans)
    for port in (*own.values(), Port("*")):
        if port.filtered and not port.name.startswith(_MANAGEMENT):
            ledger.note(_FILTERED)
        item = port
        if port.bundle:
            item = _member(port, bundles.get(port.bundle), ledger)
        elif "." in port.name:
            item = _part(port, own.get(port.name.partition(".")[0]))
        if numbers:
            vlan = _vlan_of(bundles.get(port.bundle, port), numbers)
            item = item if vlan is None else _of_vlan(item, vlans[vlan])
        # Others are treated as those that the text does not name.
        if item.lines or item.is_unread or numbers or item.name == "*":
            yield item


def _vlan_of(port: Port, vlans: Sequence[int]) -> int | None:
    """Return the first of some VLANs that a port may carry; one that the text does not name may
    carry any.
    """
    if port.name == "*":
        return vlans[0] if vlans else None
    if not port.name.startswith(_SWITCHED) or "." in port.name:
        return None
    return Vlans.of(port.switching).first_of(vlans)


def _member(port: Port, bundle: Port | None, ledger: Ledger) -> Port:
    if bundle is None or bundle.bundle:
        reason = f"Port-Channel{port.bundle}, of which it is a member, is not in this text"
        return _doubted(port, Doubt(reason, (port.bundle_line,)))
    if not port.lines and not bundle.lines:
        return port
    ledger.note(f"the members of {bundle.name} are treated as it is (unverified)")
    item = bundle.named(port.name)
    item.lines = [*port.lines, *bundle.lines]
    doubt = Doubt(
        f"whether QoS lines of a member of {bundle.name} hold is not known",
        (port.bundle_line, *port.lines[:_NAMED]),
    )
    if port.says_of_entry - bundle.says_of_entry:
        item.unread_in = item.unread_in or doubt
    if port.says_of_exit - bundle.says_of_exit:
        item.unread_out = item.unread_out or doubt
    item.unread_in = item.unread_in or port.unread_in
    item.unread_out = item.unread_out or port.unread_out
    return item


def _part(port: Port, whole: Port | None) -> Port:
    """Return a subinterface; it may have what its port has."""
    if whole is None:
        return port
    reason = f"whether QoS of {whole.name} holds on its subinterfaces depends on the family"
    doubt = Doubt(reason, tuple(whole.lines[:_NAMED]))
    item = copy(port)
    if whole.says_of_entry - port.says_of_entry and port.policy is None:
        item.unread_in = port.unread_in or doubt
    if whole.says_of_exit - port.says_of_exit:
        item.unread_out = port.unread_out or doubt
    return item


def _of_vlan(port: Port, vlan: Port) -> Port:
    reason = f"whether the policy of {vlan.name} holds on its ports depends on the family"
    item = copy(port)
    item.unread_in = port.unread_in or Doubt(reason, tuple(vlan.lines[:_NAMED]))
    return item


def _doubted(port: Port, doubt: Doubt) -> Port:
    item = copy(port)
    item.unread_in, item.unread_out = port.unread_in or doubt, port.unread_out or doubt
    return item
