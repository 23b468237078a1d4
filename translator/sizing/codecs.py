"""Audio codecs: the published rates, and what follows from them on other lines than Ethernet."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from translator.sizing.framing import ETHERNET, Framing, rate_of_packets
from translator.sizing.sources import LYNC, SKYPE, Grade, Source

__all__ = ["CODECS", "Codec", "Rates"]

# Source: LYNC, in the planning figures of each stream; CAC counts twice as much.
_RTCP_BPS: Final = 5_000
_CAC_RTCP_BPS: Final = 10_000

_CONFERENCE_BYTES: Final = 9  # LYNC: Siren and G.722 include more SRTP of conferences; own: 9


@dataclass(frozen=True, slots=True)
class Rates:
    """What one audio stream takes of a link in one direction, in bit/s.

    Attributes:
        planned: every packet sent, its headers and RTCP: the planning maximum.
        admitted: what call admission control counts for it.
        typical: the published mean, pauses of speech included; None where none is published.
    """

    planned: Fraction
    admitted: Fraction
    typical: Fraction | None


@dataclass(frozen=True, slots=True)
class Codec:
    """An audio codec; rates in bit/s.

    Attributes:
        payload_bps: what the codec itself makes.
        line_bps: with all headers, on Ethernet: layer 2 is in it, and is not added again.
        fec_bps: what forward error correction adds.
        extra_bytes: what each packet carries beside RTP and the SRTP tag.
        typical_bps: the published mean of a stream without error correction.
        source: where `payload_bps` to `typical_bps` were read.
    """

    name: str
    title: str
    payload_bps: int
    line_bps: int
    fec_bps: int
    typical_bps: int | None = None
    extra_bytes: int = 0
    source: Source = LYNC

    def rates(self, *, fec: bool, framing: Framing = ETHERNET) -> Rates:
        """Return what a stream takes of a line.

        Call admission control knows no line but Ethernet.
        """
        extra = self.fec_bps if fec else 0
        published = self.line_bps + extra
        line = (
            Fraction(published)
            if framing == ETHERNET
            else rate_of_packets(self.payload_bps + extra, self.extra_bytes, framing)
        )
        known = self.typical_bps is not None and framing == ETHERNET and not fec
        return Rates(
            planned=line + _RTCP_BPS,
            admitted=Fraction(published + _CAC_RTCP_BPS),
            typical=Fraction(self.typical_bps or 0) if known else None,
        )

    def sources(self, framing: Framing) -> tuple[Source, ...]:
        """Return what the rates of a stream rest on."""
        if framing == ETHERNET:
            return (self.source,)
        computed = Source(f"published payloads in packets computed for {framing}", Grade.OWN)
        return (self.source, computed)


_ALL: Final = (
    Codec("rtaudio-wb", "RTAudio wideband", 29_000, 57_000, 29_000, 39_800),
    Codec("rtaudio-nb", "RTAudio narrowband", 11_800, 39_800, 11_800, 29_300),
    Codec("g722", "G.722", 64_000, 95_600, 64_000, 46_100, _CONFERENCE_BYTES),
    Codec("g722-stereo", "G.722 stereo", 128_000, 159_600, 64_000, None, _CONFERENCE_BYTES),
    Codec("g711", "G.711", 64_000, 92_000, 64_000, 64_800),
    Codec("siren", "Siren", 16_000, 47_600, 16_000, 25_500, _CONFERENCE_BYTES),
    Codec("silk-wb", "SILK wideband", 36_000, 64_000, 36_000, 44_300, source=SKYPE),
    Codec("silk-26", "SILK at 26 kbit/s", 26_000, 54_000, 26_000, source=SKYPE),
    Codec("silk-20", "SILK at 20 kbit/s", 20_000, 48_000, 20_000, source=SKYPE),
    Codec("silk-13", "SILK at 13 kbit/s", 13_000, 41_000, 13_000, source=SKYPE),
)
CODECS: Final = {codec.name: codec for codec in _ALL}
