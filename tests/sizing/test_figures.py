"""Codecs, pictures and screens against what is published of them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from translator.errors import UsageError
from translator.sizing.codecs import CODECS
from translator.sizing.framing import ETHERNET, Framing, rate_of_packets
from translator.sizing.streams import RESOLUTIONS, SHARINGS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "size.md"
# kbit/s: payload, with headers, with error correction, planning maximum without and with it.
PUBLISHED = {
    "rtaudio-wb": (29.0, 57.0, 86.0, 62, 91),
    "rtaudio-nb": (11.8, 39.8, 51.6, 44.8, 56.6),
    "g722": (64, 95.6, 159.6, 100.6, 164.6),
    "g711": (64, 92, 156, 97, 161),
    "siren": (16, 47.6, 63.6, 52.6, 68.6),
    "silk-wb": (36, 64, 100, 69, 105),
}
# The tables of SILK's other rates and of stereo end before the planning maximum.
WITHOUT_PLANNING = {
    "g722-stereo": (128, 159.6, 223.6),
    "silk-26": (26, 54, 80),
    "silk-20": (20, 48, 68),
    "silk-13": (13, 41, 54),
}
ADMISSION = {"rtaudio-wb": 67, "g722": 105.6, "g711": 102, "siren": 57.6}


def bps(kbps: float) -> Fraction:
    return Fraction(str(kbps)) * 1000


@pytest.mark.parametrize("name", {**PUBLISHED, **WITHOUT_PLANNING})
def test_codec_is_as_published(name):
    payload, line, fec, *planning = {**PUBLISHED, **WITHOUT_PLANNING}[name]
    codec = CODECS[name]
    assert codec.payload_bps == bps(payload)
    assert codec.line_bps == bps(line)
    assert codec.line_bps + codec.fec_bps == bps(fec)
    if planning:
        assert [codec.rates(fec=on).planned for on in (False, True)] == [*map(bps, planning)]


def shown(*rates: Fraction | int | None) -> str:
    return ", ".join("-" if rate is None else f"{float(rate) / 1000:.1f}" for rate in rates)


def test_the_page_shows_the_table():
    rows = []
    for codec in CODECS.values():
        most = (codec.rates(fec=fec).planned for fec in (False, True))
        cells = (
            *(f"`{codec.name}`", shown(codec.payload_bps), shown(codec.line_bps)),
            *(shown(codec.line_bps + codec.fec_bps), shown(*most), shown(codec.typical_bps)),
        )
        rows.append(f"| {' | '.join(cells)} |")
    page = PAGE.read_text(encoding="utf-8")
    table = page.partition("<!-- codecs -->\n")[2].partition("<!-- /codecs -->")[0]
    assert table.splitlines()[2:] == rows


def test_every_codec_is_checked():
    assert {*PUBLISHED, *WITHOUT_PLANNING} == set(CODECS)


@pytest.mark.parametrize("name", CODECS)
@pytest.mark.parametrize("fec", [False, True])
def test_headers_add_up_to_what_is_published_for_ethernet(name, fec):
    codec = CODECS[name]
    extra = codec.fec_bps if fec else 0
    computed = rate_of_packets(codec.payload_bps + extra, codec.extra_bytes, ETHERNET)
    assert computed == codec.line_bps + extra


@pytest.mark.parametrize("name", ADMISSION)
def test_admission_control_counts_as_published(name):
    assert CODECS[name].rates(fec=False).admitted == bps(ADMISSION[name])


# Calls that fit a third of a link, from the published planning maxima.
FITTING = {
    2: {("g722", False): 6, ("g722", True): 4, ("rtaudio-wb", False): 10, ("silk-wb", False): 9},
    10: {
        **{("g722", False): 32, ("g722", True): 20},
        **{("rtaudio-wb", False): 53, ("silk-wb", False): 47},
    },
    50: {
        **{("g722", False): 164, ("g722", True): 100},
        **{("rtaudio-wb", False): 266, ("silk-wb", False): 239},
    },
}


@pytest.mark.parametrize("mbps", FITTING)
def test_calls_that_fit_a_priority_queue(mbps):
    queue_bps = mbps * 10**6 * 33 // 100
    for (name, fec), calls in FITTING[mbps].items():
        assert queue_bps // CODECS[name].rates(fec=fec).planned == calls


def test_where_the_published_rule_for_links_differs():
    """65 kbit/s per voice stream hold RTAudio and Siren, and no stream of G.711, G.722 or SILK."""
    audio_bps, video_bps = 65_000, 500_000  # Source: SKYPE, a rule of thumb for whole links
    within = {name for name, codec in CODECS.items() if codec.rates(fec=False).planned <= audio_bps}
    assert within == {"rtaudio-wb", "rtaudio-nb", "siren", "silk-26", "silk-20", "silk-13"}
    assert all((codec.typical_bps or 0) < audio_bps for codec in CODECS.values())
    assert RESOLUTIONS["480x270"].planned_bps < video_bps
    assert RESOLUTIONS["640x360"].planned_bps > video_bps


def test_video_and_screens_are_as_published():
    assert RESOLUTIONS["1920x1080"].planned_bps == 4_010_000  # published: most of one stream
    assert {size.name for size in RESOLUTIONS.values() if size.panoramic} == {
        *("960x144", "1280x192", "1920x288"),
    }
    assert all(size.least_bps < size.most_bps for size in RESOLUTIONS.values())
    slides = SHARINGS["rdp-slides"]
    assert (slides.average_bps, slides.peak_bps) == (200_000, 12_000_000)
    assert SHARINGS["vbss-cad"].average_bps == 1_000_000
    assert SHARINGS["vbss-conference-video"].media == "video"
    assert all(item.average_bps < item.peak_bps for item in SHARINGS.values())


# Bytes on the line of a G.711 packet: 160 of payload, 10 SRTP tag, 12 RTP, 8 UDP, 20 IPv4 = 210.
FRAMED = {
    "ethernet": 230,
    "dot1q": 234,
    "dot1q,dot1q": 238,
    "dot1q,mpls,mpls": 242,
    "ppp": 218,
    "pppoe": 238,
    "gre": 254,
    "ppp,gre": 242,
    # ESP: 20 IPv4, 8, then vector, 210 + 2 padded to the block, check value.
    "esp-aes-sha1": 20 + 20 + 8 + 16 + 224 + 12,
    "esp-aes-sha256": 20 + 20 + 8 + 16 + 224 + 16,
    "esp-gcm": 20 + 20 + 8 + 8 + 212 + 16,
    "gre,esp-gcm": 20 + 24 + 20 + 8 + 8 + 212 + 16,
    "esp-gcm,gre": 20 + 20 + 8 + 8 + 236 + 16,
}


@pytest.mark.parametrize("text", FRAMED)
def test_bytes_of_a_packet_on_other_lines(text):
    framing = Framing.of(text)
    assert framing.line_bytes(Fraction(210)) == FRAMED[text]
    planned = CODECS["g711"].rates(fec=False, framing=framing).planned
    assert planned == FRAMED[text] * 400 + 5_000


def test_a_packet_of_half_a_byte_more_is_padded_as_the_next_larger():
    assert Framing.of("esp-gcm").line_bytes(Fraction(420, 2) + Fraction(1, 2)) == 20 + 268


@pytest.mark.parametrize(
    "text",
    [
        *("", "etherent", "ethernet,ppp", "ppp,dot1q", "gre,dot1q", "gre,ethernet"),
        *("dot1q;\n", "\x1b", "\u2028", "mpls," * 8 + "mpls", "x" * 300),
    ],
)
def test_framings_that_are_none(text):
    with pytest.raises(UsageError) as caught:
        Framing.of(text)
    assert caught.value.hint
    assert str(caught.value).isprintable()


def test_typical_rates_are_for_what_they_were_published_for():
    codec = CODECS["rtaudio-wb"]
    assert codec.rates(fec=False).typical == 39_800
    assert codec.rates(fec=True).typical is None
    assert codec.rates(fec=False, framing=Framing.of("ppp")).typical is None
