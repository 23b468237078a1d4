"""Repairs of Junos: set and delete in one commit, in both forms of the configuration."""

from __future__ import annotations

import random

import pytest
from audit.repair.repair_checks import Bench, intents_for
from support.corpus import corpus_files

from translator.drivers.registry import driver
from translator.errors import RefusedError, TranslatorError

JUNOS = driver("juniper_junos")
INTENTS = intents_for("juniper_junos", "ge-0/0/1=client", "ge-0/0/0=wan:10M")
FOREIGN = """version 20.4R1.12;
system {
    host-name edge-7;
    login {
        message "no policy { here };";
        user admin { class super-user; }
    }
}
interfaces {
    ge-0/0/0 { unit 0 { family inet { address 192.0.2.2/30; } } }
    ge-0/0/1 { unit 0 { family inet { address 10.1.0.1/24; } } }
    ge-0/0/5 {
        unit 0 {
            family inet {
                filter { input OFFICE; }
                address 10.5.0.1/24;
            }
        }
    }
}
protocols { ospf { area 0.0.0.0 { interface ge-0/0/0.0; } } }
class-of-service {
    schedulers { OFFICE { transmit-rate percent 50; } }
}
firewall {
    family inet {
        filter OFFICE {
            term NAMES { from { protocol udp; port 53; } then { count names; accept; } }
            term REST { then accept; }
        }
    }
}
"""
RIGHT = FOREIGN + JUNOS.render(INTENTS).config


def put(old: str, new: str, text: str = RIGHT) -> str:
    """Return the right text with one fault; the fault must be there."""
    assert old in text, old
    return text.replace(old, new, 1)


FAULTS = {
    "nothing configured": FOREIGN,
    "bound nowhere": put("input QOS-CLIENT-IN-V6;", "", put("input QOS-CLIENT-IN;", "")),
    "another's filter": put("input QOS-CLIENT-IN;", "input OFFICE;"),
    "wrong direction": put("input QOS-CLIENT-IN;", "output QOS-CLIENT-IN;"),
    "port off by one": put("source-port 20000-20039", "source-port 20001-20040"),
    "wrong code point": put("dscp ef;", "dscp cs5;"),
    "udp forgotten": put("protocol [ tcp udp ];", "protocol tcp;"),
    "no last accept": put(
        "            term REST {\n                then accept;\n            }\n", ""
    ),
    "share": put("transmit-rate percent 20", "transmit-rate percent 30"),
    "not strict": put("priority strict-high", "priority low"),
    "no limit": put("            shaping-rate percent 10;\n", ""),
    "no shaper": put("            shaping-rate 10m;\n", ""),
    "another shaper": put("shaping-rate 10m", "shaping-rate 8m"),
    "no scheduler map": put("            scheduler-map QOS-QUEUES;\n", ""),
    "classifier without a code point": put(
        "loss-priority low code-points ef;", "loss-priority low code-points cs5;"
    ),
}


IN_SET_FORM = ("nothing configured", "another's filter", "udp forgotten", "share")
FORMS = [*((fault, "curly") for fault in FAULTS), *((fault, "set") for fault in IN_SET_FORM)]


@pytest.mark.parametrize(("fault", "form"), FORMS)
def test_a_fault_is_repaired_in_one_commit(fault, form):
    text = FAULTS[fault]
    if form == "set":
        text = JUNOS.apply(text, ())
    bench = Bench(JUNOS, text, INTENTS)
    found = bench.repaired()
    assert found.atomic
    assert found.needed
    assert all(line.startswith(("set ", "delete ")) for line in found.commands)
    bench.check(found)
    kept = {line for line in JUNOS.apply(text, ()).splitlines() if "OFFICE" in line}
    gone = kept - set(found.text.splitlines())
    assert all("ge-0/0/1" in line for line in gone)


def test_the_reordered_filter_is_set_anew():
    lines = JUNOS.apply(RIGHT, ()).splitlines()
    reset = [line for line in lines if "QOS-CLIENT-IN term RESET" in line]
    first = next(at for at, line in enumerate(lines) if "QOS-CLIENT-IN term SIG" in line)
    text = "\n".join([*lines[:first], *reset, *(x for x in lines[first:] if x not in reset)]) + "\n"
    bench = Bench(JUNOS, text, INTENTS)
    found = bench.repaired()
    assert found.commands[0] == "delete firewall family inet filter QOS-CLIENT-IN"
    bench.check(found)


