"""What real configurations do with packets, as derived by reading them, against what we say.

Every entry of the YAML files here was written from the text of a configuration and from vendor
facts, before the tool was asked. It names a place (`in`, `out` or `policy`), a packet and the
`verdict`; as far as the text settles them, the code point out (`dscp`), `dropped`, the `service`,
the `class`, a rate (`policed_bps`) and `lines` that must be among the deciding ones. `no_dscp` and
`no_service` say why one is not asked, `because` what the entry rests on. `corrected` is the fact
that overruled a first reading; `disputed` is a fault of ours that the answer shows until it is
repaired. The files are read by the driver named as `platform`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.corpus import shared_file
from support.yamlfile import load_yaml

from translator.drivers.base import ReadsBackups
from translator.drivers.registry import BUILT_IN, driver
from translator.intents.device import DeviceQos
from translator.verify.explain import Explanation, explain
from translator.verify.packet import Packet

HERE = Path(__file__).parent
PLACES = {"in", "out", "policy"}
WANTED = {"dscp", "dropped", "service", "class", "policed_bps", "lines"}
WORDS = {"packet", "verdict", "because", "no_dscp", "no_service", "corrected", "disputed"}


@dataclass(frozen=True, slots=True)
class Expectation:
    """One packet at one place of one configuration, and what was read about it."""

    file: str
    platform: str
    entry: dict[str, Any]

    def __str__(self) -> str:
        places = [
            f"{word}={self.entry[word]}" for word in ("in", "out", "policy") if word in self.entry
        ]
        return f"{Path(self.file).name}:{','.join(places)}:{self.entry['packet']}"


def _loaded() -> list[Expectation]:
    return [
        Expectation(section["file"], section["platform"], entry)
        for path in sorted(HERE.glob("*.yaml"))
        for section in load_yaml(path)
        for entry in section["packets"]
    ]


EXPECTATIONS = _loaded()


@cache
def _device(platform: str, path: Path) -> DeviceQos:
    data = path.read_bytes()
    reader = driver(platform)
    text = reader.decode(data) if isinstance(reader, ReadsBackups) else None
    return reader.parse(data.decode("utf-8", "replace") if text is None else text, file=path.name)


def _differences(entry: dict[str, Any], seen: Explanation) -> list[str]:
    found = {
        "verdict": seen.verdict,
        "dscp": None if seen.dscp_out is None else int(seen.dscp_out),
        "dropped": seen.dropped,
        "service": None if seen.service is None else seen.service.value,
        "class": seen.class_name,
        "policed_bps": seen.policed_bps,
    }
    wrong = [
        f"{word}: expected {entry[word]}, the tool says {value}"
        for word, value in found.items()
        if word in entry and entry[word] != value
    ]
    missing = sorted(set(entry.get("lines", ())) - set(seen.lines))
    if missing:
        wrong.append(f"lines {missing} are not among the deciding ones {sorted(seen.lines)}")
    return wrong


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=str)
def test_the_tool_says_what_the_text_says(
    expectation: Expectation, request: pytest.FixtureRequest
) -> None:
    entry = expectation.entry
    path = shared_file("corpus") / expectation.file
    if "disputed" in entry:
        request.applymarker(pytest.mark.xfail(reason=entry["disputed"], strict=True))
    device = _device(expectation.platform, path)
    seen = explain(
        device, Packet.of(entry["packet"]), entry.get("in"), entry.get("out"), entry.get("policy")
    )
    wrong = _differences(entry, seen)
    assert not wrong, "\n".join(
        [f"{expectation}", *wrong, f"because: {entry['because']}", *seen.reasons, *seen.notes]
    )


def _family(platform: str) -> str:
    """The module that holds a driver; siblings share it."""
    return BUILT_IN[platform].partition(":")[0]


def test_there_is_enough_of_everything() -> None:
    assert len(EXPECTATIONS) >= 120
    assert len({item.file for item in EXPECTATIONS}) >= 40
    assert {_family(item.platform) for item in EXPECTATIONS} == {*map(_family, BUILT_IN)}


def test_every_file_has_three_packets() -> None:
    files = [item.file for item in EXPECTATIONS]
    assert {name for name in files if files.count(name) < 3} == set()


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=str)
def test_every_expectation_is_whole(expectation: Expectation) -> None:
    entry = expectation.entry
    assert set(entry) <= PLACES | WANTED | WORDS
    assert PLACES & set(entry)
    assert not ({"policy"} <= set(entry) and {"in", "out"} & set(entry))
    assert entry["verdict"] in ("known", "unknown")
    assert len(entry["because"].split()) >= 6
    Packet.of(entry["packet"])
    if entry["verdict"] == "known" and not entry.get("dropped"):
        assert ("service" in entry) != ("no_service" in entry)
        assert ("dscp" in entry) != ("no_dscp" in entry)
