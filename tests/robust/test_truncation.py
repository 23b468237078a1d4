"""A text that was cut off is never taken for the whole configuration, wherever the cut is."""

from __future__ import annotations

import pytest
from robust.texts import WHOLE

from translator.drivers.arista_eos.whole import why_incomplete as why_eos
from translator.drivers.capture import END_MARK
from translator.drivers.cisco.whole import why_incomplete as why_cisco
from translator.drivers.cisco_nxos.whole import why_incomplete as why_nexus
from translator.drivers.juniper_junos.whole import why_incomplete as why_junos
from translator.drivers.linux.whole import why_incomplete as why_linux
from translator.drivers.registry import driver
from translator.drivers.tomato.whole import why_incomplete as why_tomato

NEXUS = ("\nline console\n", "\nline vty\n")
SIGNS = ("{master:0}", "{primary:node0}", "[edit]", "free.", "\nend", *NEXUS, END_MARK)
STRIDE = 61


def end_of_proof(text: str) -> int:
    """Where the sign stands that ends the text; what is behind it may be missing."""
    return max(text.rfind(sign) + len(sign) for sign in SIGNS if sign in text)


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_text_is_seen_to_be_whole(name):
    platform, text = WHOLE[name]
    for end in ("", "\n", "\n\n", " \n"):
        assert driver(platform).parse(text() + end).incomplete == ""


@pytest.mark.parametrize("name", WHOLE)
def test_a_cut_text_is_read_and_never_seen_as_whole(name):
    platform, make = WHOLE[name]
    text = make()
    last = end_of_proof(text)
    for at in {*range(0, last, STRIDE), *range(last - 12, last)}:
        assert driver(platform).parse(text[:at]).incomplete, f"cut at {at}: {text[:at][-40:]!r}"


READERS = {
    "arista": why_eos,
    "cisco_nxos": lambda text: why_nexus(text, ()),
    "cisco": lambda text: why_cisco(text, ()),
    "juniper": why_junos,
    "linux": why_linux,
    "tomato": why_tomato,
}


@pytest.mark.parametrize("name", WHOLE)
def test_no_byte_where_a_cut_leaves_a_sign_of_wholeness(name):
    """As the test above, at every byte; of a banner only its reader knows that it is open."""
    platform, make = WHOLE[name]
    why = next(why for start, why in READERS.items() if platform.startswith(start))
    text = make()
    assert all(why(text[:at]) for at in range(end_of_proof(text)))


PARTS = {
    "a part of a running configuration": (
        "cisco_ios",
        "Building configuration...\n\nCurrent configuration : 99 bytes\n!\ninterface e0\nend\n",
    ),
    "letters of a longer word": ("cisco_ios", "hostname r\nend"),
    "a banner that stays open": ("cisco_ios", "hostname r\nline con 0\nbanner motd #\nx\nend\n"),
    "a menu that stays open": ("cisco_ios", "hostname r\nline con 0\nmenu m title ^C\nx\nend\n"),
    "lines behind the end": ("cisco_ios", "hostname r\nline con 0\nend\ninterface e0\n"),
    "a hierarchy of Junos": (
        "juniper_junos",
        "a@b> show configuration firewall \nfamily inet {\n}\n\na@b>\n",
    ),
    "a filtered listing": (
        "juniper_junos",
        "a@b> show configuration | match dscp\nversion 1;\n\na@b>\n",
    ),
    "a pager that was left": (
        "juniper_junos",
        "version 1;\nsystem {\n    host-name b;\n---(more)---[abort]\n\na@b>\n",
    ),
    "a pager left between two hierarchies": (
        "juniper_junos",
        "version 1;\nsystem {\n    host-name b;\n}\n---(more)---[abort]\n\na@b>\n",
    ),
    "a candidate below the top": ("juniper_junos", "version 1;\na;\n\n[edit firewall]\na@b#\n"),
    "curly text without a prompt": ("juniper_junos", "version 1;\nfirewall {\n}\n"),
    "tables of iptables": ("linux", "*mangle\nCOMMIT\n# Completed on Mon Jan  6 08:15:00 2025\n"),
    "a list of nft": ("linux", "table inet qos {\n}\n"),
    "a mark in the middle": ("linux", f"{END_MARK}\ntable inet qos {{\n}}\n"),
    "some settings": ("tomato", "qos_enable=1\n"),
    "nothing": ("tomato", ""),
}


@pytest.mark.parametrize("name", PARTS)
def test_what_may_be_a_part_is_not_the_whole(name):
    platform, text = PARTS[name]
    assert driver(platform).parse(text).incomplete


def test_a_mark_says_so_where_the_device_has_no_sign():
    for platform, text in {
        "juniper_junos": "version 1;\nfirewall {\n}\n",
        "linux": "table inet qos {\n}\n",
        "tomato": "qos_enable=1\n",
    }.items():
        assert driver(platform).parse(f"{text}{END_MARK}\n").incomplete == ""
