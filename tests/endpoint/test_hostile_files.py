"""Files that are cut, broken or hostile: settings, or one error with its place; nothing else."""

from __future__ import annotations

import pytest
from endpoint.settings_of_all_kinds import FORMATS, HOSTILE, plain, source
from hypothesis import given
from hypothesis import strategies as st

from translator.codepoint import CodePoint
from translator.endpoint.derive import derive
from translator.endpoint.settings import (
    HostPolicy,
    MediaPorts,
    NlaSwitch,
    PhoneMarking,
    PschedMarking,
    PschedService,
)
from translator.errors import PlanError
from translator.plan.load import load_preset
from translator.plan.model import Transport
from translator.ports import PortBlock, PortRange

# Formats share readers: of a registry file, of a script, of a configuration.
READERS = sorted({item.read: name for name, item in FORMATS.items()}.values())
SMALL = (
    HostPolicy("O'Br\u00efen", "a.exe", (Transport.UDP,), CodePoint(46), PortRange(5, 9)),
    MediaPorts("client.audio", PortBlock(20000, 40), "Tenant"),
    MediaPorts("mediation_server.audio", PortBlock(20000, 40), "MediationServer:m\u00fc"),
    MediaPorts("edge_server.media_external", PortBlock(20000, 40)),
    PhoneMarking(CodePoint(46)),
    NlaSwitch("1", True),
    PschedMarking(PschedService.GUARANTEED, CodePoint(46)),
)


def outcome(name: str, data: bytes):
    """The settings of a file, or None where it is refused as it should be."""
    given_source = source(data)
    for item in FORMATS.values():
        item.fits(given_source)
    try:
        return FORMATS[name].read(given_source)
    except PlanError as refusal:
        error = refusal
    assert error.where is not None, error
    assert error.where.file == "input"
    assert error.problem.isprintable(), error
    assert error.hint
    return None


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_is_cut_anywhere(name):
    """A cut is refused, or takes whole settings away; it never makes another setting."""
    whole = FORMATS[name].write(SMALL)
    wanted = plain(FORMATS[name].read(source(whole)))
    for end in range(len(whole)):
        found = outcome(name, whole[:end])
        if found is not None and name not in CUT_NUMBERS:
            assert plain(found) <= wanted, whole[:end][-40:]


# The last word of a script may be a number, and nothing tells that it lacks its last digit.
CUT_NUMBERS = {"powershell-cs", "teams-tenant", "netqospolicy"}


@pytest.mark.parametrize("name", sorted(CUT_NUMBERS))
def test_a_script_that_is_cut_behind_a_line(name):
    whole = FORMATS[name].write(SMALL)
    wanted = plain(FORMATS[name].read(source(whole)))
    lines = whole.split(b"\r\n")
    for end in range(len(lines)):
        assert plain(FORMATS[name].read(source(b"\r\n".join(lines[:end])))) <= wanted


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16-le", "utf-16-be", "utf-16", "utf-32"])
def test_other_encodings(name, encoding):
    whole = source(FORMATS[name].write(SMALL)).text.lstrip("\ufeff")
    found = outcome(name, whole.encode(encoding, errors="replace"))
    assert found is None or plain(found) <= plain(FORMATS[name].read(source(whole.encode())))


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "char", ["\0", "\x1b", "\x85", "\u2028", "\u202e", "\ufeff", "\r", "\ud800"]
)
def test_control_characters_anywhere(name, char):
    whole = source(FORMATS[name].write(SMALL)).text
    for at in range(0, len(whole), 7):
        outcome(name, (whole[:at] + char + whole[at:]).encode("utf-8", errors="surrogatepass"))


@pytest.mark.parametrize("name", READERS)
@given(st.binary(max_size=300))
def test_any_bytes(name, data):
    outcome(name, data)


PIECES = st.lists(
    st.sampled_from(
        (
            *HOSTILE,
            *("Set-CsMediaConfiguration", "New-NetQosPolicy", "-Name", "-EnableQoS", "$true", "46"),
            *(" ", "\n", "{", "}", "(", ")", "|", "`\n", '"', "'", "@'\n", "\n'@", "$(", "#", ";"),
            *(
                "Windows Registry Editor Version 5.00\n",
                "[HKEY_LOCAL_MACHINE\\",
                "]",
                '"a"=',
                "hex:",
            ),
            *('{"omaSettings": [', '{"omaUri": "./Device/Vendor/MSFT/NetworkQoSPolicy/', "null"),
        )
    ),
    max_size=30,
).map("".join)


@pytest.mark.parametrize("name", READERS)
@given(PIECES)
def test_pieces_of_every_format_in_any_order(name, text):
    outcome(name, text.encode())


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "line",
    [
        "\n",
        "x\n",
        "'a' ",
        '"a" ',
        "{",
        "(",
        "|",
        "`\n",
        "# x\n",
        "-Name ",
        '"a"=hex:00,\\\n',
        "[",
        "'",
    ],
)
def test_very_many_lines(name, line):
    """A reader whose time grew with the square of these would not come to an end."""
    start = "REGEDIT4\n" if name in ("reg", "psched") else ""
    outcome(name, (start + line * 100_000).encode()[: 1024 * 1024])


@pytest.mark.parametrize("name", READERS)
def test_a_million_lines(name):
    outcome(name, b"\n" * 1_000_000)
    assert outcome(name, b"\n" * (4 * 1024 * 1024 + 1)) is None


def test_hostile_names_of_a_plan_reach_no_file_unescaped():
    settings = derive(load_preset("lync-2013"), {}).settings
    for text in ("a\nb", "a\0b", "a\x1bb", "a\u2028b", "a\u202eb"):
        bad = (
            HostPolicy(text, "a.exe", (Transport.UDP,), CodePoint(46)),
            HostPolicy("x", text, (Transport.UDP,), CodePoint(46)),
            PhoneMarking(CodePoint(46), 0, f"Site:{text}"),
            MediaPorts("client.audio", None, f"Site:{text}"),
        )
        for item in FORMATS.values():
            assert not any(item.holds(setting) for setting in bad)
            assert item.write((*settings, *bad)) == item.write(settings)
