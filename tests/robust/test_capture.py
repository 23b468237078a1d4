"""Text that was saved from a terminal means what the same text means clean, line for line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from robust.texts import rendered, shapes_of

from translator.drivers.capture import cleaned, last_lines
from translator.drivers.registry import driver, driver_names
from translator.drivers.text import text_of

PLATFORMS = driver_names()
PAGE = 7  # lines on a screen


def every_page(before: str):
    """Put a pager's mark and what wipes it out before the first line of each screen."""

    def dirty(text: str) -> str:
        return "\n".join(
            before + line if number % PAGE == PAGE - 1 else line
            for number, line in enumerate(text.split("\n"))
        )

    return dirty


def on_each_line(change):
    return lambda text: "\n".join(map(change, text.split("\n")))


def mistyped(line: str) -> str:
    """A letter too many in the middle, taken back as a terminal shows it."""
    half = len(line) // 2
    return f"{line[:half]}x\b \b{line[half:]}"


DIRT = {
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "line ends of a console": lambda text: text.replace("\n", "\r\r\n"),
    "line ends the other way round": lambda text: text.replace("\n", "\n\r"),
    "line ends of old Macs": lambda text: text.replace("\n", "\r"),
    "line ends of telnet": lambda text: text.replace("\n", "\r\0\r\n"),
    "byte order mark": lambda text: "\ufeff" + text,
    "files put together, with a mark each": lambda text: text.replace("\n", "\n\ufeff", 1),
    "page breaks": every_page("\f"),
    "bells": on_each_line(lambda line: line + "\a"),
    "colours": on_each_line(lambda line: f"\x1b[1;32m{line}\x1b[0m"),
    "a window's title": lambda text: "\x1b]0;edge-1: ~\x07" + text,
    "erased ends of lines": on_each_line(lambda line: f"\r\x1b[K{line}\x1b[K"),
    "an escape sequence cut short": lambda text: text + "\x1b[",
    "corrected typing": on_each_line(mistyped),
    "pager of IOS": every_page(" --More-- " + "\b" * 9 + " " * 8 + "\b" * 9),
    "pager of IOS, sloppily wiped": every_page(" --More-- \b\b\b\b\b\b        \b\b\b\b"),
    "pager with returns": every_page("--More--\r        \r"),
    "pager with returns and line ends": lambda text: every_page(" --More-- \r         \r")(
        text
    ).replace("\n", "\r\n"),
    "pager of less": every_page("\x1b[7m--More--(42%)\x1b[m\r\x1b[K"),
    "pager of Junos": every_page("---(more 42%)---\r                        \r"),
    "pager of ASA": every_page("<--- More --->\r              \r"),
    "pager of Comware": every_page("  ---- More ----\x1b[16D                \x1b[16D"),
    "pager of ProCurve": every_page(
        "-- MORE --, next page: Space, next line: Enter, quit: Control-C\x1b[24;1H\x1b[2K\r"
    ),
    "pager left over in a copy": every_page(" --More-- "),
    "pager left over on Junos": every_page("---(more)--- "),
    "time stamps": on_each_line(lambda line: f"[2025-01-06 08:15:00.123] {line}"),
}


def clean_text(platform: str) -> str:
    return rendered(platform, shapes_of(platform)[0]).removesuffix("\n")


@pytest.mark.parametrize("dirt", DIRT)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_a_terminal_leaves_changes_nothing(platform, dirt):
    clean = clean_text(platform)
    dirty = DIRT[dirt](clean)
    assert dirty != clean
    reader = driver(platform)
    assert reader.parse(dirty) == reader.parse(clean)
    assert reader.parse(text_of(dirty.encode(), reader, file="f")) == reader.parse(clean)
    assert cleaned(dirty).count("\n") == clean.count("\n")


AROUND = {
    "an echoed command and a prompt": ("edge-1#show running-config\n", "\nedge-1#"),
    "a header": (
        "Building configuration...\n\nCurrent configuration : 48 bytes\n!\n"
        "! Last configuration change at 08:15:00 UTC Mon Jan 6 2025 by admin\n!\n",
        "",
    ),
    "a prompt with the time": (
        "edge-1#show run\nLoad for five secs: 1%/0%; one minute: 1%; five minutes: 1%\n"
        "Time source is NTP, 08:15:00.123 UTC Mon Jan 6 2025\n\n",
        "\nedge-1#exit\n",
    ),
    "a command of Junos": ("admin@edge-1> show configuration | no-more \n", "\nadmin@edge-1> "),
    "a state of Junos": ("", "\n\n{master:0}\nadmin@edge-1>"),
    "a shell": ("root@edge-1:~# nvram show\n", "\nroot@edge-1:~# "),
    "a shell of Red Hat": ("[root@edge-1 ~]# nft list ruleset\n", "\n[root@edge-1 ~]# exit\n"),
    "a user's shell": ("me@edge-1:~$ sudo nft list ruleset\n", "\nme@edge-1:~$ "),
    "a log of PuTTY": ("=~=~=~=~=~=~= PuTTY log 2025.01.06 08:15:00 =~=~=~=~=~=~=\n", ""),
    "a frame": ("---- output ----\n", "\n---- output ----\n"),
    "frames of show tech": (
        "------------------ show version ------------------\n\ninterface e0 is not here\n"
        "------------------ show running-config ------------------\n",
        "\n------------------ show stacks ------------------\n\npolicy-map NOT\n class HERE\n",
    ),
}


