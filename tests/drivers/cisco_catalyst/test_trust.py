"""The trust boundary of a port: what becomes of the code point of entering packets."""

from __future__ import annotations

import pytest
from drivers.cisco_catalyst.wanted import CATALYST

from tests.support.values import replace
from translator.verify import Explanation, Packet, explain, trace

VOICE = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 46"
PORT = "GigabitEthernet1/0/5"


def entering(lines: str, packet: str = VOICE, head: str = "mls qos\n") -> Explanation:
    """What happens to a packet that enters a port with these lines."""
    body = "".join(f" {line}\n" for line in lines.splitlines())
    device = CATALYST.parse(f"{head}interface {PORT}\n{body}")
    return explain(device, Packet.of(packet), in_interface=PORT)


def test_a_port_without_trust_rewrites_every_code_point_to_zero() -> None:
    found = entering("priority-queue out")
    assert (found.verdict, found.dscp_out) == ("known", 0)


def test_ports_of_a_range_go_ways_of_their_own() -> None:
    text = "mls qos\ninterface range Gi1/0/1 - 3\n mls qos trust dscp\n"
    text += "interface Gi1/0/2\n no mls qos trust\n"
    text += "interface range Gi1/0/2 - 4\n srr-queue bandwidth limit 50\n"
    device = CATALYST.parse(text)
    out = [explain(device, Packet.of(VOICE), in_interface=f"Gi1/0/{at}") for at in (1, 2, 3, 4)]
    assert [found.dscp_out for found in out] == [46, 0, 46, 0]
    assert [item.lines for item in device.interfaces] == [(3,), (3, 5, 7), (3, 7), (7,)]
    limits = [item.queuing and item.queuing.shaping_percent for item in device.interfaces]
    assert limits == [None, 50, 50, 50]


@pytest.mark.parametrize(
    "typed", ["gigabitethernet1/0/5", "Gi1/0/5", "gig 1/0/5", "range gi1/0/4 - 5"]
)
def test_a_port_is_the_same_however_its_name_is_typed(typed: str) -> None:
    text = f"mls qos\ninterface {PORT}\n mls qos trust dscp\ninterface {typed}\n no mls qos trust\n"
    device = CATALYST.parse(text)
    assert explain(device, Packet.of(VOICE), in_interface=PORT).dscp_out == 0
    assert PORT in [item.name for item in device.interfaces]


def test_names_that_could_be_short_for_several_types_stay_apart() -> None:
    text = "mls qos\ninterface G1\n mls qos trust dscp\ninterface T1\n priority-queue out\n"
    assert [item.name for item in CATALYST.parse(text).interfaces] == ["G1", "T1"]


@pytest.mark.parametrize("command", [f"default interface {PORT}", "default int range gi1/0/4 -5"])
def test_a_port_that_is_reset_is_untrusted_until_lines_follow(command: str) -> None:
    text = f"mls qos\ninterface {PORT}\n mls qos trust dscp\n{command}\n"
    reset = CATALYST.parse(text)
    found = explain(reset, Packet.of(VOICE), in_interface=PORT)
    assert (found.verdict, found.dscp_out) == ("known", 0)
    assert reset.qos_lines == reset.understood == (1, 3, 4)
    again = CATALYST.parse(f"{text}interface {PORT}\n mls qos trust dscp\n")
    assert explain(again, Packet.of(VOICE), in_interface=PORT).dscp_out == 46


def test_a_reset_of_what_is_not_named_makes_every_port_unknown() -> None:
    command = "default interface range DESKS"
    device = CATALYST.parse(f"mls qos\ninterface {PORT}\n mls qos trust dscp\n{command}\n")
    assert explain(device, Packet.of(VOICE), in_interface=PORT).verdict == "unknown"
    assert [item.text for item in device.unread] == [command]


@pytest.mark.parametrize("off", ["no", "default"])
def test_a_line_that_sets_a_default_is_read_at_the_margin_and_below_a_port(off: str) -> None:
    port = f"interface {PORT}\n mls qos trust dscp\n priority-queue out\n"
    for blank in ("", " "):
        undone = f"{blank}{off} mls qos trust\n{blank}{off} priority-queue out\n"
        device = CATALYST.parse(f"mls qos\n{port}{undone}")
        found = explain(device, Packet.of(VOICE), PORT, PORT)
        assert (found.dscp_out, found.service) == (0, "best-effort")
        assert device.unread == ()


@pytest.mark.parametrize("line", ["no mls qos", "default mls qos", " no mls qos"])
def test_a_line_of_the_whole_switch_acts_below_a_port_too(line: str) -> None:
    text = f"mls qos\ninterface {PORT}\nmls qos trust dscp\n"
    flat = CATALYST.parse(f"{text}{line}\n")
    assert explain(flat, Packet.of(VOICE), in_interface="GigabitEthernet1/0/6").dscp_out == 46
    assert any("no mls qos" in note for note in flat.notes)


