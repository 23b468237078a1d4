"""Video and application sharing: the published rates of one stream, in bit/s."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from translator.plan.model import Media
from translator.sizing.sources import LYNC, SKYPE_SHARING, Source

__all__ = ["RESOLUTIONS", "SHARINGS", "VIDEO_TYPICAL_BPS", "Resolution", "Sharing"]

# Source: LYNC: the mean of a video stream between two peers, whatever its resolution.
VIDEO_TYPICAL_BPS: Final = 460_000
_RTCP_BPS: Final = 10_000  # LYNC; 15 with a second codec, which is a stream of its own here


@dataclass(frozen=True, slots=True)
class Resolution:
    """A picture size; error correction is within its rates, headers are not.

    Attributes:
        most_bps, least_bps: the payload at the best and at the worst quality.
    """

    name: str
    most_bps: int
    least_bps: int
    panoramic: bool = False
    source: Source = LYNC

    @property
    def planned_bps(self) -> int:
        """The planning maximum: as published, the payload and RTCP."""
        return self.most_bps + _RTCP_BPS


@dataclass(frozen=True, slots=True)
class Sharing:
    """What shows a screen at 1920x1080.

    Attributes:
        media: whose ports, and so whose queue, it uses.
    """

    name: str
    media: Media
    average_bps: int
    peak_bps: int
    source: Source = SKYPE_SHARING


def _resolution(
    name: str, most_kbps: int, least_kbps: int, *, panoramic: bool = False
) -> Resolution:
    return Resolution(name, most_kbps * 1000, least_kbps * 1000, panoramic)


_RESOLUTIONS: Final = (
    _resolution("320x180", 250, 15),
    _resolution("424x240", 350, 100),
    _resolution("480x270", 450, 200),
    _resolution("640x360", 800, 300),
    _resolution("848x480", 1500, 400),
    _resolution("960x540", 2000, 500),
    _resolution("1280x720", 2500, 700),
    _resolution("1920x1080", 4000, 1500),
    _resolution("960x144", 500, 15, panoramic=True),
    _resolution("1280x192", 1000, 250, panoramic=True),
    _resolution("1920x288", 2000, 500, panoramic=True),
)
RESOLUTIONS: Final = {item.name: item for item in _RESOLUTIONS}

_CONTENTS: Final = {  # kbit/s: RDP average and peak, video-based average and peak
    "slides": (200, 12_000, 100, 3_000),
    "cad": (3_000, 7_000, 1_000, 3_000),
    "video": (5_000, 7_000, 1_300, 2_200),
}


def _sharings(content: str) -> tuple[Sharing, ...]:
    rdp, rdp_peak, vbss, vbss_peak = (1000 * rate for rate in _CONTENTS[content])
    return (
        Sharing(f"rdp-{content}", Media.APP_SHARING, rdp, rdp_peak),
        # Between two peers from the ports of application sharing; a conference sends it on from
        # its video ports (SKYPE_SHARING), and so with video's mark.
        Sharing(f"vbss-{content}", Media.APP_SHARING, vbss, vbss_peak),
        Sharing(f"vbss-conference-{content}", Media.VIDEO, vbss, vbss_peak),
    )


SHARINGS: Final = {item.name: item for content in _CONTENTS for item in _sharings(content)}
