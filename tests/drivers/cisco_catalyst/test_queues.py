"""Egress: the queue of each code point, and how the four queues of a port are served."""

from __future__ import annotations

import pytest
from drivers.cisco_catalyst.wanted import CATALYST

from translator.intents.device import DeviceQos, Queuing
from translator.verify import Packet, explain
from translator.verify.usage import unread_in_use

PORT = "GigabitEthernet1/0/9"
# Code points by the switch's default map, one of each run that it names.
DEFAULT_QUEUES = {0: 2, 15: 2, 16: 3, 31: 3, 32: 4, 39: 4, 40: 1, 46: 1, 47: 1, 48: 4, 63: 4}


def device(port: str, head: str = "") -> DeviceQos:
    body = "".join(f" {line}\n" for line in ["mls qos trust dscp", *port.splitlines()])
    return CATALYST.parse(f"{head}mls qos\ninterface {PORT}\n{body}")


def leaving(found: DeviceQos, code_point: int) -> tuple[str | None, str | None]:
    packet = Packet.of(f"udp 10.1.1.1:20000 > 10.2.2.2:50000 dscp {code_point}")
    answer = explain(found, packet, PORT, PORT)
    assert answer.verdict == "known"
    return answer.class_name, answer.service


@pytest.mark.parametrize(("code_point", "queue"), DEFAULT_QUEUES.items())
def test_unlisted_code_points_keep_the_default_map(code_point: int, queue: int) -> None:
    assert leaving(device("priority-queue out"), code_point)[0] == f"queue-{queue}"


def test_queue_one_is_strict_only_with_the_expedite_queue_on_that_port() -> None:
    share = "srr-queue bandwidth share 10 20 30 40"
    assert leaving(device(share), 46) == ("queue-1", "guaranteed")
    assert leaving(device(share + "\npriority-queue out"), 46) == ("queue-1", "priority")
    assert leaving(device("priority-queue out\nno priority-queue out"), 46)[1] == "best-effort"


def test_without_configured_weights_nothing_is_guaranteed() -> None:
    assert leaving(device(""), 34) == ("queue-4", "best-effort")
    assert leaving(device("priority-queue out"), 34) == ("queue-4", "best-effort")
    assert leaving(device("srr-queue bandwidth share 1 40 30 30"), 34)[1] == "guaranteed"


def test_a_shaped_queue_is_guaranteed_and_the_others_are_not() -> None:
    found = device("srr-queue bandwidth shape 0 0 0 8")
    assert leaving(found, 34) == ("queue-4", "guaranteed")
    assert leaving(found, 0) == ("queue-2", "best-effort")


def test_map_lines_are_laid_over_the_default_and_merged() -> None:
    head = (
        "mls qos srr-queue output dscp-map queue 3 threshold 3 0 1 2 3 4 5 6 7\n"
        "mls qos srr-queue output dscp-map queue 3 threshold 3 8 9\n"
        "mls qos srr-queue output dscp-map queue 1 34\n"
    )
    found = device("priority-queue out", head)
    assert [leaving(found, point)[0] for point in (0, 7, 9, 10, 34)] == [
        "queue-3",
        "queue-3",
        "queue-3",
        "queue-2",
        "queue-1",
    ]


def test_the_line_that_chose_the_queue_is_named() -> None:
    found = device(
        "priority-queue out", "mls qos srr-queue output dscp-map queue 1 threshold 3 34\n"
    )
    packet = Packet.of("udp 10.1.1.1:20000 > 10.2.2.2:50000 dscp 34")
    assert set(explain(found, packet, None, PORT).lines) == {1, 5}


def queuing(lines: str) -> Queuing:
    found = device(lines).interface(PORT).queuing
    assert found is not None
    return found