def test_filters_of_a_port_are_told_of() -> None:
    lines = "mls qos trust dscp\nip access-group 101 in"
    assert any("not looked at" in note for note in entering(lines).notes)
    assert not any("not looked at" in note for note in entering("mls qos trust dscp").notes)


def test_so_does_a_port_that_the_text_does_not_mention() -> None:
    device = CATALYST.parse("hostname a\nmls qos\n")
    found = explain(device, Packet.of(VOICE), in_interface="FastEthernet0/9")
    assert (found.verdict, found.dscp_out) == ("known", 0)


@pytest.mark.parametrize("ecn", range(4))
def test_ecn_bits_survive_the_rewrite(ecn: int) -> None:
    device = CATALYST.parse(f"mls qos\ninterface {PORT}\n priority-queue out\n")
    packet = replace(Packet.of(VOICE), tos=46 << 2 | ecn)
    assert trace(device.interface(PORT).ingress, packet).tos == ecn


@pytest.mark.parametrize("line", ["mls qos trust dscp", "mls qos trust", "MLS QOS TRUST DSCP"])
def test_trusted_dscp_is_kept(line: str) -> None:
    found = entering(line)
    assert (found.verdict, found.dscp_out, found.lines) == ("known", 46, (3, 1))


def test_the_last_trust_line_counts() -> None:
    assert entering("mls qos trust dscp\nno mls qos trust").dscp_out == 0


def test_trusted_cos_depends_on_what_no_ip_header_shows() -> None:
    found = entering("mls qos trust cos")
    assert found.verdict == "unknown"
    assert any("cos 5" in reason for reason in found.reasons)


def known(fact: str, lines: str, head: str = "mls qos\n") -> int:
    """The code point of a voice packet of which this fact holds and no other."""
    body = "".join(f" {line}\n" for line in lines.splitlines())
    device = CATALYST.parse(f"{head}interface {PORT}\n{body}")
    packet = Packet.of(f'{VOICE} with "{fact}"')
    return trace(device.interface(PORT).ingress, packet).code_point


def test_trusted_cos_writes_by_the_map() -> None:
    """The default map makes 40 of CoS 5; untagged frames count as the port's default CoS."""
    text = "mls qos map cos-dscp 0 8 16 24 32 46 48 56\nmls qos\n"
    assert known("cos 5", "mls qos trust cos", text) == 46
    assert known("cos 5", "mls qos trust cos") == 40
    assert known("cos 0", "mls qos trust cos") == 0
    assert known("untagged", "mls qos cos 3\nmls qos trust cos") == 24


def test_an_override_beats_trust() -> None:
    found = entering("mls qos cos 2\nmls qos cos override\nmls qos trust dscp")
    assert (found.verdict, found.dscp_out) == ("known", 16)


def test_trusted_precedence_writes_by_its_map() -> None:
    assert entering("mls qos trust ip-precedence").dscp_out == 40
    text = "mls qos map ip-prec-dscp 0 8 16 24 32 46 48 56\nmls qos\n"
    assert entering("mls qos trust ip-precedence", head=text).dscp_out == 46


def test_a_phone_condition_makes_trust_hang_on_cdp() -> None:
    lines = "mls qos trust device cisco-phone\nmls qos trust dscp"
    found = entering(lines)
    assert found.verdict == "unknown"
    assert any("cdp:cisco-phone" in reason for reason in found.reasons)
    assert entering(lines, VOICE + ' with "cdp:cisco-phone"').dscp_out == 46


def test_a_phone_condition_alone_trusts_nothing() -> None:
    found = entering("mls qos trust device cisco-phone")
    assert (found.verdict, found.dscp_out) == ("known", 0)


def test_a_mutation_map_changes_trusted_code_points() -> None:
    text = "mls qos map dscp-mutation LYNC 40 to 46\nmls qos\n"
    lines = "mls qos trust dscp\nmls qos dscp-mutation LYNC"
    assert entering(lines, VOICE.replace("46", "40"), head=text).dscp_out == 46
    assert entering(lines, VOICE.replace("46", "34"), head=text).dscp_out == 34


def test_a_mutation_map_that_is_not_there_makes_it_unknown() -> None:
    found = entering("mls qos trust dscp\nmls qos dscp-mutation GONE")
    assert found.verdict == "unknown"


def test_a_map_that_is_removed_is_not_there_and_one_that_is_written_in_pieces_is_one() -> None:
    text = "mls qos map dscp-mutation M 40 to 46\nmls qos map dscp-mutation M 46 to 8\nmls qos\n"
    lines = "mls qos trust dscp\nmls qos dscp-mutation M"
    packets = [VOICE, VOICE.replace("46", "40")]
    assert [entering(lines, packet, text).dscp_out for packet in packets] == [8, 46]
    assert entering(lines, head=f"{text}no mls qos map dscp-mutation M\n").verdict == "unknown"


