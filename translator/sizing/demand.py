"""What the sites of a link ask of each class, in one direction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from translator.errors import PlanError
from translator.plan.model import Media
from translator.sizing.codecs import Rates
from translator.sizing.erlang import MAX_ERLANGS, blocking, channels_for
from translator.sizing.model import CodecMix, Link, Site, Voice
from translator.sizing.sources import CAC, Source
from translator.sizing.streams import VIDEO_TYPICAL_BPS

__all__ = ["Demand", "Load", "demands_of"]


@dataclass(frozen=True, slots=True)
class Load:
    """Streams of one kind.

    Attributes:
        rates: of one stream.
        peak_bps: what a shared screen takes at times.
        least_bps: what a picture takes at its worst quality.
        mix: the codecs of audio streams.
        erlangs, blocked, target: traffic that was offered, and what becomes of it.
        is_call: a call, rather than a part of a conference.
    """

    what: str
    streams: int
    rates: Rates
    sources: tuple[Source, ...] = ()
    peak_bps: int | None = None
    least_bps: int | None = None
    mix: CodecMix | None = None
    erlangs: float | None = None
    blocked: float | None = None
    target: float | None = None
    is_call: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of one class."""

    media: Media
    loads: tuple[Load, ...]

    @property
    def streams(self) -> int:
        """How many streams there are."""
        return sum(load.streams for load in self.loads)

    @property
    def exact_bps(self) -> Fraction:
        """The planning maximum of all streams."""
        return sum((load.streams * load.rates.planned for load in self.loads), Fraction(0))

    @property
    def planned_bps(self) -> int:
        """The planning maximum of all streams, rounded up."""
        return ceil(self.exact_bps)

    @property
    def admitted_bps(self) -> int:
        """What call admission control counts for all streams, rounded up."""
        return ceil(sum(load.streams * load.rates.admitted for load in self.loads))

    @property
    def typical_bps(self) -> int | None:
        """The published means of all streams; None where one is not published."""
        total = Fraction(0)
        for load in self.loads:
            if load.streams and load.rates.typical is None:
                return None
            total += load.streams * (load.rates.typical or 0)
        return ceil(total)

    @property
    def blocked(self) -> float | None:
        """The worst share of calls that are blocked; None where no traffic is stated."""
        return max((load.blocked for load in self.loads if load.blocked is not None), default=None)


def demands_of(link: Link) -> dict[Media, Demand]:
    """Return what is asked of each class that the sites say something about.

    Raises:
        PlanError: sites together offer more traffic than can be computed.
    """
    found: dict[Media, list[Load]] = {}
    for media, load in (*_audio(link), *_others(link)):
        found.setdefault(media, []).append(load)
    for site in link.sites:
        # Said to be none is something else than not said.
        if site.video is not None:
            found.setdefault(Media.VIDEO, [])
        if site.sharing is not None:
            found.setdefault(Media.APP_SHARING, [])
    return {media: Demand(media, tuple(loads)) for media, loads in found.items()}


def _audio(link: Link) -> Iterator[tuple[Media, Load]]:
    for load in (*_fixed_calls(link), *_pooled_calls(link)):
        yield Media.AUDIO, load
    for site in link.sites:
        if site.conferences is not None:
            mix = site.conferences.mix
            yield (
                Media.AUDIO,
                Load(
                    f"conferences of {site.name}, {mix}",
                    site.conferences.participants,
                    mix.rates(link.framing),
                    _sources(mix, link),
                    mix=mix,
                ),
            )


def _fixed_calls(link: Link) -> Iterator[Load]:
    """Sites that say how many calls there are at most."""
    for site in link.sites:
        voice = site.voice
        if voice is None or voice.calls is None:
            continue
        offered = None if voice.erlangs is None else float(voice.erlangs)
        yield _calls(link, (site,), voice, voice.calls, offered)


def _pooled_calls(link: Link) -> Iterator[Load]:
    """Sites that say what traffic they offer; those of one mix share their channels.

    Other mixes are counted apart: on the safe side, and more traffic never asks for less.
    """
    pools: dict[tuple[CodecMix, Fraction], list[Site]] = {}
    for site in link.sites:
        voice = site.voice
        if voice is not None and voice.calls is None:
            pools.setdefault((voice.mix, voice.target), []).append(site)
    for (_, target), sites in pools.items():
        voices = [site.voice for site in sites if site.voice is not None]
        offered = float(sum(voice.erlangs or 0 for voice in voices))
        if offered > MAX_ERLANGS:
            raise PlanError(
                f"link {link.name}: its sites offer {offered:,.0f} erlangs, more than "
                f"{MAX_ERLANGS:,.0f}",
                where=link.where,
                hint="check the numbers of users",
            )
        yield _calls(link, sites, voices[0], channels_for(offered, float(target)), offered)


def _calls(
    link: Link, sites: Iterable[Site], voice: Voice, channels: int, offered: float | None
) -> Load:
    names = ", ".join(site.name for site in sites)
    traffic = "" if offered is None else f" ({offered:g} erlangs)"
    return Load(
        f"calls of {names}{traffic}, {voice.mix}",
        channels,
        voice.mix.rates(link.framing),
        _sources(voice.mix, link),
        mix=voice.mix,
        erlangs=offered,
        blocked=None if offered is None else blocking(channels, offered),
        target=float(voice.target),
        is_call=True,
    )


def _sources(mix: CodecMix, link: Link) -> tuple[Source, ...]:
    found = (source for codec, _ in mix.percents for source in codec.sources(link.framing))
    counted = () if link.cac_audio_bps is None else (CAC,)
    return tuple(dict.fromkeys((*found, *counted)))


def _others(link: Link) -> Iterator[tuple[Media, Load]]:
    for site in link.sites:
        for size, count in site.video or ():
            planned = Fraction(size.planned_bps)
            # The mean is over all sizes: it says nothing of one that cannot reach it.
            typical = Fraction(VIDEO_TYPICAL_BPS) if planned > VIDEO_TYPICAL_BPS else None
            rates = Rates(planned, planned, typical)
            what = f"video {size.name} of {site.name}"
            least_bps = size.planned_bps - size.most_bps + size.least_bps
            yield Media.VIDEO, Load(what, count, rates, (size.source,), least_bps=least_bps)
        if site.sharing is not None:
            for kind, count in site.sharing.streams:
                taken = Fraction(kind.peak_bps if site.sharing.at_peak else kind.average_bps)
                rates = Rates(taken, taken, Fraction(kind.average_bps))
                at = "peak" if site.sharing.at_peak else "average"
                what = f"{kind.name} of {site.name} at its {at}"
                yield kind.media, Load(what, count, rates, (kind.source,), kind.peak_bps)
        if site.signalling_bps is not None:
            stated = Fraction(site.signalling_bps)
            rates = Rates(stated, stated, stated)
            yield Media.SIGNALLING, Load(f"signalling of {site.name}, as stated", 1, rates)
