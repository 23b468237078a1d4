"""Real replies: every refusal is found with its kind, and no reply of a taken line is one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.corpus import shared_file
from support.yamlfile import load_yaml

from translator.drivers.base import ReadsReplies
from translator.drivers.registry import driver
from translator.drivers.replies import Answer, Reply

HERE = Path(__file__).parent
REFUSED = load_yaml(HERE / "refused.yaml")
BENIGN = load_yaml(HERE / "benign.yaml")["replies"]
CASES = REFUSED["replies"]
PROMPT = {
    "arista": "R1(config-s-qos-20)#",
    "cisco": "R1(config)#",
    "juniper": "user@mx1# ",
    "linux": "root@gw:~# ",
}
LOG = {
    "arista": "Mar  2 09:00:07 sw1 Ebra: %LINEPROTO-5-UPDOWN: Et1 changed state to up",
    "cisco": "*Mar  1 00:00:00.000: %LINK-3-UPDOWN: Interface Gi0/1, changed state to up",
    "juniper": "Jan  1 00:00:01  mx1 rpd[12]: error: invalid message from a neighbor",
    "linux": "[   12.345678] eth0: error: link failure, not found",
}


def answer(case: dict[str, str], text: str, status: int | None = None) -> Answer:
    reader = driver(case["platform"])
    assert isinstance(reader, ReadsReplies)
    return reader.answer(case["command"], Reply(text, status))


def name(case: dict[str, str]) -> str:
    return f"{case['platform']}-{case['command'][:40]}"


def noise(case: dict[str, str], table: dict[str, str]) -> str:
    family = case["platform"].split("_")[0]
    return table.get(family, table["linux"])


def test_the_corpora_are_large_enough():
    assert len(CASES) >= 150
    assert len(BENIGN) >= 330
    assert {case["source"] for case in CASES} == set(REFUSED["sources"])


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_refusal_is_found_with_its_kind(case):
    found = answer(case, case["reply"], case.get("status")).refusal
    assert found is not None
    assert found.kind.value == case["kind"]


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.get("status") and case["reply"].strip()], ids=name
)
def test_the_text_alone_tells_it_too(case):
    found = answer(case, case["reply"]).refusal
    assert found is not None
    assert found.kind.value == case["kind"]


@pytest.mark.parametrize("case", BENIGN, ids=name)
def test_a_line_that_was_taken_is_no_refusal(case):
    found = answer(case, case["reply"])
    assert found.refusal is None
    assert bool(found.notes) == case.get("noted", False)


def in_noise(case: dict[str, str], width: int, torn: bool, colour: bool, ends: str) -> str:
    prompt = noise(case, PROMPT)
    echo = []
    for line in case["command"].splitlines():
        shown = prompt + line
        echo += [shown[at : at + width] for at in range(0, len(shown), width)]
    log = noise(case, LOG)
    if torn and len(echo) > 1:
        echo.insert(1, log)
    if colour:
        echo[0] = f"\x1b[1m{echo[0]}\x1b[0m\x1b[K"
    lines = [*echo, log, *case["reply"].split("\n")]
    return ends.join(lines)


NOISES = st.tuples(
    st.sampled_from([40, 80, 511]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["\n", "\r\n", "\r\r\n"]),
)


@given(st.sampled_from([case for case in CASES if case["source"] != "rule"]), NOISES)
def test_a_refusal_is_found_in_noise(case, noises):
    if not case["reply"].strip():
        return
    found = answer(case, in_noise(case, *noises)).refusal
    assert found is not None
    assert found.kind.value == case["kind"]


@given(st.sampled_from(BENIGN), NOISES)
def test_noise_is_no_refusal(case, noises):
    assert answer(case, in_noise(case, *noises)).refusal is None


@given(st.sampled_from(CASES), NOISES)
def test_a_remark_may_quote_any_refusal(case, noises):
    quoted = " ".join(case["reply"].split())
    said = {"platform": case["platform"], "command": f"remark {quoted}", "reply": ""}
    assert answer(said, in_noise(said, *noises)).refusal is None


def test_real_output_of_show_commands_is_no_refusal():
    folder = shared_file("corpus/show/cisco_ios")
    for path in sorted(folder.iterdir()):
        text = path.read_text(encoding="utf-8", errors="replace")
        said = {"platform": "cisco_ios", "command": "show policy-map interface"}
        assert answer(said, text).refusal is None, path.name