def test_shares_are_those_of_what_the_strict_queue_leaves() -> None:
    found = queuing("srr-queue bandwidth share 10 20 17 53\npriority-queue out")
    assert [item.name for item in found.classes] == ["queue-1", "queue-2", "queue-3", "queue-4"]
    assert found.classes[0].percent == pytest.approx(10)
    assert [item.remaining_percent for item in found.classes[1:]] == pytest.approx(
        [100 * weight / 90 for weight in (20, 17, 53)]
    )


def test_a_shape_weight_is_a_fraction_of_the_line() -> None:
    found = queuing("srr-queue bandwidth shape 8 0 0 0\nsrr-queue bandwidth share 1 20 30 50")
    assert found.classes[0].percent == pytest.approx(12.5)


def percents(lines: str) -> list[float | None]:
    """The percentages of the four queues, of the line or of what the strict one leaves."""
    found = {item.name: item for item in queuing(lines).classes}
    ordered = [found[f"queue-{number}"] for number in (1, 2, 3, 4)]
    return [x.percent if x.remaining_percent is None else x.remaining_percent for x in ordered]


def test_queues_that_share_divide_what_shaped_ones_leave() -> None:
    lines = "srr-queue bandwidth share 1 20 30 50\nsrr-queue bandwidth shape 8 0 0 0"
    assert percents(lines) == pytest.approx([12.5, 17.5, 26.25, 43.75])
    swapped = "\n".join(reversed(lines.splitlines()))
    assert percents(swapped) == percents(lines)
    assert queuing(lines).classes[0].limit_percent == pytest.approx(12.5)


def test_shares_alone_leave_queue_one_at_its_default_shape() -> None:
    share = "srr-queue bandwidth share 10 20 30 40"
    assert percents(share) == pytest.approx([4, 96 * 2 / 9, 96 * 3 / 9, 96 * 4 / 9])
    assert queuing(share).classes[0].limit_percent == pytest.approx(4)
    assert any("1/25" in note for note in device(share).notes)
    undone = f"{share}\nsrr-queue bandwidth shape 0 0 0 0"
    assert percents(undone) == pytest.approx([10, 20, 30, 40])
    assert not any("1/25" in note for note in device(undone).notes)


def test_a_strict_queue_is_not_shaped_and_others_may_be() -> None:
    lines = "srr-queue bandwidth share 10 20 30 40\nsrr-queue bandwidth shape 4 0 0 5"
    found = percents(f"{lines}\npriority-queue out")
    # 20 % are shaped, a sixth is meant for queue 1 by its share: the rest is of queues 2 and 3.
    meant = 100 * 10 / 60
    rest = 100 * (80 - meant) / (100 - meant)
    assert found == pytest.approx([meant, rest * 2 / 5, rest * 3 / 5, 20])


def test_the_cos_that_a_port_gives_may_choose_another_queue_too() -> None:
    port = (
        f"mls qos\ninterface {PORT}\n mls qos cos 5\n mls qos cos override\n priority-queue out\n"
    )
    packet = Packet.of("udp 10.1.1.1:20000 > 10.2.2.2:50000 dscp 0")
    assert explain(CATALYST.parse(port), packet, PORT, PORT).service == "priority"
    moved = "mls qos srr-queue output cos-map queue 3 threshold 3 5\n"
    differing = explain(CATALYST.parse(moved + port), packet, PORT, PORT)
    assert (differing.verdict, differing.dscp_out, differing.service) == ("unknown", 40, None)


def test_a_limit_of_the_port_is_noted() -> None:
    assert any("80 %" in note for note in device("srr-queue bandwidth limit 80").notes)


def test_trusted_cos_and_its_code_point_may_disagree_about_the_queue() -> None:
    """CoS 5 goes to queue 1 either way; with another CoS map the queue is not known."""
    port = f"mls qos\ninterface {PORT}\n mls qos trust cos\n priority-queue out\n"
    packet = Packet.of('udp 10.1.1.1:20000 > 10.2.2.2:50000 dscp 0 with "cos 5"')
    agreeing = explain(CATALYST.parse(port), packet, PORT, PORT)
    moved = "mls qos srr-queue output cos-map queue 3 threshold 3 5\n"
    differing = explain(CATALYST.parse(moved + port), packet, PORT, PORT)
    assert not any("disagree" in reason for reason in agreeing.reasons)
    assert any("disagree" in reason for reason in differing.reasons)


