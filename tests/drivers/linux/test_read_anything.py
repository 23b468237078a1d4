"""Texts of all kinds: other people's files, other languages, torn and mixed text."""

from __future__ import annotations

import pytest
from drivers.linux.asking import LINUX, ask, intents_for
from hypothesis import given
from hypothesis import strategies as st
from support.corpus import corpus_files

from translator.errors import ParseError
from translator.intents.device import DeviceQos
from translator.verify.explain import explain
from translator.verify.packet import Packet

RENDERED = LINUX.render(intents_for(("eth0=client", "eth1=wan:10M"))).config
WORDS = sorted(
    {*RENDERED.split(), "iptables -t mangle -A FORWARD", "tc filter add dev x u32", "$x", "'", "{"}
)


def consistent(device: DeviceQos) -> bool:
    unread = {item.line for item in device.unread}
    return set(device.qos_lines) - set(device.understood) == unread


@given(st.lists(st.sampled_from([*WORDS, "\n", "\n"]), max_size=60).map(" ".join))
def test_no_mixture_of_words_stops_the_reader(text: str) -> None:
    assert consistent(LINUX.parse(text))


@given(st.text(alphabet=st.characters(exclude_characters="\0"), max_size=200))
def test_no_text_stops_the_reader(text: str) -> None:
    assert consistent(LINUX.parse(text))


@given(st.integers(0, len(RENDERED)), st.integers(0, 400))
def test_torn_text_is_read_as_far_as_it_goes(start: int, length: int) -> None:
    assert consistent(LINUX.parse(RENDERED[:start] + RENDERED[start + length :]))


def test_binary_is_refused() -> None:
    with pytest.raises(ParseError):
        LINUX.parse("table\0")


def test_another_language_is_not_passed_over_in_silence() -> None:
    text = "interface eth2 output rate 750kbit\n  class voip commit 100kbit\n  match udp port 7\n"
    device = LINUX.parse(text)
    assert [item.line for item in device.unread] == [1, 2, 3]
    assert not ask(text, "udp 10.1.1.1:7 > 10.2.2.2:7").known


def test_without_interfaces_a_packet_takes_the_whole_way() -> None:
    text = "table ip t {\n\tchain a {\n\t\tip dscp set ef\n\t}\n\tchain b {\n"
    text += "\t\ttype filter hook forward priority 0\n\t\tudp sport 7 jump a\n\t}\n}\n"
    answer = explain(LINUX.parse(text), Packet.of("udp 10.1.1.1:7 > 10.2.2.2:7"))
    assert (answer.known, answer.dscp_out, answer.lines) == (True, 46, (7, 3))


@pytest.mark.parametrize("hook", ["", "type filter hook forward priority 0\n"])
def test_without_interfaces_a_line_that_may_change_anything_comes_first(hook: str) -> None:
    text = f"table ip t {{\n\tchain a {{\n{hook}\t\tip dscp set ef\n\t}}\n}}\n"
    packet = Packet.of("udp 10.1.1.1:7 > 10.2.2.2:7")
    assert explain(LINUX.parse(text), packet).known
    device = LINUX.parse(text + "some fq_codel\n")
    (unread,) = device.unread
    answer = explain(device, packet)
    assert answer.verdict == "unknown"
    assert answer.reasons[0] == f"line {unread.line} was not understood"


def test_shell_that_only_talks_about_it_is_no_configuration() -> None:
    assert LINUX.parse("echo setting the dscp mark\n# class of rate\n").qos_lines == ()


def test_real_nftables_files_are_understood_whole() -> None:
    paths = [path for path in corpus_files("linux") if path.suffix == ".nft"]
    if not paths:
        pytest.skip("no corpus on this machine")
    for path in paths:
        device = LINUX.parse(path.read_text(encoding="utf-8"), file=path.name)
        assert device.unread == (), path.name


def test_files_in_other_languages_are_named_as_unread() -> None:
    paths = [path for path in corpus_files("linux") if path.name.endswith("fireqos.conf")]
    if not paths:
        pytest.skip("no corpus on this machine")
    for path in paths:
        device = LINUX.parse(path.read_text(encoding="utf-8"), file=path.name)
        assert device.understood == ()
        assert len(device.unread) >= 20
