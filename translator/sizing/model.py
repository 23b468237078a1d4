"""Sites and the links that carry them, as their owner knows them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from translator.errors import PlanError, Where
from translator.sizing.codecs import Codec, Rates
from translator.sizing.framing import ETHERNET, Framing
from translator.sizing.streams import Resolution, Sharing

__all__ = ["CodecMix", "Conferences", "Link", "SharingLoad", "Site", "Voice"]

_WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class CodecMix:
    """Which part of the streams uses which codec, and which part carries error correction.

    Attributes:
        percents: (codec, percent of the streams) pairs that sum to 100.
        fec_percent: percent of the streams, of every codec alike.
    """

    percents: tuple[tuple[Codec, Fraction], ...]
    fec_percent: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        total = sum(percent for _, percent in self.percents)
        if total != _WHOLE:
            raise PlanError(
                f"the codecs are those of {float(total):g} % of the streams",
                hint="let the percentages sum to 100",
            )

    @classmethod
    def of(cls, codec: Codec, fec_percent: Fraction = Fraction(0)) -> CodecMix:
        """Return the mix of one codec."""
        return cls(((codec, Fraction(_WHOLE)),), fec_percent)

    def rates(self, framing: Framing) -> Rates:
        """Return what one stream takes on the mean over the mix."""
        parts: list[tuple[Fraction, Rates]] = []
        for codec, percent in self.percents:
            with_fec = percent * self.fec_percent / _WHOLE**2
            for part, fec in ((with_fec, True), (percent / _WHOLE - with_fec, False)):
                if part:
                    parts.append((part, codec.rates(fec=fec, framing=framing)))
        typical = [part * rates.typical for part, rates in parts if rates.typical is not None]
        return Rates(
            planned=sum((part * rates.planned for part, rates in parts), Fraction(0)),
            admitted=sum((part * rates.admitted for part, rates in parts), Fraction(0)),
            typical=sum(typical, Fraction(0)) if len(typical) == len(parts) else None,
        )

    def __str__(self) -> str:
        names = (
            codec.name if percent == _WHOLE else f"{float(percent):g} % {codec.name}"
            for codec, percent in self.percents
        )
        part = "" if self.fec_percent == _WHOLE else f" on {float(self.fec_percent):g} %"
        fec = f" with FEC{part}" if self.fec_percent else ""
        return " + ".join(names) + fec


@dataclass(frozen=True, slots=True)
class Voice:
    """The calls of a site.

    Attributes:
        calls: the most calls at one time; None: as many as `target` asks for.
        erlangs: traffic offered in the busy hour; None where only `calls` are known.
        target: the share of calls that may be blocked.
    """

    mix: CodecMix
    calls: int | None = None
    erlangs: Fraction | None = None
    target: Fraction = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Conferences:
    """Participants of the site whose audio crosses the link at the same time."""

    participants: int
    mix: CodecMix


@dataclass(frozen=True, slots=True)
class SharingLoad:
    """Screens shared across the link, planned at their mean or at their peak."""

    streams: tuple[tuple[Sharing, int], ...]
    at_peak: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """A site; what is None was not stated, so that the plan's share stands.

    Attributes:
        video: (picture size, streams) pairs.
        signalling_bps: what signalling takes; no figure for it is published.
    """

    name: str
    voice: Voice | None = None
    conferences: Conferences | None = None
    video: tuple[tuple[Resolution, int], ...] | None = None
    sharing: SharingLoad | None = None
    signalling_bps: int | None = None
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link and the sites whose traffic crosses it.

    Attributes:
        cac_audio_bps, cac_video_bps: what call admission control admits in all; None: no limit.
    """

    name: str
    rate_bps: int
    sites: tuple[Site, ...]
    framing: Framing = ETHERNET
    cac_audio_bps: int | None = None
    cac_video_bps: int | None = None
    where: Where | None = None
