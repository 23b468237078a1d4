"""The plan as its owner writes it: who sends what media from which ports with which DSCP.

Rows speak from the sender's point of view, as host policies do. Nothing here knows a device.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network

from translator.codepoint import CodePoint
from translator.errors import PlanError, Where
from translator.ports import PortBlock, PortRange

__all__ = [
    "AddressGroup",
    "Confidence",
    "Media",
    "Narrowing",
    "Plan",
    "PlanOptions",
    "PlanRow",
    "PortSetting",
    "QueueRow",
    "Status",
    "Transport",
    "Treatment",
]


class Media(StrEnum):
    """What a row carries."""

    AUDIO = "audio"
    VIDEO = "video"
    SIGNALLING = "signalling"
    APP_SHARING = "app_sharing"
    FILE_TRANSFER = "file_transfer"
    ANY = "any"


class Status(StrEnum):
    """Where a row comes from, and so how far to believe it."""

    ARTICLE = "article"
    ARTICLE_BODY = "article-body"
    COMMENT = "comment"
    PART2 = "part2"
    MS_DOCS = "ms-docs"
    VENDOR_DOCS = "vendor-docs"
    PRACTICE = "practice"
    DERIVED = "derived"
    USER = "user"


class Confidence(StrEnum):
    """How well a value is founded: read in the vendor's own text, read elsewhere, or not confirmed.

    Of several values the weakest counts. What is derived or the user's own has none.
    """

    PRIMARY = "primary"
    SECONDARY = "secondary"
    MEMORY = "memory"


class Transport(StrEnum):
    """Transport protocols that a plan may name."""

    TCP = "tcp"
    UDP = "udp"


class Treatment(StrEnum):
    """How a queue of the plan is served."""

    PRIORITY = "priority"
    BANDWIDTH = "bandwidth"
    FAIR = "fair"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A source port per transport to which a wide row is narrowed on the network."""

    udp: PortRange | None = None
    tcp: PortRange | None = None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One row of the plan.

    Attributes:
        code_point: what the sender's packets are to carry; None: no single value is right.
        match_code_point: the row concerns only packets that carry this (Phone Edition's 40).
        sources, destinations: names of address groups; empty is any address.
        source_ports, destination_ports: empty is any port.
        port_setting: name of the port setting (`client.app_sharing`) that gives the source ports
            and is not set yet; such a row cannot be rendered.
        needs: groups without which the row would catch strangers' traffic.
        port_only_safe: may be rendered by ports alone, with no address.
        opt_in: rendered only when asked for (reverse directions, alternatives).
        policy_range_of: for a row whose policy range is one port wider than start + count, the
            block that the product really uses.
        source: where the row was read; `status` says what kind of text that is, `confidence` how
            well the row's values are founded.
    """

    id: str
    component: str
    media: Media
    code_point: CodePoint | None
    protocols: tuple[Transport, ...]
    status: Status
    executable: str | None = None
    match_code_point: CodePoint | None = None
    sources: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    source_ports: tuple[PortRange, ...] = ()
    destination_ports: tuple[PortRange, ...] = ()
    port_setting: str | None = None
    narrow: Narrowing | None = None
    needs: tuple[str, ...] = ()
    port_only_safe: bool = True
    opt_in: bool = False
    alternative_to: str | None = None
    policy_range_of: PortBlock | None = None
    confidence: Confidence | None = None
    source: str = ""
    note: str = ""
    where: Where | None = None

    def __post_init__(self) -> None:
        if not self.protocols:
            raise PlanError(
                f"row {self.id}: no protocol", where=self.where, hint="write tcp, udp or both"
            )


@dataclass(frozen=True, slots=True)
class AddressGroup:
    """A named set of addresses: bound prefixes, or the union of other groups.

    `outside`: they lie beyond the site's Internet line, so their packets enter by it.
    """

    name: str
    prefixes: tuple[IPv4Network | IPv6Network, ...] = ()
    union_of: tuple[str, ...] = ()
    outside: bool = False
    confidence: Confidence | None = None
    source: str = ""
    note: str = ""
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class PortSetting:
    """Ports of one medium as the product stores them; `block` None while nobody has set it.

    Attributes:
        policy_range: what published host policies mark for it, where that is not the block.
        min_count: how many ports the product needs at least.
    """

    name: str
    block: PortBlock | None
    default: PortBlock | None = None
    policy_range: PortRange | None = None
    min_count: int = 1
    source: str = ""
    confidence: Confidence | None = None
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A queue that the plan asks of every congested link; shares in percent of the link.

    Attributes:
        confidence, source: of the share; no confidence: it was worked out, or is the owner's.
    """

    media: Media | None  # None: the default queue
    code_points: tuple[CodePoint, ...]
    treatment: Treatment
    percent: int
    congestion_avoidance: bool = False
    confidence: Confidence | None = None
    source: str = ""
    where: Where | None = None

    @property
    def name(self) -> str:
        """The medium, or `default`."""
        return "default" if self.media is None else self.media.value


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """Choices of the plan's owner.

    Attributes:
        tcp: whether TCP audio and video (the fallback) are classified too. Server rows count UDP
            only unless `server_tcp`, since default application sharing uses the same TCP ports.
        client_port_ranges: `ClientMediaPortRangeEnabled`; False makes every client port row void.
        include: ids of opt-in rows to render.
        exclude: ids of rows to leave out.
        allowed_code_points: the only code points that pass beside 0, whoever wrote them; empty
            for all. Every other becomes 0 where packets enter, on trusted interfaces too.
    """

    tcp: bool = True
    server_tcp: bool = False
    client_port_ranges: bool = True
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    allowed_code_points: tuple[CodePoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan; `rows` stand in first-match order."""

    name: str
    title: str
    rows: tuple[PlanRow, ...]
    queues: tuple[QueueRow, ...]
    groups: tuple[AddressGroup, ...] = ()
    port_settings: tuple[PortSetting, ...] = ()
    options: PlanOptions = field(default_factory=PlanOptions)
    source: str = ""
    where: Where | None = None

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for row in self.rows:
            if row.id in seen:
                raise PlanError(
                    f"row id {row.id} is used twice", where=row.where, hint="ids must be unique"
                )
            seen.add(row.id)

    def row(self, row_id: str) -> PlanRow:
        """Return the row of that id.

        Raises:
            PlanError: there is none.
        """
        for row in self.rows:
            if row.id == row_id:
                return row
        raise PlanError(f"plan {self.name} has no row {row_id}", where=self.where)

    @property
    def code_points(self) -> tuple[CodePoint, ...]:
        """Every code point that the plan writes, ascending."""
        return tuple(sorted({row.code_point for row in self.rows if row.code_point is not None}))