@pytest.mark.parametrize(
    "line",
    [
        "mls qos srr-queue input bandwidth 80 20",
        "mls qos srr-queue input priority-queue 2 bandwidth 20",
        "mls qos srr-queue input dscp-map queue 2 threshold 1 40 46",
        "mls qos queue-set output 2 buffers 20 30 25 25",
        "mls qos queue-set output 1 threshold 3 70 90 100 300",
        "mls qos map policed-dscp  10 34 46 to 8",
        "mls qos map dscp-cos 46 47 to 5",
        "auto qos srnd4",
    ],
)
def test_lines_without_bearing_on_treatment_are_understood(line: str) -> None:
    found = device("priority-queue out", f"{line}\n")
    assert found.unread == ()
    assert found.qos_lines == found.understood == (1, 2, 4, 5)


@pytest.mark.parametrize(
    "line",
    [
        "mls qos srr-queue output dscp-map queue 5 threshold 1 46",
        "mls qos srr-queue output dscp-map queue 1 threshold 1 64",
        "mls qos srr-queue output dscp-map queue 1 threshold 1",
        "mls qos srr-queue output frob-map queue 1 threshold 1 3",
        "mls qos map cos-dscp 0 8 16",
        "mls qos map policed-dscp 10 to 64",
        "mls qos map dscp-mutation M 1 2 3 4 5 6 7 8 9 to 10",
        "mls qos srr-queue output dscp-map queue 1 threshold 1 0 1 2 3 4 5 6 7 8",
        "no mls qos srr-queue output dscp-map queue 1 threshold 1 46",
        "no mls qos map cos-dscp 0 8 16 24 32 46 48 56",
        "no mls qos map dscp-mutation M 1 to 10",
        "no mls qos aggregate-policer",
        "mls qos queue-set output 1 buffers 10 20 30",
        "mls qos queue-set input 1 buffers 10 20 30 40",
        "mls qos srr-queue input bandwidth 80",
        "mls qos aggregate-policer A 1000000 8000 exceed-action frob",
        "no mls qos map",
        "mls qos rewrite ip frob",
    ],
)
def test_a_malformed_global_line_is_unread(line: str) -> None:
    assert [item.text for item in device("", f"{line}\n").unread] == [line]


@pytest.mark.parametrize("line", ["wrr-queue bandwidth 1 2", "srr-queue bandwidth frob"])
def test_a_queue_line_that_is_not_read_leaves_the_marking_known(line: str) -> None:
    found = device(f"priority-queue out\n{line}")
    packet = Packet.of("udp 10.1.1.1:20000 > 10.2.2.2:50000 dscp 46")
    leaving_it = explain(found, packet, PORT, PORT)
    assert (leaving_it.verdict, leaving_it.dscp_out, leaving_it.service) == ("unknown", 46, None)
    assert 5 in leaving_it.lines
    assert explain(found, packet, PORT).verdict == "known"
    assert found.interface(PORT).queuing is None
    assert unread_in_use(found, [PORT], "in") == []
    assert [item.line for item in unread_in_use(found, [PORT], "out")] == [5]


def test_a_limited_port_sends_at_a_part_of_its_line() -> None:
    share = "srr-queue bandwidth share 10 20 30 40"
    assert queuing(share).shaping_percent is None
    assert queuing(f"{share}\nsrr-queue bandwidth limit 10").shaping_percent == 10
    assert queuing(f"{share}\nsrr-queue bandwidth limit 10\nno srr-queue bandwidth limit").classes
