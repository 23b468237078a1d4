"""A text of which thousands of parts are not understood: reading stops, and all is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from translator.drivers.linux.lines import MOST_UNREAD
from translator.drivers.registry import driver
from translator.drivers.text import text_of
from translator.errors import ParseError
from translator.intents.pipeline import Rule

CHAIN = "table inet t {\n chain c {\n  type filter hook forward priority 0; policy accept;\n"


def _all(rules: Iterable[Rule]) -> Iterator[Rule]:
    for rule in rules:
        yield rule
        yield from _all(rule.body)


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        pytest.param("linux", CHAIN + "frobnicate it\n" * 5100 + "}\n}\n", id="nft lines"),
        pytest.param("linux", CHAIN + "frobnicate;" * 5100 + "}\n}\n", id="one nft line"),
        pytest.param("linux", "some fq_codel\n" * 5100, id="commands"),
        pytest.param("tomato", "qos_enable=1\n" + "use xt_DSCP\n" * 5100, id="strays"),
    ],
)
def test_reading_stops_and_says_where(platform: str, text: str) -> None:
    device = driver(platform).parse(text)
    assert len(device.unread) <= MOST_UNREAD + 1
    assert "reading stops here" in device.unread[-1].reason
    stop = (device.unread[-1].line,)
    assert any(rule.lines == stop for stage in device.forward for rule in _all(stage.rules))


def test_a_text_of_lines_without_a_word_is_no_configuration() -> None:
    with pytest.raises(ParseError, match="is no configuration: its 6000 lines hold"):
        text_of(b"a\n" * 6000, file="x")
    assert text_of(b"a\n" * 5000, file="x")
    assert text_of(b"interface GigabitEthernet0/1\n!\n\n" * 9000, file="x")


def test_the_same_rule_on_two_lines_keeps_its_own_line() -> None:
    rule = "udp sport 20000-20039 ip dscp set ef\n"
    device = driver("linux").parse(CHAIN + rule + rule + "}\n}\n")
    (body,) = (stage.rules[0].body for stage in device.forward)
    assert [item.lines for item in body] == [(4,), (5,)]
