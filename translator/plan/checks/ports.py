"""Port ranges: off by one, too small, in each other's way, where programs pick at random."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from translator.plan.checks.finding import Draft, Severity, View, named
from translator.plan.groups import CLIENT_GROUPS
from translator.plan.legs import (
    EPHEMERAL_PORTS,
    is_audio_or_video,
    is_server_row,
    port_hazard,
    senders_of,
)
from translator.plan.model import Media, PlanRow, PortSetting, Transport
from translator.plan.policy_range import extra_port
from translator.ports import PortBlock

__all__ = [
    "default_app_sharing",
    "ephemeral_clients",
    "off_by_one",
    "range_mismatch",
    "round_count_plus_one",
    "setting_overlaps",
    "too_few_ports",
    "ucma_ports",
]


# Counts of client ranges are multiples of 20 in every published plan.
_ROUND: Final = 20


def off_by_one(view: View) -> Iterator[Draft]:
    """Host policies that end one port after the last port the product uses."""
    rendered = {row.id: row for row in view.rendered}
    alike: dict[tuple[PortBlock, bool], list[PlanRow]] = {}
    for row in view.chosen:
        if row.policy_range_of is not None and extra_port(row) is not None:
            is_trimmed = row.id in rendered and extra_port(rendered[row.id]) is None
            alike.setdefault((row.policy_range_of, is_trimmed), []).append(row)
    for (block, is_trimmed), rows in alike.items():
        last = block.range.high
        does = (
            "another class owns that port, so it is left out"
            if is_trimmed
            else "the wider range is rendered, which does no harm"
        )
        yield view.draft(
            Severity.WARNING,
            rows,
            f"the ports of {named(rows)} end at {last + 1}, but {block.count} ports from "
            f"{block.start} end at {last}; {does}",
            f"nothing, or end the range at {last}",
        )


def round_count_plus_one(view: View) -> Iterator[Draft]:
    """Ranges of 41 ports where 40 were meant: the end was taken for start plus count."""
    for row in view.chosen:
        if row.policy_range_of is not None or row.media in (Media.SIGNALLING, Media.ANY):
            continue
        for ports in (*row.source_ports, *row.destination_ports):
            count = ports.high - ports.low
            if count and count % _ROUND == 0:
                yield view.draft(
                    Severity.WARNING,
                    [row],
                    f"row {row.id}: {ports} holds {count + 1} ports; {count} ports from "
                    f"{ports.low} end at {ports.high - 1}",
                    f"if the product's count is {count}, end the range at {ports.high - 1}",
                )


def range_mismatch(view: View) -> Iterator[Draft]:
    """Rows whose ports are neither the product's block nor one port more."""
    for row in view.chosen:
        block = row.policy_range_of
        if block is None or extra_port(row) is not None:
            continue
        if block.range not in (*row.source_ports, *row.destination_ports):
            yield view.draft(
                Severity.ERROR,
                [row],
                f"row {row.id} does not cover {block.range}, the {block.count} ports from "
                f"{block.start} that the product uses",
                f"make the row's ports {block.range}, or correct policy_range_of",
            )


def setting_overlaps(view: View) -> Iterator[Draft]:
    """Media of one component that share ports cannot be told apart."""
    by_component: dict[str, list[PortSetting]] = {}
    for item in view.plan.port_settings:
        if item.block is not None:
            by_component.setdefault(item.name.partition(".")[0], []).append(item)
    for settings in by_component.values():
        for one, other in combinations(settings, 2):
            if _range(one).range.overlaps(_range(other).range):
                yield Draft(
                    Severity.ERROR,
                    (),
                    f"port settings {one.name} ({_range(one).range}) and {other.name} "
                    f"({_range(other).range}) share ports, so the network cannot tell them apart",
                    "move one of them; all client ranges start at 5350 until they are moved",
                    other.where or one.where or view.plan.where,
                )


def too_few_ports(view: View) -> Iterator[Draft]:
    """Blocks that are smaller than the product needs."""
    for item in view.plan.port_settings:
        if item.block is not None and item.block.count < item.min_count:
            yield Draft(
                Severity.WARNING,
                (),
                f"port setting {item.name} has {item.block.count} ports, at least "
                f"{item.min_count} are needed",
                f"set its count to {item.min_count} or more",
                item.where or view.plan.where,
            )


def default_app_sharing(view: View) -> Iterator[Draft]:
    """Application sharing on the ports of server audio and video, and what is done about TCP."""
    servers = [
        row
        for row in view.chosen
        if is_audio_or_video(row) and is_server_row(row) and Transport.TCP in row.protocols
    ]
    sharing = next(
        (x for x in view.plan.port_settings if x.name == "conference_server.app_sharing"), None
    )
    on_conference = [row for row in servers if "conference_servers" in senders_of(row)]
    if view.plan.options.server_tcp and on_conference:
        yield from _server_tcp(view, on_conference, sharing)
    elif servers and view.plan.options.tcp:
        yield view.draft(
            Severity.INFO,
            servers,
            "server audio and video rows are rendered for UDP only: by default application "
            "sharing uses TCP 49152-65534 of the same servers",
            "set options.server_tcp to true once AppSharingPortStart is 40803",
        )


def _server_tcp(view: View, rows: list[PlanRow], sharing: PortSetting | None) -> Iterator[Draft]:
    block = sharing and (sharing.block or sharing.default)
    if block and any(r.overlaps(block.range) for row in rows for r in row.source_ports):
        yield view.draft(
            Severity.ERROR,
            rows,
            f"application sharing ({block.range}, TCP) lies on the ports of server audio or video, "
            "and options.server_tcp would mark it like them",
            "Set-CsConferenceServer -AppSharingPortStart 40803 -AppSharingPortCount 8348, or set "
            "options.server_tcp to false",
        )
        return
    yield view.draft(
        Severity.WARNING,
        rows,
        "options.server_tcp is true: if the conference servers still share applications on their "
        "default ports (TCP 49152-65534), desktop sharing is marked as audio or video",
        "check AppSharingPortStart with Get-CsService -ConferencingServer",
    )


def ephemeral_clients(view: View) -> Iterator[Draft]:
    """Client ranges among the ports that any other program may be given."""
    for row in view.chosen:
        senders = senders_of(row)
        among = [r for r in row.source_ports if r.overlaps(EPHEMERAL_PORTS)]
        if among and port_hazard(row) and senders and CLIENT_GROUPS.issuperset(senders):
            yield view.draft(
                Severity.WARNING,
                [row],
                f"row {row.id}: client ports {among[0]} are also given to other programs of the "
                "same hosts (Windows 49152-65535, Linux 32768-60999), which are then marked too",
                "use ports below 32768, such as 20000-20039",
            )


def ucma_ports(view: View) -> Iterator[Draft]:
    """Trusted application pools use any port until their range is set."""
    for row in view.rendered:
        if "trusted_app_servers" not in senders_of(row) or not is_audio_or_video(row):
            continue
        name = f"trusted_application_pool.{row.media}"
        setting = next((item for item in view.plan.port_settings if item.name == name), None)
        if setting is not None and setting.block is None:
            yield view.draft(
                Severity.WARNING,
                [row],
                f"row {row.id}: a UCMA pool sends {row.media} from any port until its range is "
                f"set, and {name} is not set here",
                f"Set-CsTrustedApplicationPool, then set port_settings {name}",
            )


def _range(setting: PortSetting) -> PortBlock:
    return setting.block or PortBlock(1, 1)
