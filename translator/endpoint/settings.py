"""What the endpoint side is set to, one frozen value per fact, whatever the file it came from.

`PortSetting` names are those of `plan.port_settings` (`client.audio`, `conference_server.video`).
A `scope` is the product's own word for where a setting holds: `Global`, `Site:Branch1`,
`ConferencingServer:pool01.example.com`, `Tenant`; compare it without case.

Source:
    Microsoft documentation of Set-CsConferencingConfiguration, Set-CsConferenceServer,
    Set-CsUCPhoneConfiguration, Set-CsMediaConfiguration, New-NetQosPolicy, the registry layout of
    policy-based QoS, and Psched's DiffservByteMappingConforming.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from translator.codepoint import CodePoint
from translator.errors import Where
from translator.plan.model import Transport
from translator.ports import PortBlock, PortRange

__all__ = [
    "COMPUTER",
    "GLOBAL",
    "TENANT",
    "USER",
    "ClientRanges",
    "ExportedPlan",
    "ExportedText",
    "HostPolicy",
    "MediaPorts",
    "MediaQos",
    "NlaSwitch",
    "PhoneMarking",
    "PschedMarking",
    "PschedService",
    "Remark",
    "Setting",
    "Settings",
]


COMPUTER: Final = "HKLM"  # the store of policies that a computer has from Group Policy
USER: Final = "HKCU"  # the store of policies that a user has
GLOBAL: Final = "Global"  # the scope of a whole deployment
TENANT: Final = "Tenant"  # the scope of a Teams tenant


class PschedService(StrEnum):
    """The two service types that the QoS packet scheduler of Windows XP and 2003 marks."""

    GUARANTEED = "ServiceTypeGuaranteed"  # audio; 40 unless set
    CONTROLLED_LOAD = "ServiceTypeControlledLoad"  # video; 24 unless set


@dataclass(frozen=True, slots=True)
class MediaPorts:
    """The ports that a product uses for one medium; `block` None: count 0, any port."""

    name: str
    block: PortBlock | None
    scope: str = GLOBAL
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class ClientRanges:
    """ClientMediaPortRangeEnabled: while false, clients use any port whatever the ranges say."""

    enabled: bool
    scope: str = GLOBAL
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class MediaQos:
    """EnableQoS of the media configuration, or of a Teams tenant's meeting configuration."""

    enabled: bool
    scope: str = GLOBAL
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class PhoneMarking:
    """What Phone Edition marks its audio with; 40 and 0 unless set."""

    code_point: CodePoint
    dot1p: int = 0
    scope: str = GLOBAL
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class HostPolicy:
    """One policy of policy-based QoS on a Windows host.

    Attributes:
        application: file name or path of the program; None is every program.
        protocols: never empty; both where the host says `*`, `Both` or None.
        source_ports, destination_ports: None is any port.
        source_prefix, destination_prefix: None is any address.
        code_point: None where the policy marks nothing (it only throttles).
        throttle_bps: bit/s; None without a throttle.
        store: where the policy lives (`HKLM`, `HKCU`, a policy store's name); "" if unknown.
    """

    name: str
    application: str | None
    protocols: tuple[Transport, ...]
    code_point: CodePoint | None
    source_ports: PortRange | None = None
    destination_ports: PortRange | None = None
    source_prefix: IPv4Network | IPv6Network | None = None
    destination_prefix: IPv4Network | IPv6Network | None = None
    throttle_bps: int | None = None
    store: str = ""
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class PschedMarking:
    """What Windows XP and 2003 mark conforming packets of a service type with."""

    service: PschedService
    code_point: CodePoint
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class NlaSwitch:
    """`Do not use NLA`, without which policies hold on networks of the domain only.

    Windows reads it as text (REG_SZ) "1"; `is_text` False: it was written as a number and has no
    effect.
    """

    value: str
    is_text: bool
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class ExportedPlan:
    """That the files beside it are all of an export, and which rows of a plan they say.

    Attributes:
        plan: its name.
        rows: ids of the rows that are in the files.
        left_out: ids of the other rows that the plan's options choose.
    """

    plan: str
    rows: tuple[str, ...]
    left_out: tuple[str, ...]
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class ExportedText:
    """The plan itself, as YAML, that an export was made of."""

    text: str
    where: Where


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader had to repair, or could not put into a setting, and so must not keep silent.

    Attributes:
        kind: id of the finding that it becomes (`translator.endpoint.findings.kinds`).
        cure: what to do, where that of the kind is not exact enough.
    """

    kind: str
    message: str
    where: Where | None = None
    cure: str = ""


Setting = (
    MediaPorts
    | ClientRanges
    | MediaQos
    | PhoneMarking
    | HostPolicy
    | PschedMarking
    | NlaSwitch
    | ExportedPlan
    | ExportedText
    | Remark
)
Settings = tuple[Setting, ...]
