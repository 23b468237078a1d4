"""Device shapes that each driver must render and prove, or refuse naming the nearest thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tests.support.values import replace
from translator.drivers.base import Driver, Rendered
from translator.drivers.registry import driver, driver_names
from translator.errors import UnsupportedIntentError
from translator.intents.compile import Bindings, Compiler, InterfaceSpec
from translator.intents.lower import lower
from translator.intents.match import prefix_of
from translator.intents.model import DeviceIntents
from translator.plan import Plan
from translator.plan.groups import known_groups
from translator.plan.load import STANDARD_PRESET, load_preset

__all__ = [
    "BINDINGS",
    "RETURN_ROWS",
    "SHAPES",
    "Accepted",
    "accepted_cases",
    "bindings_of",
    "family_of",
    "intents_of",
    "interface_name",
    "outcome",
    "plan_of",
]

SHAPES: Mapping[str, tuple[str, ...]] = {
    "access": ("A=client", "B=uplink:1G"),
    "voice": ("A=phone", "B=uplink:1G"),
    "data-centre": ("A=server", "B=uplink:10G"),
    "branch": ("A=client", "B=wan:10M"),
    "transit": ("A=uplink:1G", "B=wan:50M"),
    "small-office": ("B=internet:10M",),
    "home": ("A=client", "B=internet:10M"),
    "everything": ("A=client", "B=phone", "C=server", "D=uplink:1G", "E=wan:10M"),
}

_ADDRESSES = {
    "clients": ("10.1.0.0/16", "2001:db8:1::/48"),
    "phones": ("10.2.0.0/16",),
    "conference_servers": ("10.10.1.0/28", "2001:db8:10::/64"),
    "mediation_servers": ("10.10.2.0/28",),
    "application_servers": ("10.10.1.0/28",),
    "trusted_app_servers": ("10.10.3.0/28",),
    "edge_internal": ("10.10.4.1/32",),
    "exchange_um": ("10.10.5.0/29",),
    "pstn_gateways": ("10.10.6.1/32", "10.10.6.2/32"),
    "hosted_edge": ("203.0.113.0/28",),
}
_CLOUDS = {
    "microsoft_media": ("52.112.0.0/14", "2603:1063::/38"),
    "zoom_media": ("198.51.100.0/24",),
    "webex_media": ("203.0.113.128/25",),
}


def _bound(addresses: Mapping[str, tuple[str, ...]]) -> Bindings:
    return {name: tuple(map(prefix_of, texts)) for name, texts in addresses.items()}


BINDINGS: Bindings = _bound(_ADDRESSES)

# What comes back from the cloud is on request in each preset of a cloud.
RETURN_ROWS: Mapping[str, tuple[str, ...]] = {
    "expressroute-edge": ("E11", "E12"),
    "microsoft-teams": ("T21", "T22", "T23"),
    "webex": ("W21", "W22"),
    "zoom": ("Z21",),
}

# The interface names that each platform itself would use, by the letters of the shapes.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "arista_eos": tuple(f"Ethernet{n}" for n in range(1, 6)),
    "cisco_ios": tuple(f"GigabitEthernet0/{n}" for n in range(5)),
    "cisco_catalyst": tuple(f"GigabitEthernet1/0/{n}" for n in range(1, 6)),
    "cisco_nxos": tuple(f"Ethernet1/{n}" for n in range(1, 6)),
    "juniper_junos": tuple(f"ge-0/0/{n}.0" for n in range(5)),
    "linux": tuple(f"eth{n}" for n in range(5)),
    "tomato": ("br0", "vlan2", "br1", "br2", "br3"),
}


def interface_name(platform: str, letter: str) -> str:
    """Return the name that the platform gives to the interface of that letter."""
    return _NAMES[family_of(platform)]["ABCDE".index(letter)]


def family_of(platform: str) -> str:
    """Return the platform whose names and real texts a sibling platform shares."""
    return max((name for name in _NAMES if platform.startswith(name)), key=len, default="linux")


def intents_of(platform: str, shape: str, preset: str = STANDARD_PRESET) -> DeviceIntents:
    """Return the intents of a shape for a platform, before lowering."""
    specs = [InterfaceSpec.of(text) for text in SHAPES[shape]]
    named = [replace(spec, name=interface_name(platform, spec.name)) for spec in specs]
    return _compiler(preset).compile(f"{shape}-1", named, bindings_of(preset))


def bindings_of(preset: str) -> Bindings:
    """Return the bindings of the groups that a preset knows."""
    known = known_groups(plan_of(preset))
    bound = {**BINDINGS, **_bound(_CLOUDS)}
    return {name: prefixes for name, prefixes in bound.items() if name in known}


@dataclass(frozen=True, slots=True)
class Accepted:
    """A shape that a platform can express: its driver, the lowered intents, the text."""

    driver: Driver
    wanted: DeviceIntents
    rendered: Rendered


@cache
def outcome(
    platform: str, shape: str, preset: str = STANDARD_PRESET
) -> Accepted | UnsupportedIntentError:
    """Return what a platform makes of a shape, or why it refuses."""
    found = driver(platform)
    try:
        wanted = lower(intents_of(platform, shape, preset), found.capabilities)
        return Accepted(found, wanted, found.render(wanted))
    except UnsupportedIntentError as refused:
        return refused


def accepted_cases() -> list[tuple[str, str]]:
    """Return (platform, shape) of everything that is rendered, for all registered drivers."""
    return [
        (platform, shape)
        for platform in driver_names()
        for shape in SHAPES
        if isinstance(outcome(platform, shape), Accepted)
    ]


@cache
def plan_of(preset: str) -> Plan:
    """Return a preset with its rows for return traffic."""
    plan = load_preset(preset)
    return replace(plan, options=replace(plan.options, include=RETURN_ROWS.get(preset, ())))


@cache
def _compiler(preset: str) -> Compiler:
    return Compiler(plan_of(preset))
