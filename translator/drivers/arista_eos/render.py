"""From the intents of a device to the text of an EOS switch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from translator.drivers.arista_eos.classes import NAME_LENGTH, Boundary, RenderedClass, boundary
from translator.drivers.arista_eos.layout import (
    PLATFORM,
    Layout,
    layout_of,
    map_lines,
    queue_lines,
    shape_line,
)
from translator.drivers.arista_eos.lines import (
    HEADER,
    INTERFACE,
    SERVICE_POLICY,
    STRICT,
    TRUST,
    written,
)
from translator.drivers.base import Rendered, refuse
from translator.drivers.cisco.naming import Namer
from translator.drivers.templates import fill
from translator.errors import DriverError
from translator.intents.capabilities import Capabilities
from translator.intents.lower import lower
from translator.intents.model import DeviceIntents, InterfaceIntents

__all__ = ["render"]

_PORT_NAME: Final = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)?[0-9]{1,4}(?:/[0-9]{1,4}){0,3}")
_KINDS: Final = ("ethernet", "port-channel")


def render(intents: DeviceIntents, capabilities: Capabilities) -> Rendered:
    """Return the configuration for the intents.

    Raises:
        UnsupportedIntentError: an intent cannot be expressed exactly.
    """
    for interface in intents.interfaces:
        _check_name(interface.name)
    device = _Switch(lower(intents, capabilities))
    return Rendered(
        config=fill("arista_eos/config.j2", **device.sections()),
        removal=fill("arista_eos/removal.j2", **device.removal()),
        instructions=tuple(device.instructions()),
    )


def _check_name(name: str) -> None:
    """Check that a name is that of a port or a bundle.

    Source: EOS user manual, "Configuring QoS Traffic Policies": policies are applied to Ethernet
    and port channel interfaces.
    """
    if not _PORT_NAME.fullmatch(name):
        raise DriverError(f"{name!r} is no port of a switch", hint="write it as in Ethernet1/1")
    kind = name.rstrip("0123456789/").lower()
    if not any(known.startswith(kind) for known in _KINDS):
        raise refuse(
            PLATFORM,
            f"QoS on {name}",
            "policies and queues are those of Ethernet ports and port channels",
            nearest="name the ports behind it",
        )


class _Switch:
    """Collects what the ports of one switch need, each policy and list once."""

    def __init__(self, intents: DeviceIntents) -> None:
        self._intents = intents
        self._layout = self._common_layout()
        self._policies: dict[str, Boundary] = {}
        self._policy_of: dict[str, str] = {}
        names, policies = Namer(NAME_LENGTH), Namer(NAME_LENGTH)
        for item in intents.interfaces:
            if item.marks:
                self._bind(item.name, boundary(item, self._layout, names), policies)

    def sections(self) -> dict[str, object]:
        """Return the lines of the configuration by section, for the template."""
        classes = self._classes.values()
        return {
            "header": self._header,
            "blocks": [
                *([self._maps] if self._maps else []),
                *(item.access_list for item in classes if item.family == "ipv6"),
                *(item.access_list for item in classes if item.family == "ip"),
                *(item.class_map for item in classes),
                *(made.policy_map for made in self._policies.values()),
            ],
            "interfaces": [list(self._port(item)) for item in self._intents.interfaces],
        }

    def removal(self) -> dict[str, object]:
        """Return what undoes it, last things first."""
        classes = tuple(reversed(self._classes.values()))
        heads = [
            *(made.policy_map[0] for made in reversed(self._policies.values())),
            *(item.class_map[0] for item in classes),
            *(item.access_list[0] for item in classes),
        ]
        return {
            "header": self._header,
            "interfaces": [list(self._undone(item)) for item in reversed(self._intents.interfaces)],
            "heads": heads,
            "maps": [_undone_map(line) for line in reversed(self._maps)],
        }

    def instructions(self) -> Iterator[str]:
        """Yield what the text itself cannot do or say."""
        if self._layout.queues:
            yield (
                "The maps from code points to traffic classes and queues are those of the whole "
                "switch: ports that are not in this text use them too."
            )
            yield (
                "Where the switch has `uc-tx-queue` instead of `tx-queue` (7050 and siblings), "
                "write that word; its multicast queues are not part of this text."
            )
            yield (
                "A port that is not in this text keeps its own trust: what enters there waits in "
                "the queue of that. Name it with the role uplink to have it trust the code point."
            )
        if self._policies:
            yield (
                "A policy that does not fit the TCAM is reported in the log alone: look at `show "
                "policy-map interface NAME type qos`, which must say `Successful`."
            )
            yield (
                "Leave `qos rewrite dscp` off: it would write the code point of the traffic class "
                "into every packet, and classes hold more than one."
            )
        yield "Enter it in `configure session`, and look at `show session-config diffs`."

    @property
    def _header(self) -> str:
        return written(HEADER, device=self._intents.device, plan=self._intents.plan)

    @property
    def _maps(self) -> list[str]:
        return list(map_lines(self._layout))

    @property
    def _classes(self) -> dict[str, RenderedClass]:
        """All classes by name, in order of first use."""
        return {item.name: item for made in self._policies.values() for item in made.classes}

    def _common_layout(self) -> Layout:
        """Return the one table from code points to queues that all ports of the switch share."""
        found: dict[str, Layout] = {}
        for item in self._intents.interfaces:
            if item.queuing is None:
                continue
            made = layout_of(item.queuing)
            for other, layout in found.items():
                if layout != made:
                    raise refuse(
                        PLATFORM,
                        f"different queues on {other} and {item.name}",
                        "the maps from code points to queues are those of the whole switch",
                        nearest="use one plan of queues for all ports of the switch",
                    )
            found[item.name] = made
        return next(iter(found.values()), Layout())

    def _bind(self, port: str, wanted: Boundary, policies: Namer) -> None:
        """Attach a policy; ports that want the same classes share the first one's policy."""
        for known in self._policies.values():
            if known.classes == wanted.classes:
                self._policy_of[port] = known.name
                return
        name = policies.name(wanted.name, wanted.classes)
        self._policies[name] = replace(wanted, name=name)
        self._policy_of[port] = name

    def _port(self, item: InterfaceIntents) -> Iterator[str]:
        yield written(INTERFACE, name=item.name)
        if item.name in self._policy_of:
            yield written(SERVICE_POLICY, 1, name=self._policy_of[item.name])
        yield written(TRUST, 1, field="dscp")
        if item.queuing is None:
            return
        if item.queuing.shaping_bps is not None:
            yield shape_line(item.queuing.shaping_bps)
        for block in queue_lines(item.queuing):
            yield "   !"
            yield from block

    def _undone(self, item: InterfaceIntents) -> Iterator[str]:
        """Yield what a port is told to be as it was: each of these lines is one that EOS prints."""
        lines = [line for line in self._port(item) if line.strip() != "!"]
        yield lines[0]
        for line in lines[1:]:
            yield _undone_line(line)


def _undone_line(line: str) -> str:
    """Return what takes a line of a port back."""
    words = line.split()
    depth = line[: len(line) - len(line.lstrip())]
    if words[0] == "tx-queue":
        return line
    if words[0] == "service-policy":
        return f"{depth}no {line.strip()}"
    if words[0] in ("priority", "no"):
        return f"{depth}{written(STRICT)}"
    negation = "default" if words[0] == "qos" else "no"
    return f"{depth}{negation} {' '.join(words[:2])}"


def _undone_map(line: str) -> str:
    """Return what gives the values of a map their defaults back.

    Unverified: the words that follow `no`.
    """
    return f"no {line.rpartition(' ')[0]}"
