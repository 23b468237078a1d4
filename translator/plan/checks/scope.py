"""Whom a row concerns: Edge servers, phones, hosted senders, addresses."""

from __future__ import annotations

from collections.abc import Iterator

from translator.plan.checks.finding import Draft, Severity, View, named
from translator.plan.components import is_edge
from translator.plan.groups import outside_groups
from translator.plan.legs import senders_of
from translator.plan.model import Media, PlanRow

__all__ = [
    "client_ranges_off",
    "edge_direction",
    "edge_narrowing",
    "hosted_nat",
    "phone_scope",
    "remark_without_ports",
    "wireless",
]


def _edge_rows(view: View) -> Iterator[PlanRow]:
    for row in view.chosen:
        if senders_of(row)[:1] == ("edge_internal",) or (
            not row.sources and is_edge(row.component, row.executable or "")
        ):
            yield row


def edge_direction(view: View) -> Iterator[Draft]:
    """Edge rows whose ports stand on the wrong side."""
    for row in _edge_rows(view):
        if row.source_ports and not row.destination_ports:
            ports = ", ".join(str(item) for item in row.source_ports)
            yield view.draft(
                Severity.ERROR,
                [row],
                f"row {row.id}: an Edge server relays from UDP 3478 and TCP 443, so {ports} must "
                "be destination ports",
                "move source_ports to destination_ports",
            )


def edge_narrowing(view: View) -> Iterator[Draft]:
    """Edge rows that would also catch management and replication from the same address."""
    for row in _edge_rows(view):
        is_narrow = row.narrow is not None or row.source_ports
        if row.destination_ports and not is_narrow:
            yield view.draft(
                Severity.WARNING,
                [row],
                f"row {row.id}: the Edge address also answers replication and management toward "
                "dynamic ports, which this row would mark",
                "add narrow: {udp: 3478, tcp: 443}",
            )


def phone_scope(view: View) -> Iterator[Draft]:
    """DSCP 40 changed for others than phones: other products use it for other things."""
    for row in view.chosen:
        if row.match_code_point in (None, row.code_point) or not row.sources:
            continue
        if "phones" in row.sources or row.destination_ports:  # a cloud's own ports keep others out
            continue
        yield view.draft(
            Severity.WARNING,
            [row],
            f"row {row.id} changes DSCP {row.match_code_point} outside the phones group; broadcast "
            "video, signalling and other vendors' calls use CS5 and CS3 too",
            "limit it to phones, and take it out once VoiceDiffServTag is 46 everywhere",
        )


def remark_without_ports(view: View) -> Iterator[Draft]:
    """A mark changed whatever the packet is."""
    for row in view.chosen:
        if row.match_code_point is not None and not (row.source_ports or row.destination_ports):
            yield view.draft(
                Severity.ERROR,
                [row],
                f"row {row.id} changes DSCP {row.match_code_point} of every packet of its senders, "
                "whatever they send",
                "add the source ports of the medium; XP marks by service type, not by port",
            )


def client_ranges_off(view: View) -> Iterator[Draft]:
    """Port rules of clients that use any port."""
    if view.plan.options.client_port_ranges:
        return
    rows = [row for row, _ in view.refused_as("client-ranges-off")]
    names = ", ".join(row.id for row in rows)
    yield Draft(
        Severity.ERROR,
        tuple(row.id for row in rows),
        "ClientMediaPortRangeEnabled is false: clients use any port from 1024 to 65535, so no "
        f"client port rule holds; left out: {names or 'no row'}",
        "Set-CsConferencingConfiguration -ClientMediaPortRangeEnabled $true, have users sign in "
        "again, then set options.client_port_ranges to true",
        view.plan.where,
    )


def hosted_nat(view: View) -> Iterator[Draft]:
    """Rows of a hosted service see the client's ports only behind address translation."""
    outside = outside_groups(view.plan)
    rows = [
        row
        for row in view.rendered
        if (outside & {*row.sources} and row.destination_ports)
        or (outside & {*row.destinations} and row.source_ports)
    ]
    if rows:
        yield view.draft(
            Severity.INFO,
            rows,
            f"{named(rows)}: with a hosted service the ports hold only if client port ranges are "
            "enabled there, and only behind NAT",
            "classify on the inner side, or by the mark of the outgoing connection",
        )


def wireless(view: View) -> Iterator[Draft]:
    """EF leaves Windows in the video category of Wi-Fi."""
    rows = [row for row in view.rendered if row.media is Media.AUDIO and row.code_point == 46]
    if rows:
        yield view.draft(
            Severity.INFO,
            rows,
            "on Wi-Fi, Windows sends DSCP 46 in the video category (user priority 5)",
            "let access points trust DSCP upstream and map by RFC 8325 downstream",
        )
