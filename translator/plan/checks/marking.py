"""The code points themselves: values that collide with other uses or end in no queue."""

from __future__ import annotations

from collections.abc import Iterator

from translator.plan.checks.finding import Draft, Severity, View, named
from translator.plan.legs import is_audio_or_video
from translator.plan.model import Media, PlanRow, Transport

__all__ = [
    "app_sharing_cs3",
    "audio_at_40",
    "file_transfer_af13",
    "signalling_ef",
    "tcp_media",
    "unqueued",
]


def _rows(view: View, media: Media, code_point: int) -> list[PlanRow]:
    return [row for row in view.chosen if row.media is media and row.code_point == code_point]


def app_sharing_cs3(view: View) -> Iterator[Draft]:
    """Desktop sharing in the class that networks keep for signalling."""
    if rows := _rows(view, Media.APP_SHARING, 24):
        yield view.draft(
            Severity.WARNING,
            rows,
            "application sharing at 24 (CS3) lands in the signalling class of many networks, and "
            "its peaks of 12 Mbit/s fill a queue of a few percent",
            "use 18 (AF21), or give it a queue of its own",
        )


def signalling_ef(view: View) -> Iterator[Draft]:
    """SIP beside voice in the priority queue."""
    if rows := _rows(view, Media.SIGNALLING, 46):
        yield view.draft(
            Severity.WARNING,
            rows,
            "signalling at 46 (EF) puts bursts of TCP into the priority queue of voice",
            "use 24 (CS3)",
        )


def file_transfer_af13(view: View) -> Iterator[Draft]:
    """File transfer that is dropped before others of its class."""
    if rows := _rows(view, Media.FILE_TRANSFER, 14):
        yield view.draft(
            Severity.INFO,
            rows,
            "file transfer at 14 (AF13) is dropped first in its class, and ExpressRoute expects 10",
            "use 10 (AF11) unless hosts mark 14",
        )


def audio_at_40(view: View) -> Iterator[Draft]:
    """Audio with the default of phones, XP and Exchange UM."""
    if rows := _rows(view, Media.AUDIO, 40):
        yield view.draft(
            Severity.WARNING,
            rows,
            "audio at 40 (CS5) misses queues that look for 46 only, and shares CS5 with other uses",
            "set VoiceDiffServTag or the service type map to 46 and mark 46 here",
        )


def tcp_media(view: View) -> Iterator[Draft]:
    """TCP audio and video, the fallback, in a limited queue."""
    rows = [
        row for row in view.rendered if is_audio_or_video(row) and Transport.TCP in row.protocols
    ]
    if rows:
        yield view.draft(
            Severity.INFO,
            rows,
            "TCP audio and video (the fallback where UDP is blocked) are classified too and count "
            "against the queue's limit",
            "leave room for them, or set options.tcp to false",
        )


def unqueued(view: View) -> Iterator[Draft]:
    """Code points that rows write and no queue takes."""
    queued = {point for queue in view.plan.queues for point in queue.code_points}
    missing: dict[int, list[PlanRow]] = {}
    for row in view.rendered:
        if row.code_point is not None and row.code_point not in queued and row.code_point != 0:
            missing.setdefault(int(row.code_point), []).append(row)
    for point, rows in missing.items():
        yield view.draft(
            Severity.WARNING,
            rows,
            f"no queue takes DSCP {point} of {named(rows)}: it is served as best effort",
            f"add {point} to the code_points of a queue",
        )