def test_a_filter_that_others_use_stays_as_it_is():
    text = put("dscp ef;", "dscp cs5;").replace("input OFFICE;", "input QOS-CLIENT-IN;")
    bench = Bench(JUNOS, text, INTENTS)
    found = bench.repaired()
    bench.check(found)
    assert (
        "set interfaces ge-0/0/1 unit 0 family inet filter input QOS-CLIENT-IN-2" in found.commands
    )
    assert not any("QOS-CLIENT-IN " in line for line in found.commands)


@pytest.mark.parametrize(
    ("platform", "out"), [("juniper_junos_srx", "wan:10M"), ("juniper_junos_qfx", "uplink")]
)
def test_the_other_product_lines_are_repaired_too(platform, out):
    chosen = driver(platform)
    intents = intents_for(platform, "ge-0/0/1=client", f"ge-0/0/0={out}")
    rendered = chosen.render(intents).config
    for text in (FOREIGN, FOREIGN + rendered.replace("20000-20039", "20001-20040")):
        bench = Bench(chosen, text, intents)
        bench.check(bench.repaired())


@pytest.mark.parametrize(
    "command",
    [
        "set interfaces ge-0/0/9 unit 0 family inet filter input NOWHERE",
        "set class-of-service interfaces ge-0/0/9 scheduler-map NOWHERE",
        "delete firewall family inet filter OFFICE",
        "delete class-of-service schedulers NOWHERE",
        "set firewall family inet filter OFFICE term NAMES then forwarding-class NOWHERE",
    ],
)
def test_what_a_commit_refuses_is_refused(command):
    with pytest.raises(RefusedError):
        JUNOS.apply(RIGHT, [command])


def test_one_value_replaces_the_other():
    after = JUNOS.apply(RIGHT, ["set class-of-service schedulers OFFICE transmit-rate percent 40"])
    assert "set class-of-service schedulers OFFICE transmit-rate percent 40\n" in after
    assert "percent 50" not in after


def test_random_faults_are_repaired_or_refused():
    rng = random.Random(204)
    lines = JUNOS.apply(RIGHT, ()).splitlines()
    own = [at for at, line in enumerate(lines) if "QOS-" in line]
    repaired = 0
    for number in range(25):
        changed = list(lines)
        for at in rng.sample(own, rng.randint(1, 3)):
            changed[at] = "" if rng.random() < 0.6 else _other_number(changed[at], rng)
        bench = Bench(JUNOS, "\n".join(filter(None, changed)) + "\n", INTENTS)
        found = bench.outcome()
        if isinstance(found, TranslatorError):
            assert found.exit_code in (5, 6), (number, found)
            continue
        bench.check(found)
        repaired += 1
    assert repaired >= 20


def _other_number(line: str, rng: random.Random) -> str:
    words = line.split(" ")
    if words[-1].isdigit():
        words[-1] = str(max(1, int(words[-1]) + rng.choice((-1, 1))))
    return " ".join(words)


@pytest.mark.parametrize("path", corpus_files("juniper_junos")[:30], ids=lambda path: path.name)
def test_real_configurations_become_statements_that_mean_the_same(path):
    text = path.read_bytes().decode("latin-1")
    try:
        device = JUNOS.parse(text)
        flat = JUNOS.apply(text, ())
    except TranslatorError:
        pytest.skip("a typed session, or no configuration")
    names = [item.name for item in device.interfaces if item.name[0].isalpha()]
    names = [name for name in names if "*" not in name][:1]
    if not names or device.unread:
        return
    intents = intents_for("juniper_junos", f"{names[0]}=client")
    found = Bench(JUNOS, text, intents).outcome()
    if isinstance(found, TranslatorError):
        assert found.exit_code in (2, 5, 6)
        return
    gone = set(flat.splitlines()) - set(found.text.splitlines())
    touched = [line.split(" ", 1)[1] for line in found.commands]
    for line in gone:
        name = line.split(" ", 1)[1]
        assert any(
            name.startswith(item) or item.startswith(name.rsplit(" ", 1)[0]) for item in touched
        )
