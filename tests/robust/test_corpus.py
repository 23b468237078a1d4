"""Every text of other people through every reader: an answer or an error of ours, in good time."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from support.corpus import shared_root

from translator.drivers.base import RecognisesText
from translator.drivers.detect import detect
from translator.drivers.registry import driver, driver_names, drivers
from translator.drivers.text import text_of
from translator.errors import ParseError, TranslatorError

# Platforms whose texts are others' to us, and what is read all the same: files of nftables that
# a package of OpenWrt loads are files of nftables.
READABLE = {"openwrt": ("linux", ".nft"), "show/cisco_ios": ("cisco_ios", ".txt")}
# Files that lie with the platform of the grammar they test, and hold the lines of another's:
# `system qos` and `system module-type f1` are of Nexus switches alone.
HELD_FOR = {"bf-cisco_system.cfg": "cisco_nxos"}
# At least so many of a platform's files must be known for what they are; the rest are pieces
# that another platform's owner could have written as well.
KNOWN = {
    "arista_eos": 6,
    "cisco_ios": 14,
    "cisco_catalyst": 4,
    "cisco_nxos": 12,
    "juniper_junos": 18,
    "linux": 12,
    "tomato": 2,
}


@cache
def files() -> tuple[tuple[str, Path], ...]:
    """The folder and path of every file."""
    root = shared_root()
    if root is None or not (root / "corpus").is_dir():
        return ()
    corpus = root / "corpus"
    return tuple(
        (path.parent.relative_to(corpus).as_posix(), path)
        for path in sorted(corpus.rglob("*"))
        if path.is_file() and path.parent != corpus
    )


def need_files() -> None:
    if not files():
        pytest.skip("no corpus of real configurations on this machine (set QOS_SHARED)")


@pytest.mark.parametrize("platform", driver_names())
def test_every_file_is_read_or_refused_by_every_driver(platform):
    need_files()
    reader = driver(platform)
    hints = []
    for _, path in files():
        data = path.read_bytes()
        try:
            reader.parse(text_of(data, reader, file=path.name), file=path.name)
        except TranslatorError as error:
            hints.append(error.hint)
    assert all(hints)


def seen_as(path: Path) -> str:
    try:
        return detect(text_of(path.read_bytes(), *drivers(), file=path.name)).driver
    except ParseError:
        return ""


def test_no_file_is_taken_for_another_platforms():
    need_files()
    wrong, known = [], dict.fromkeys(KNOWN, 0)
    for folder, path in files():
        found = seen_as(path)
        if not found:
            continue
        if found.startswith(folder):  # juniper_junos holds its product lines, tomato its families
            known[folder] += 1
        elif found == HELD_FOR.get(path.name):
            continue
        elif folder not in READABLE or (found, path.suffix) != READABLE[folder]:
            wrong.append((path.name, found))
    assert wrong == []
    assert {folder: known[folder] >= least for folder, least in KNOWN.items()} == dict.fromkeys(
        KNOWN, True
    )


def test_every_driver_says_by_what_it_is_known():
    assert [item.platform for item in drivers() if not isinstance(item, RecognisesText)] == []