@pytest.mark.parametrize(
    ("lines", "code_point"),
    [
        ("auto qos voip trust\nmls qos trust dscp\npriority-queue out", 46),
        ("auto qos voip trust\nno auto qos\npriority-queue out", 0),
    ],
)
def test_what_a_macro_does_is_in_the_lines_that_it_wrote(lines: str, code_point: int) -> None:
    found = entering(lines)
    assert (found.verdict, found.dscp_out) == ("known", code_point)


def test_a_macro_without_its_lines_is_unknown_in_both_directions() -> None:
    device = CATALYST.parse(f"mls qos\ninterface {PORT}\n auto qos voip trust\n")
    for way in ((PORT, None), (None, PORT)):
        assert explain(device, Packet.of(VOICE), *way).verdict == "unknown"
    assert [item.text for item in device.unread] == ["auto qos voip trust"]


def test_vlan_based_qos_is_decided_elsewhere() -> None:
    assert entering("mls qos vlan-based").verdict == "unknown"


def test_without_rewriting_the_header_stays_and_the_queue_follows_the_inside() -> None:
    text = (
        "no mls qos rewrite ip dscp\nmls qos\n"
        "interface Gi1/0/1\n srr-queue bandwidth share 1 20 30 40\n priority-queue out\n"
        "interface Gi1/0/2\n mls qos trust dscp\n"
    )
    device = CATALYST.parse(text)
    untrusted = explain(device, Packet.of(VOICE), "Gi1/0/9", "Gi1/0/1")
    trusted = explain(device, Packet.of(VOICE), "Gi1/0/2", "Gi1/0/1")
    assert (untrusted.dscp_out, untrusted.service) == (46, "guaranteed")
    assert (trusted.dscp_out, trusted.service) == (46, "priority")


def test_no_mls_qos_touches_nothing() -> None:
    found = entering("priority-queue out\nmls qos cos 3", head="no mls qos\n")
    assert (found.verdict, found.dscp_out, found.service) == ("known", 46, "best-effort")
    assert any("mls qos" in note for note in found.notes)


PIECE = f"hostname a\n!\ninterface {PORT}\n mls qos trust dscp\n priority-queue out\n"
REST = "!\nline con 0\n!\nend\n"


def test_a_whole_text_without_mls_qos_touches_nothing() -> None:
    device = CATALYST.parse(PIECE + REST)
    found = explain(device, Packet.of(VOICE), "FastEthernet0/9", PORT)
    assert (found.verdict, found.dscp_out, found.service) == ("known", 46, "best-effort")
    assert any("mls qos" in note for note in found.notes)


@pytest.mark.parametrize("text", [PIECE, PIECE.partition("!")[2]])
@pytest.mark.parametrize("into", ["FastEthernet0/9", None])
def test_a_piece_without_mls_qos_does_not_say_whether_qos_is_on(
    text: str, into: str | None
) -> None:
    found = explain(CATALYST.parse(text), Packet.of(VOICE), into, PORT)
    assert found.verdict == "unknown"
    assert any("whether `mls qos` is on" in reason for reason in found.reasons)


def test_a_piece_without_any_qos_does_not_say_it_either() -> None:
    found = explain(CATALYST.parse("hostname a\n"), Packet.of(VOICE), "FastEthernet0/9")
    assert found.verdict == "unknown"


def test_what_is_the_same_with_qos_on_and_off_stays_known() -> None:
    device = CATALYST.parse(PIECE)
    found = explain(device, Packet.of(VOICE), PORT)
    assert (found.verdict, found.dscp_out) == ("known", 46)
    unmarked = Packet.of("udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0 ecn 3")
    assert explain(device, unmarked, "FastEthernet0/9").verdict == "known"


def test_a_piece_with_mls_qos_is_known() -> None:
    found = explain(CATALYST.parse("mls qos\n" + PIECE), Packet.of(VOICE), "Fa0/9", PORT)
    assert (found.verdict, found.dscp_out) == ("known", 0)


@pytest.mark.parametrize(
    "line",
    ["mls qos frobnicate", "mls qos trust frobs", "mls qos cos 9", "wrr-queue bandwidth 1 2"],
)
def test_an_unread_port_line_is_listed_and_never_silent(line: str) -> None:
    device = CATALYST.parse(f"mls qos\ninterface {PORT}\n mls qos trust dscp\n {line}\n")
    assert [(item.line, item.text) for item in device.unread] == [(4, line)]
    both = explain(device, Packet.of(VOICE), PORT, PORT)
    assert both.verdict == "unknown"


def test_an_unread_global_line_makes_every_port_unknown() -> None:
    found = entering("mls qos trust dscp", head="mls qos map frob 1 to 2\nmls qos\n")
    assert found.verdict == "unknown"


def test_lines_that_lost_their_indentation_belong_to_the_port_above() -> None:
    device = CATALYST.parse("mls qos\ninterface Gi1/0/3\nmls qos trust dscp\npriority-queue out\n")
    assert device.unread == ()
    assert explain(device, Packet.of(VOICE), "Gi1/0/3", "Gi1/0/3").dscp_out == 46
