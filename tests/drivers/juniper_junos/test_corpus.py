"""Other people's configurations: never a crash, nearly every line understood, both forms alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.corpus import corpus_files, shared_file

from translator.drivers.juniper_junos import JuniperJunos, JuniperJunosQfx, JuniperJunosSrx
from translator.intents.device import DeviceQos

FILES = corpus_files("juniper_junos")
PAIRS = ["jvd-llq-ag2_1_mx204", "jvd-llq-ag3_1_mx480", "jvd-llq-cr1_ptx10001"]


def read(path: Path) -> DeviceQos:
    return JuniperJunos().parse(path.read_text(encoding="utf-8", errors="replace"), file=path.name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_line_is_understood_or_named(path: Path) -> None:
    text = path.read_text(encoding="utf-8", errors="replace")
    for driver in (JuniperJunos(), JuniperJunosQfx(), JuniperJunosSrx()):
        device = driver.parse(text)
        unread = {item.line for item in device.unread}
        assert set(device.qos_lines) == set(device.understood) | unread
        assert not set(device.understood) & unread
        for item in device.unread:
            assert item.text == text.split("\n")[item.line - 1].strip()


def test_share_of_lines_understood() -> None:
    if not FILES:
        pytest.skip("there is no corpus on this machine (set QOS_SHARED)")
    devices = [read(path) for path in FILES]
    lines = sum(len(device.qos_lines) for device in devices)
    understood = sum(len(device.understood) for device in devices)
    assert lines > 3000
    assert understood / lines >= 0.99


@pytest.mark.parametrize("name", PAIRS)
def test_curly_and_set_form_of_one_device_behave_alike(name: str) -> None:
    curly = read(shared_file(f"corpus/juniper_junos/{name}.conf"))
    lines = read(shared_file(f"corpus/juniper_junos/{name}.set"))
    assert curly.interfaces
    assert behaviour(curly) == behaviour(lines)


def behaviour(device: DeviceQos) -> list[str]:
    """Interfaces and policies as text, without the line numbers, which differ."""
    parts = sorted(repr(item) for item in (*device.interfaces, *device.policies))
    return [re.sub(r"lines=\([^)]*\)", "", part) for part in parts]


def test_a_cut_anywhere_is_survived() -> None:
    text = shared_file("corpus/juniper_junos/jvd-ewan-fin-wanedge1_mx304.conf").read_text()
    for cut in range(0, len(text), len(text) // 40):
        JuniperJunos().parse(text[:cut])
        JuniperJunos().parse(text[cut:])
