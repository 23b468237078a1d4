"""What `size` is given: a file of sites, or one link and what crosses it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

import typer

__all__ = ["OneLink", "Only", "SitesFile", "WritePlan"]


class At(StrEnum):
    """What a shared screen is planned with."""

    AVERAGE = "average"
    PEAK = "peak"


def _option(*names: str, metavar: str, help: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help, show_default=False)


_Word = str | None
_Words = list[str] | None
SitesFile = Annotated[
    _Word,
    typer.Argument(
        metavar="SITES",
        help="YAML file of sites and links; none to size one link by options.",
        show_default=False,
    ),
]
_Link = Annotated[_Word, _option("--link", metavar="RATE", help="Rate of the link: 10M.")]
_Calls = Annotated[_Word, _option("--calls", metavar="N", help="The most calls at one time.")]
_Erlangs = Annotated[_Word, _option("--erlangs", metavar="E", help="Traffic of the busy hour.")]
_Users = Annotated[_Word, _option("--users", metavar="N", help="Users who talk in the busy hour.")]
_Phones = Annotated[_Word, _option("--phones", metavar="N", help="Desk phones, beside the users.")]
_Minutes = Annotated[
    _Word,
    _option("--busy-hour-minutes", metavar="MIN", help="What each of them talks in that hour."),
]
_Blocking = Annotated[
    _Word, _option("--blocking", metavar="P%", help="Share of calls that may be blocked: 1%.")
]
_Codec = Annotated[
    _Words,
    _option("--codec", metavar="NAME[=P%]", help="Codec of the calls; repeat for a mix."),
]
_Fec = Annotated[bool, typer.Option("--fec", help="Forward error correction on every call.")]
_Conference = Annotated[
    _Word,
    _option("--conference", metavar="NxCODEC", help="Participants in conferences: 12xg722."),
]
_Video = Annotated[
    _Words, _option("--video", metavar="NxSIZE", help="Video streams: 3x1280x720; repeat for more.")
]
_Sharing = Annotated[
    _Words,
    _option("--sharing", metavar="N[xKIND]", help="Shared screens: 2xrdp-slides (the default)."),
]
_SharingAt = Annotated[
    At, typer.Option("--sharing-at", help="Plan screens with their mean or their peak.")
]
_Signalling = Annotated[
    _Word, _option("--signalling", metavar="RATE", help="What signalling takes: 64k.")
]
_Framing = Annotated[
    _Word,
    _option(
        "--framing", metavar="LAYERS", help="Layers of the line, outermost first: dot1q,mpls,gre."
    ),
]
_CacAudio = Annotated[
    _Word, _option("--cac-audio", metavar="RATE", help="What admission control admits: 4000k.")
]
_CacVideo = Annotated[_Word, _option("--cac-video", metavar="RATE", help="The same for video.")]
Only = Annotated[_Word, _option("--only", metavar="NAME", help="One link of the file.")]
WritePlan = Annotated[
    _Word,
    _option("--write-plan", metavar="FILE", help="Write the shares of one link as a plan."),
]


@dataclass(frozen=True, slots=True)
class OneLink:
    """One link, and what crosses it."""

    link: _Link = None
    calls: _Calls = None
    erlangs: _Erlangs = None
    users: _Users = None
    phones: _Phones = None
    busy_hour_minutes: _Minutes = None
    blocking: _Blocking = None
    codec: _Codec = None
    fec: _Fec = False
    conference: _Conference = None
    video: _Video = None
    sharing: _Sharing = None
    sharing_at: _SharingAt = At.AVERAGE
    signalling: _Signalling = None
    framing: _Framing = None
    cac_audio: _CacAudio = None
    cac_video: _CacVideo = None

    @property
    def line(self) -> dict[str, str | None]:
        """The link by the keys of a file of sites; None where nothing is said."""
        return {
            "rate": self.link,
            "framing": self.framing,
            "cac_audio": self.cac_audio,
            "cac_video": self.cac_video,
        }

    @property
    def site(self) -> dict[str, str | list[str] | None]:
        """What crosses it, alike."""
        return {
            "calls": self.calls,
            "erlangs": self.erlangs,
            "users": self.users,
            "phones": self.phones,
            "busy_hour_minutes": self.busy_hour_minutes,
            "blocking": self.blocking,
            "codecs": self.codec,
            "fec": "100%" if self.fec else None,
            "conferences": None if self.conference is None else [self.conference],
            "video": self.video,
            "sharing": self.sharing,
            "sharing_at": None if self.sharing_at is At.AVERAGE else self.sharing_at.value,
            "signalling": self.signalling,
        }
