"""`show queuing interface`: what each queue sent and lost, and what is left unknown."""

from __future__ import annotations

from translator.drivers.cisco_nxos.counters import read_queuing
from translator.drivers.registry import driver
from translator.intents.counters import CountersRead, Shown

HEAD = """\
slot  1
=======


Egress Queuing for Ethernet1/1 [Interface]
------------------------------------------------------------------------------
QoS-Group# Bandwidth% PrioLevel                Shape                   QLimit
                                   Min          Max        Units
------------------------------------------------------------------------------
      7             -         1           -            -     -            9(D)
      6            20         -           -            -     -            9(D)
      0            53         -           -            -     -            9(D)
"""
TAIL = """\

Port Egress Statistics
--------------------------------------------------------
Pause Flush Drop Pkts                              0

Ingress Queuing for Ethernet1/1
-----------------------------------------------------
QoS-Group#                 Pause                        QLimit
           Buff Size       Pause Th      Resume Th
-----------------------------------------------------
      7              -            -            -           10(D)
"""


def group(title: str, sent: int, lost: int) -> str:
    line = "+-------------------------------------------------------------+\n"
    rows = (("Tx Pkts", sent, 5), ("Tx Byts", 100 * sent, 500), ("WRED & Tail Drop Pkts", lost, 1),
            ("WRED & Tail Drop Byts", 100 * lost, 100), ("Q Depth Byts", 0, 0))  # fmt: skip
    table = "".join(f"| {name:>25} | {one:>15}| {other:>15}|\n" for name, one, other in rows)
    head = f"|                              {title}         |\n"
    names = "|                           |  Unicast       |Multicast       |\n"
    return f"{line}{head}{line}{names}{line}{table}"


def read(*tables: str) -> CountersRead:
    return read_queuing(Shown("show queuing interface", HEAD + "".join(tables) + TAIL))


def test_both_columns_are_summed_and_groups_have_the_names_of_their_queues():
    found = read(group("QOS GROUP 0", 1000, 7), group("CONTROL QOS GROUP", 9, 9),
                 group("SPAN QOS GROUP", 8, 8), group("QOS GROUP 7", 20, 0))  # fmt: skip
    assert found.unread == ()
    assert found.interfaces == ("Ethernet1/1",)
    default, strict = found.classes
    assert (default.name, strict.name) == ("c-out-8q-q-default", "c-out-8q-q7")
    assert (default.direction, default.sent_packets, default.sent_bytes) == ("out", 1005, 100500)
    assert (default.dropped, strict.dropped) == (8, 1)
    assert strict.unread == ()


def test_a_line_that_is_not_known_makes_its_queue_unknown_and_no_other():
    odd = group("QOS GROUP 7", 20, 0).replace("Q Depth Byts", "New Counter Pkts")
    default, strict = read(group("QOS GROUP 0", 1000, 7), odd).classes
    assert default.seen == 1005
    assert strict.seen is None
    assert "New Counter" in strict.unread[0].text


def test_a_table_that_is_cut_off_is_unknown():
    cut = group("QOS GROUP 7", 20, 0).partition("| ".ljust(7) + "WRED")[0]
    (strict,) = read_queuing(
        Shown("show queuing interface", HEAD + cut[: cut.index("WRED")])
    ).classes
    assert strict.seen is None


def test_the_command_is_known_again_and_asked_for_each_interface():
    nxos = driver("cisco_nxos")
    text = HEAD + group("QOS GROUP 0", 1, 0)
    assert nxos.command_behind(text) == "show queuing interface"  # type: ignore[attr-defined]
    asked = nxos.counter_commands(("Ethernet1/1",))  # type: ignore[attr-defined]
    assert asked == ("show queuing interface Ethernet1/1",)
    for command in (*asked, "sh queuing int e1/1", "show queuing interface"):
        assert nxos.shows_counters(command)  # type: ignore[attr-defined]
