"""Dumps and backup files: settings with their lines, whatever stands between them."""

from __future__ import annotations

import pytest
from drivers.tomato.routers import AUDIO, backup_of, dump, sent
from hypothesis import given
from hypothesis import strategies as st

from translator.drivers.tomato import Tomato
from translator.drivers.tomato.nvram import decode_backup, read_nvram
from translator.errors import ParseError

SCRIPT = "script_fire=#!/bin/sh\nWAN=vlan2\n\niptables -t mangle -L\nscript_wanup=\nqos_enable=1\n"


def test_a_script_keeps_its_lines_and_numbers():
    nvram = read_nvram("http_enable=1\n" + SCRIPT, "dump")
    script = nvram.find("script_fire")
    assert script is not None
    assert list(script.numbered_lines) == [
        (2, "#!/bin/sh"),
        (3, "WAN=vlan2"),
        (4, ""),
        (5, "iptables -t mangle -L"),
    ]
    assert nvram.line("qos_enable") == (7,)


def test_line_ends_of_windows_change_nothing():
    assert read_nvram(SCRIPT.replace("\n", "\r\n"), "dump").settings == (
        read_nvram(SCRIPT, "dump").settings
    )


def test_of_a_key_that_stands_twice_the_last_counts():
    assert read_nvram("qos_enable=1\nqos_enable=0\n", "dump").number("qos_enable") == 0


@pytest.mark.parametrize("way", [("br0", "vlan2"), ("vlan2", "br0"), ("br0", "br1")])
@pytest.mark.parametrize("name", ["qos_enable", "qos_orules", "DSCP_fix_enable", "script_fire"])
def test_a_setting_that_is_named_without_a_value_may_have_any(name, way):
    device = Tomato().parse(f"wan_ifname=vlan2\n{name}\n")
    found = sent(device, AUDIO, *way)
    assert (found.verdict, found.lines) == ("unknown", (2,))
    assert "1 of the settings are named without a value, which may be any" in found.notes
    assert any(f"{name} is named without its value" in reason for reason in found.reasons)


def test_a_name_beside_its_value_or_of_another_matter_changes_nothing():
    plain = sent(Tomato().parse(dump()), AUDIO)
    for text in ("qos_enable\n" + dump(), "http_enable\nboot_wait\n" + dump()):
        device = Tomato().parse(text)
        assert device.unread == ()
        found = sent(device, AUDIO)
        assert (found.verdict, found.class_name) == ("known", plain.class_name)


@pytest.mark.parametrize("salt", [0, 5, 251, 255])
def test_a_backup_says_what_the_dump_says(salt):
    backup = backup_of(dump(), salt=salt)
    assert len(backup) % 1024 == 0
    assert decode_backup(backup) == whole(dump())
    assert Tomato().decode(backup) == whole(dump())
    assert Tomato().decode(dump().encode()) is None
    device = Tomato().parse(backup.decode("latin-1"), file="home.cfg")
    assert sent(device, AUDIO).class_name == "Crawl"


def test_a_plain_backup_is_read_too():
    payload = dump().replace("\n", "\0").encode() + b"\0"
    backup = b"HDR1" + len(payload).to_bytes(4, "little") + payload
    assert decode_backup(backup) == whole(dump())


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"HDR2\xff\xff\x00\x05abc", "cut short"),
        (b"HDR1", "cut short"),
        (b"PK\x03\x04\0\0", "binary data"),
    ],
)
def test_damaged_and_foreign_files_are_refused(data, problem):
    with pytest.raises(ParseError, match=problem):
        Tomato().parse(data.decode("latin-1"), file="home.cfg")


def test_a_backup_read_as_text_is_refused_with_a_way_out():
    with pytest.raises(ParseError) as refused:
        Tomato().parse(backup_of(dump()).decode("utf-8", "replace"))
    assert "nvram convert" in refused.value.hint


def whole(settings: str) -> str:
    """What a backup is read as: its length shows that nothing is missing."""
    return f"{settings}# end of configuration\n"


VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True), VALUES))
def test_any_settings_survive_a_backup(settings):
    text = "".join(f"{key}={value}\n" for key, value in settings.items())
    assert decode_backup(backup_of(text)) == whole(text)