# What stands around the texts of a platform; another's prompt may mean something else there.
_ANY = ("a log of PuTTY", "a frame", "frames of show tech")
_CISCO = (*_ANY, "an echoed command and a prompt", "a header", "a prompt with the time")
_JUNOS = (*_ANY, "a command of Junos", "a state of Junos")
_SHELL = (*_ANY, "a shell", "a shell of Red Hat", "a user's shell")
_FAMILIES = {"cisco": _CISCO, "juniper": _JUNOS, "linux": _SHELL, "tomato": _SHELL}
PLACES = [
    (platform, around)
    for platform in PLATFORMS
    for start, arounds in _FAMILIES.items()
    for around in arounds
    if platform.startswith(start)
]


@pytest.mark.parametrize(("platform", "around"), PLACES)
def test_what_stands_around_a_listing_changes_nothing(platform, around):
    head, end = AROUND[around]
    clean = clean_text(platform)
    reader = driver(platform)
    found = reader.parse(head + clean + end)
    expected = reader.parse("\n" * head.count("\n") + clean)
    # A prompt may show that the listing ended.
    assert replace(found, incomplete="") == replace(expected, incomplete="")


@pytest.mark.parametrize("platform", ["cisco_ios", "cisco_catalyst"])
def test_a_prompt_is_no_line_of_text_that_lost_its_indentation(platform):
    text = "\n".join(line.strip() for line in clean_text(platform).split("\n"))
    reader = driver(platform)
    assert reader.parse(text + "\n3750-a#\n") == reader.parse(text)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_encoding_is_read(platform):
    clean = clean_text(platform)
    reader = driver(platform)
    expected = reader.parse(clean)
    for data in (
        clean.encode("utf-16"),
        clean.replace("\n", "\r\n").encode("utf-16"),
        clean.encode("utf-8-sig"),
    ):
        assert reader.parse(text_of(data, reader, file="f")) == expected


def test_bytes_of_latin_1_stay_characters():
    text = text_of("interface e0\r\n description B\u00fcro\x85\r\n".encode("latin-1"), file="f")
    assert text == "interface e0\n description B\u00fcro\x85\n"


def test_what_was_overwritten_is_gone_and_what_was_not_stays():
    assert cleaned("abc\rx\n") == "xbc\n"
    assert cleaned("a\n\x1b[3Dabcd\x1b[2Dx") == "a\nabxd"
    assert cleaned("abc\x1b[1Kd\n") == "d\n"
    assert cleaned("abc\x1b[2Gx") == "axc"
    assert cleaned("\b\b\bab\b\b") == "ab"
    assert cleaned("description -- more or less --") == "description -- more or less --"
    assert cleaned("a --More-- b") == "a --More-- b"


def test_a_certificate_is_no_frame():
    text = "---- show run ----\nx\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\ny"
    assert cleaned(text) == text.replace("---- show run ----", "")


MARKS = ("--More--", "---(more)---", "---- show run ----", "\x1b[", "\x1b]", "3D", "ab")
SIGNS = st.sampled_from((*MARKS, *"\r\n\b\x1bKGm\a\f\0 \ufeff#-"))


@given(st.lists(SIGNS, max_size=40).map("".join))
def test_nothing_is_left_to_clean(text):
    once = cleaned(text)
    assert cleaned(once) == once
    assert not set(once) & set("\r\b\x1b\f\a\ufeff")


@given(st.text(st.characters(exclude_characters="\r\b\x1b\f\a\ufeff\x0e\x0f\x11\x13-=[\n")))
def test_a_clean_text_comes_back_as_it_is(text):
    assert cleaned(text) is text or text[:4].isdigit()


@given(st.text("ab \n\t"))
def test_last_lines_are_those_that_hold_something(text):
    assert list(last_lines(text)) == [
        line.rstrip() for line in reversed(text.split("\n")) if line.strip()
    ]
