"""From the intents of a device to the text of an `mls qos` switch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from translator.drivers.base import Rendered, refuse
from translator.drivers.cisco.naming import Namer, interface_name
from translator.drivers.cisco_catalyst.classes import NAME_LENGTH, Boundary, RenderedClass, boundary
from translator.drivers.cisco_catalyst.lines import (
    HEADER,
    INTERFACE,
    MLS_QOS,
    SERVICE_POLICY,
    TRUST,
    written,
)
from translator.drivers.cisco_catalyst.logical import is_logical
from translator.drivers.cisco_catalyst.queues import Placement, map_lines, place, port_lines
from translator.drivers.cisco_catalyst.tcam import BUDGET
from translator.drivers.templates import fill
from translator.errors import DriverError
from translator.intents.capabilities import Capabilities
from translator.intents.lower import lower
from translator.intents.model import DeviceIntents, InterfaceIntents, QueuingIntent

__all__ = ["render"]

_PLATFORM: Final = "cisco_catalyst"
_PORT_NAME: Final = re.compile(r"[A-Za-z][A-Za-z-]{0,30} ?[0-9]{1,4}(/[0-9]{1,4}){0,3}")


def render(intents: DeviceIntents, capabilities: Capabilities) -> Rendered:
    """Return the configuration for the intents.

    Raises:
        UnsupportedIntentError: an intent cannot be expressed exactly.
    """
    for interface in intents.interfaces:
        _check(interface)
    device = _Switch(lower(intents, capabilities))
    return Rendered(
        config=fill("cisco_catalyst/config.j2", **device.sections()),
        removal=fill("cisco_catalyst/removal.j2", **device.removal()),
        instructions=tuple(device.instructions()),
    )


def _check(interface: InterfaceIntents) -> None:
    _check_name(interface.name)
    if interface.egress_classifier:
        raise refuse(
            _PLATFORM,
            f"queues by ports on {interface.name}",
            "its egress queues are chosen by code point only",
            nearest="role client where packets enter, role uplink here",
        )
    if interface.queuing is not None and interface.queuing.shaping_bps is not None:
        raise refuse(
            _PLATFORM,
            f"shaping {interface.name} to {interface.queuing.shaping_bps} bit/s",
            "a port is limited in whole percent of its line and drops what exceeds it",
            nearest="role uplink here and the shaper on the router, or by hand "
            "`srr-queue bandwidth limit 10-90`",
        )


def _check_name(name: str) -> None:
    """Check that a name is a physical port's.

    Source: Catalyst 2960 guide, QoS guidelines: QoS is configured on physical ports, on every
    member of an EtherChannel; there is none on VLAN interfaces of a 2960.
    """
    if not _PORT_NAME.fullmatch(name):
        raise DriverError(
            f"{name!r} is no port of a switch", hint="write it as in GigabitEthernet1/0/1"
        )
    if is_logical(name):
        raise refuse(
            _PLATFORM,
            f"QoS on {name}",
            "it is configured on physical ports only",
            nearest="name the physical ports behind it",
        )


class _Switch:
    """Collects what the ports of one switch need, each policy and list once."""

    def __init__(self, intents: DeviceIntents) -> None:
        self._intents = intents
        self._policies: dict[str, Boundary] = {}
        self._policy_of: dict[str, str] = {}
        self._placements: dict[str, Placement] = {}
        names, policies = Namer(NAME_LENGTH), Namer(NAME_LENGTH)
        for item in intents.interfaces:
            if item.marks:
                self._bind(item.name, boundary(item, names), policies)
            if item.queuing is not None:
                self._place(item.name, item.queuing)
        if self._entries > BUDGET:
            raise refuse(
                _PLATFORM,
                f"the policies of {intents.device}",
                f"they take about {self._entries} hardware entries and there are {BUDGET}",
                nearest="use fewer port ranges, ranges that start and end at powers of two, "
                "or fewer rows",
            )

    @property
    def _header(self) -> str:
        return written(HEADER, device=self._intents.device, plan=self._intents.plan)

    @property
    def _entries(self) -> int:
        return sum(item.cost for item in self._policies.values())

    @property
    def _classes(self) -> dict[str, RenderedClass]:
        """All classes by name, in order of first use."""
        return {item.name: item for made in self._policies.values() for item in made.classes}

    def sections(self) -> dict[str, object]:
        """Return the lines of the configuration by section, for the template."""
        lists = [item.access_list for item in self._classes.values() if item.entries]
        return {
            "header": self._header,
            "mls_lines": self._mls_lines(),
            "access_lists": lists,
            "class_maps": [item.class_map for item in self._classes.values()],
            "policy_maps": [made.policy_map for made in self._policies.values()],
            "interfaces": [list(self._port(item)) for item in self._intents.interfaces],
        }

    def removal(self) -> dict[str, object]:
        """Return what undoes it, last things first."""
        undone = [
            [block[0], *(" no " + _short(line.strip()) for line in reversed(block[1:]))]
            for block in (list(self._port(item)) for item in reversed(self._intents.interfaces))
        ]
        lists = [item.access_list[0] for item in self._classes.values() if item.entries]
        return {
            "header": self._header,
            "interfaces": undone,
            "policy_maps": [made.policy_map[0] for made in reversed(self._policies.values())],
            "class_maps": [item.class_map[0] for item in reversed(self._classes.values())],
            "access_lists": lists[::-1],
            "queue_maps": bool(self._placements),
            "mls_qos": written(MLS_QOS),
        }

    def instructions(self) -> Iterator[str]:
        """Yield what the text itself cannot do or say."""
        yield (
            "`mls qos` turns QoS on for the whole switch: a port that is not in this text and has "
            "neither trust nor a policy then rewrites every code point to 0."
        )
        if self._policies:
            yield (
                "Remove `mls qos trust` from ports that receive a policy here: the one configured "
                "last wins. Policy-maps need the LAN Base image or better."
            )
            yield f"The policies take about {self._entries} of {BUDGET} QoS hardware entries" + (
                "; that is more than half: watch the log for programming errors."
                if 2 * self._entries > BUDGET
                else "."
            )
        if self._intents.drops_early:
            yield (
                "Early drop is not written: these switches drop at the end of a queue, at "
                "thresholds by code point, which the queue-sets of the switch hold."
            )
        if any(placement.priority for placement in self._placements.values()):
            yield (
                "Queue 1 is served before all others without a limit: what may enter it is "
                "limited only at the ports where packets are marked."
            )
        yield "On an EtherChannel put the lines of its port on every member port."
        yield (
            "The removal turns QoS off and sets the queue maps to their defaults: leave those "
            "lines out where QoS was on before."
        )

    def _bind(self, port: str, wanted: Boundary, policies: Namer) -> None:
        """Attach a policy; ports that want the same classes share the first one's policy."""
        for known in self._policies.values():
            if known.classes == wanted.classes:
                self._policy_of[port] = known.name
                return
        name = policies.name(wanted.name, wanted.classes)
        self._policies[name] = replace(wanted, name=name)
        self._policy_of[port] = name

    def _place(self, name: str, queuing: QueuingIntent) -> None:
        made = place(queuing)
        for other, placement in self._placements.items():
            if placement.queue_of != made.queue_of:
                raise refuse(
                    _PLATFORM,
                    f"different queues on {other} and {name}",
                    "the map from code points to queues is one for the whole switch",
                    nearest="use one plan of queues for all ports of the switch",
                )
        self._placements[name] = made

    def _mls_lines(self) -> list[str]:
        placements = tuple(self._placements.values())
        lines = list(map_lines(placements[0])) if placements else []
        return [*lines, written(MLS_QOS)]

    def _port(self, item: InterfaceIntents) -> Iterator[str]:
        yield written(INTERFACE, name=interface_name(item.name))
        if item.name in self._placements:
            yield from port_lines(self._placements[item.name])
        if item.name in self._policy_of:
            yield written(SERVICE_POLICY, 1, name=self._policy_of[item.name])
        else:
            yield written(TRUST, 1, field="dscp")


def _short(line: str) -> str:
    """Return what follows `no` to undo a line: the scheduler's weights are left out."""
    words = line.split()
    return " ".join(words[:3]) if words[0] == "srr-queue" else line
