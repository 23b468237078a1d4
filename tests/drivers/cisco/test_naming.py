"""Names and free text: checked, unique, within the limits of the device."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.drivers.cisco.naming import Names, clip, identifier, interface_name
from translator.errors import DriverError


def test_words_become_one_name() -> None:
    assert identifier("QOS", "client", "app_sharing") == "QOS-CLIENT-APP-SHARING"
    assert identifier("QOS", "video+signalling") == "QOS-VIDEO-SIGNALLING"


@pytest.mark.parametrize("word", ["", "\n", "?", "é"])
def test_a_word_that_leaves_nothing_is_refused(word: str) -> None:
    with pytest.raises(DriverError):
        identifier("QOS", word)


@given(st.lists(st.text(alphabet="AB", min_size=1, max_size=9), min_size=1, max_size=40))
def test_names_are_unique_and_short(wanted: list[str]) -> None:
    names = Names(limit=6)
    given_names = [names.give(name, number) for number, name in enumerate(wanted)]
    assert len(set(given_names)) == len(wanted)
    assert max(map(len, given_names)) <= 6
    assert [names.known(number) for number in range(len(wanted))] == given_names


@given(st.text(max_size=300))
def test_free_text_is_one_printable_line(text: str) -> None:
    found = clip(text, 100)
    assert len(found) <= 100
    assert found.isascii()
    assert "?" not in found
    assert found == " ".join(found.split())


@pytest.mark.parametrize("name", ["GigabitEthernet0/0/1.100", "Tunnel7", "Port-channel1", "e0"])
def test_interface_names(name: str) -> None:
    assert interface_name(name) == name


@pytest.mark.parametrize("name", ["", "0", "Gi 0/1", "Gi0/1\n", "Gi0/1;x", "a" * 65])
def test_what_is_no_interface_name_is_refused(name: str) -> None:
    with pytest.raises(DriverError):
        interface_name(name)
