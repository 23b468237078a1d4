"""Files of sites and command lines: what they mean, and one error for whatever is wrong."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.errors import PlanError, TranslatorError
from translator.sizing.codecs import CODECS
from translator.sizing.framing import Framing
from translator.sizing.model import CodecMix, Conferences, Link, SharingLoad, Site, Voice
from translator.sizing.options import link_of_options
from translator.sizing.reader import load_links
from translator.sizing.streams import RESOLUTIONS, SHARINGS

GOOD = """sites:
  paris:
    users: 200
    phones: 10
    busy_hour_minutes: 6
    blocking: 0.5%
    codecs: {rtaudio-wb: 70%, g711: 30%}
    fec: 20%
    conferences: {participants: 8, codecs: g722}
    video: {640x360: 2, 1280x720: 1}
    sharing: {rdp-slides: 2}
    sharing_at: peak
    signalling: 64k
  lyon: {calls: 4, codecs: silk-wb}
  lille: {}
links:
  paris-hq:
    rate: 10M
    framing: dot1q,gre
    sites: [paris, lyon]
    cac_audio: 4000k
    cac_video: 2000k
  lille: {rate: 2M, sites: lille}
"""


def read(folder: Path, text: str | bytes) -> tuple[Link, ...]:
    path = folder / "sites.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return load_links(str(path))


def test_a_file_is_what_it_says(tmp_path):
    first, second = read(tmp_path, GOOD)
    paris, lyon = first.sites
    mixed = ((CODECS["rtaudio-wb"], Fraction(70)), (CODECS["g711"], Fraction(30)))
    assert paris.voice == Voice(
        CodecMix(mixed, Fraction(20)), None, Fraction(21), Fraction(5, 1000)
    )
    assert paris.conferences == Conferences(8, CodecMix.of(CODECS["g722"]))
    assert paris.video == ((RESOLUTIONS["640x360"], 2), (RESOLUTIONS["1280x720"], 1))
    assert paris.sharing == SharingLoad(((SHARINGS["rdp-slides"], 2),), at_peak=True)
    assert paris.signalling_bps == 64_000
    assert lyon.voice == Voice(CodecMix.of(CODECS["silk-wb"]), 4)
    assert (first.name, first.rate_bps, first.framing) == (
        *("paris-hq", 10_000_000),
        Framing.of("dot1q,gre"),
    )
    assert (first.cac_audio_bps, first.cac_video_bps) == (4_000_000, 2_000_000)
    assert (first.where.line, second.where.line) == (18, 23)
    assert second.sites == (Site("lille", where=second.sites[0].where),)


SITE = "sites:\n  paris:\n    calls: 1\n    codecs: g711\n    "
LINK = (
    "sites: {paris: {calls: 1, codecs: g711}}\nlinks:\n  hq:\n    rate: 10M\n    sites: paris\n    "
)
ONE_LINK = "\nlinks: {hq: {rate: 10M, sites: paris}}\n"

BAD_SITES = {
    "negative calls": ("calls: -1\n    codecs: g711", 3, "decimal"),
    "calls as a fraction": ("calls: 1.5\n    codecs: g711", 3, "decimal"),
    "calls of no number": ("calls: .nan\n    codecs: g711", 3, "decimal"),
    "too many calls": ("calls: 1000001\n    codecs: g711", 3, "decimal"),
    "calls as a list": ("calls: [1]\n    codecs: g711", 3, "one value"),
    "calls without a codec": ("calls: 1", 3, "rtaudio-wb"),
    "codec without calls": ("codecs: g711", 3, "calls"),
    "unknown codec": ("calls: 1\n    codecs: g728", 4, "g722"),
    "mix short of the whole": ("calls: 1\n    codecs: {g711: 30%, siren: 60%}", 4, "100"),
    "mix without a sign": ("calls: 1\n    codecs: {g711: 1}", 4, "%"),
    "mix of nothing": ("calls: 1\n    codecs: {}", 4, "100"),
    "FEC without a sign": ("calls: 1\n    codecs: g711\n    fec: 0.5", 5, "%"),
    "FEC above the whole": ("calls: 1\n    codecs: g711\n    fec: 101%", 5, "0-100"),
    "erlangs of no number": ("erlangs: nan\n    codecs: g711", 3, "decimal"),
    "erlangs of infinity": ("erlangs: .inf\n    codecs: g711", 3, "decimal"),
    "erlangs of 1e308": ("erlangs: 1e308\n    codecs: g711", 3, "decimal"),
    "negative erlangs": ("erlangs: -0.5\n    codecs: g711", 3, "decimal"),
    "too many erlangs": ("erlangs: 100001\n    codecs: g711", 3, "decimal"),
    "blocking of nothing": ("erlangs: 1\n    codecs: g711\n    blocking: 0%", 5, "1%"),
    "blocking of everything": ("erlangs: 1\n    codecs: g711\n    blocking: 100%", 5, "1%"),
    "blocking without a sign": ("erlangs: 1\n    codecs: g711\n    blocking: 0.01", 5, "1%"),
    "users without minutes": ("users: 9\n    codecs: g711", 3, "busy_hour_minutes"),
    "phones without minutes": ("phones: 9\n    codecs: g711", 3, "busy_hour_minutes"),
    "minutes without users": ("busy_hour_minutes: 6\n    codecs: g711", 3, "users"),
    "more minutes than an hour": ("users: 9\n    busy_hour_minutes: 61", 4, "decimal"),
    "users and erlangs": ("erlangs: 3\n    users: 9\n    busy_hour_minutes: 6", 3, "erlangs"),
    "users of a whole country": ("users: 10000000\n    busy_hour_minutes: 60", 3, "users"),
    "unknown key": ("cals: 1", 3, "calls"),
    "unknown picture size": ("video: {1280x721: 1}", 3, "1280x720"),
    "negative streams": ("video:\n      1280x720: -1", 4, "decimal"),
    "streams of nothing": ("video:\n      1280x720:", 4, "1280x720"),
    "video as a number": ("video: 3", 3, "key: value"),
    "unknown screen": ("sharing: {rdp-slide: 1}", 3, "rdp-slides"),
    "screens at another rate": ("sharing: {rdp-cad: 1}\n    sharing_at: mean", 4, "peak"),
    "signalling as a number": ("signalling: 64 kbit/s", 3, "512k"),
    "signalling of nothing": ("signalling: 0", 3, "10M"),
    "conference of nobody": ("conferences: {codecs: g722}", 3, "participants"),
    "conference without a codec": ("conferences: {participants: 3}", 3, "rtaudio-wb"),
    "escape in a value": ('codecs: "g\\x1b[31m"\n    calls: 1', 3, "known"),
    "long value": (f"calls: {'9' * 300}", 3, "decimal"),
}


@pytest.mark.parametrize("case", BAD_SITES)
def test_bad_site_is_one_error_with_its_line(case, tmp_path):
    lines, line, hint = BAD_SITES[case]
    with pytest.raises(PlanError) as caught:
        read(tmp_path, f"sites:\n  paris:\n    {lines}{ONE_LINK}")
    assert caught.value.where.line == line
    assert hint in caught.value.hint
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


BAD_FILES = {
    "no sites": ("links: {hq: {rate: 10M, sites: a}}\n", 1),
    "no links": ("sites: {a: {calls: 1, codecs: g711}}\n", 1),
    "links of nothing": ("sites: {a: {}}\nlinks: {}\n", 2),
    "link without a rate": ("sites: {a: {}}\nlinks:\n  hq: {sites: a}\n", 3),
    "link without sites": ("sites: {a: {}}\nlinks:\n  hq: {rate: 10M}\n", 3),
    "link of no sites": ("sites: {a: {}}\nlinks:\n  hq: {rate: 10M, sites: []}\n", 3),
    "rate of zero": (LINK.replace("10M", "0"), 4),
    "negative rate": (LINK.replace("10M", "-10M"), 4),
    "rate of no number": (LINK.replace("10M", "nan"), 4),
    "rate of 1e308": (LINK.replace("10M", "1e308"), 4),
    "unknown site": (LINK.replace("sites: paris\n", "sites: [pairs]\n"), 5),
    "site twice": (LINK.replace("sites: paris\n", "sites: [paris, paris]\n"), 5),
    "unknown framing": (LINK + "framing: dot1p\n", 6),
    "limit of nothing": (LINK + "cac_audio: 0\n", 6),
    "unknown key of a link": (LINK + "cac: 1M\n", 6),
    "site on no link": (
        "sites:\n  a: {}\n  b: {}\nlinks: {hq: {rate: 10M, sites: a}}\n",
        3,
    ),
    "key twice": (LINK + "rate: 5M\n", 6),
    "name with a newline": ('sites: {"a\\nb": {}}\nlinks: {hq: {rate: 1M, sites: a}}\n', 1),
    "name with an escape": ('sites: {"a\\x1b[2J": {}}\nlinks: {hq: {rate: 1M, sites: a}}\n', 1),
    "name with a separator": ('sites: {"a\\u2028b": {}}\nlinks: {hq: {rate: 1M, sites: a}}\n', 1),
    "long name": (f"sites: {{? {'a' * 300} : {{}}}}\nlinks: {{hq: {{rate: 1M, sites: a}}}}\n", 1),
    "long name of a link": ("sites: {a: {}}\nlinks:\n  ? " + "x" * 300 + "\n  : {rate: 1M}\n", 4),
    "no mapping": ("- a\n", 1),
    "truncated": ("sites:\n  paris: {calls: 1, codecs: g7\n", 3),
    "not YAML": ("sites: {a: {}\nlinks: @\n", 2),
    "a tag": ("sites: !!python/object:os.system x\n", 1),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_bad_file_is_one_error_with_its_line(case, tmp_path):
    text, line = BAD_FILES[case]
    with pytest.raises(PlanError) as caught:
        read(tmp_path, text)
    assert caught.value.where.line == line
    assert caught.value.hint
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfes\0i\0", "sites: {bür: {}}".encode("latin-1"), b"\0\1\2", b"\x89PNG\r\n\x1a\n"],
)
def test_other_encodings_and_nothing_at_all(data, tmp_path):
    with pytest.raises(PlanError) as caught:
        read(tmp_path, data)
    assert caught.value.hint


def test_missing_file_and_folder(tmp_path):
    for name in (str(tmp_path / "none.yaml"), str(tmp_path), "a\0b", "x" * 5000):
        with pytest.raises(PlanError, match="cannot be read"):
            load_links(name)


def test_a_million_sites_are_refused_and_thousands_read(tmp_path):
    one = "  s{0}: {{calls: 5, codecs: g711}}\n"
    many = "sites:\n" + "".join(one.format(number) for number in range(1_000_000))
    with pytest.raises(PlanError, match="4 MiB") as caught:
        read(tmp_path, many)
    assert "split it" in caught.value.hint
    below = "sites:\n" + "".join(f" s{number}:\n" for number in range(300_000))
    with pytest.raises(PlanError, match="100000 values") as caught:
        read(tmp_path, below)
    assert "split it" in caught.value.hint
    some = "sites:\n" + "".join(one.format(number) for number in range(5_000))
    names = ", ".join(f"s{number}" for number in range(5_000))
    (found,) = read(tmp_path, f"{some}links: {{hq: {{rate: 10G, sites: [{names}]}}}}\n")
    assert len(found.sites) == 5_000


@given(cut=st.integers(0, len(GOOD)))
def test_a_file_that_was_cut_off_is_an_error_or_less(cut, tmp_path_factory):
    with suppress(PlanError):
        found = read(tmp_path_factory.mktemp("cut"), GOOD[:cut])
        assert {link.name for link in found} <= {"paris-hq", "lille"}


@given(text=st.text(max_size=200))
def test_any_text_is_read_or_is_one_error(text, tmp_path_factory):
    with pytest.raises(PlanError):
        read(tmp_path_factory.mktemp("any"), text.encode("utf-8", "surrogatepass"))


def options(link=None, **site):
    return link_of_options({"rate": "10M", **(link or {})}, site)


def test_options_are_the_link_that_a_file_would_say():
    found = options(
        {"framing": "ppp", "cac_audio": "1M"},
        **{"erlangs": "12", "blocking": "2%", "codecs": ["g711=40%", "siren=60%"], "fec": "100%"},
        **{"video": ["3x1280x720", "1x320x180"], "sharing": ["2", "1xvbss-cad"]},
        **{"conferences": ["12xg722"], "signalling": "64k"},
    )
    (site,) = found.sites
    mixed = ((CODECS["g711"], Fraction(40)), (CODECS["siren"], Fraction(60)))
    assert site.voice == Voice(CodecMix(mixed, Fraction(100)), None, Fraction(12), Fraction(2, 100))
    assert site.video == ((RESOLUTIONS["1280x720"], 3), (RESOLUTIONS["320x180"], 1))
    assert site.sharing.streams == ((SHARINGS["rdp-slides"], 2), (SHARINGS["vbss-cad"], 1))
    assert site.conferences == Conferences(12, CodecMix.of(CODECS["g722"]))
    assert (found.framing, found.cac_audio_bps) == (Framing.of("ppp"), 1_000_000)
    assert found.where is None


BAD_OPTIONS = {
    "negative calls": ({"calls": "-1", "codecs": ["g711"]}, "--calls"),
    "hostile codec": ({"calls": "1", "codecs": ["g7\n11"]}, "--codec"),
    "two codecs without parts": ({"calls": "1", "codecs": ["g711", "siren"]}, "--codec"),
    "one codec twice": ({"calls": "1", "codecs": ["g711=50%", "g711=50%"]}, "--codec"),
    "video without a size": ({"video": ["3"]}, "--video"),
    "video without a number": ({"video": ["x1280x720"]}, "--video"),
    "one picture size twice": ({"video": ["1x320x180", "2x320x180"]}, "--video"),
    "screens of no number": ({"sharing": ["nan"]}, "--sharing"),
    "conference without a codec": ({"conferences": ["12"]}, "--conference"),
    "minutes of no number": ({"users": "1", "busy_hour_minutes": "\u0661"}, "--busy-hour-minutes"),
    "blocking of nothing": ({"erlangs": "1", "codecs": ["g711"], "blocking": "0%"}, "--blocking"),
    "no codec": ({"calls": "1"}, "--codec"),
}


@pytest.mark.parametrize("case", BAD_OPTIONS)
def test_bad_option_is_named(case):
    site, named = BAD_OPTIONS[case]
    with pytest.raises(TranslatorError) as caught:
        options(**site)
    assert named in f"{caught.value} {caught.value.hint}"
    assert caught.value.exit_code == 2
    assert caught.value.hint
