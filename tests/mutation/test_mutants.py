"""A seeded sample of mutants; `python -m benchmarks.mutants` runs them all.

z3 decides from the original and the mutant as they were read; the words of a mutant decide
without any reader. The audit must agree with both.
"""

from __future__ import annotations

import random
from functools import cache

import pytest
from audit.swaps import NUMBERED
from conformance.shapes import Accepted, accepted_cases, outcome
from mutation.campaign import Source, mutants_of, outcomes, table
from mutation.edits import Mutant
from mutation.outcome import Meaning, Outcome
from mutation.rendered import Original
from support.corpus import corpus_files

from translator.audit.semdiff import Text, semdiff
from translator.drivers.registry import driver, driver_names
from translator.verify.compare import Verdict

LARGE = ("everything", "data-centre")  # left to the benchmark
REAL = {
    "arista_eos": "avd-policy-maps.cfg",
    "cisco_ios": "field-2921-wan-edge.cfg",
    "cisco_catalyst": "field-3560-autoqos-12.2.55.cfg",
    "juniper_junos": "bf-class-of-service-comprehensive.cfg",
    "linux": "kenrendell_nftables.nft",
    "tomato": "Jackysi_tomato-advancedtomato-shibby-qos-defaults.nvram",
}
EVERYWHERE = {
    "port",
    "protocol",
    "prefix length",
    "code point set",
    "code point matched",
    "swapped actions",
    "deny for permit",
    "direction",
    "unbound",
    "share halved",
    "rate halved",
}
OPERATORS = {
    "cisco_ios": EVERYWHERE | {"any/all", "class order", "entry order", "dscp as precedence"},
    "juniper_junos": EVERYWHERE
    | {
        "term order",
        "deactivated",
        "verdict",
        "forwarding class",
        "code point mapped",
        "cap added",
    },
    "arista_eos": (EVERYWHERE - {"code point matched"})
    | {"class order", "entry order", "queue", "trust", "code point mapped", "traffic class set"},
    "linux": EVERYWHERE | {"rule order", "set element", "verdict", "flowid", "hook"},
    "tomato": EVERYWHERE | {"rule order", "flowid", "verdict", "dscp as tos"},
    "cisco_catalyst": (EVERYWHERE - {"share halved", "rate halved"})
    | {"any/all", "class order", "entry order", "queue", "trust", "code point mapped"},
}


@cache
def shape_of(platform: str) -> str:
    """Return the shape of a platform that the seed gives."""
    shapes = [shape for name, shape in accepted_cases() if name == platform and shape not in LARGE]
    return random.Random(f"mutants of {platform}").choice(shapes)


@cache
def sample(platform: str) -> tuple[Outcome, ...]:
    return tuple(outcomes(Source(platform, shape_of(platform)), per_operator=1))


def all_mutants(platform: str) -> list[Mutant]:
    cases = [outcome(name, shape) for name, shape in accepted_cases() if name == platform]
    texts = [case.rendered.config for case in cases if isinstance(case, Accepted)]
    return [item for text in texts for item in mutants_of(platform, text)]


@pytest.mark.parametrize("platform", driver_names())
def test_audit_and_z3_agree_on_mutants_of_a_rendered_text(platform):
    found = sample(platform)
    assert [str(item) for item in found if item.fault] == []
    assert sum(item.meaning is Meaning.DIFFERENT for item in found) >= len(found) // 3


@pytest.mark.parametrize("platform", driver_names())
def test_z3_finds_a_rendered_text_to_be_what_the_plan_asks(platform):
    assert list(Original(platform, shape_of(platform)).faults_of_the_original()) == []


@pytest.mark.parametrize("platform", REAL)
def test_semantic_diff_and_z3_agree_on_mutants_of_a_real_text(platform):
    path = next((file for file in corpus_files(platform) if file.name == REAL[platform]), None)
    if path is None:
        pytest.skip("no corpus of real configurations on this machine (set QOS_SHARED)")
    found = outcomes(Source(platform, path=path), per_operator=1)
    assert found
    assert [str(item) for item in found if item.fault] == []


@pytest.mark.parametrize("platform", OPERATORS)
def test_every_operator_finds_something_to_change(platform):
    found = all_mutants(platform)
    assert {item.operator for item in found} >= OPERATORS[platform]
    assert sum(item.must_matter for item in found) > len(found) // 3


def test_entries_that_exchange_their_numbers_exchange_their_places():
    reader = driver("cisco_ios")
    found = [x for x in mutants_of("cisco_ios", NUMBERED) if x.operator == "entry numbers"]
    original, *mutants = (
        Text(reader.parse(text), reader.capabilities)
        for text in (NUMBERED, *(item.text for item in found))
    )
    assert [semdiff(original, mutant).verdict for mutant in mutants] == [Verdict.DIFFERENT]


def test_the_sample_kills_and_spares():
    found = [item for platform in driver_names() for item in sample(platform)]
    assert len(found) >= 100
    assert {item.meaning for item in found} == set(Meaning)
    assert {item.killed for item in found if item.meaning is Meaning.NEUTRAL} == {False}
    last = list(table(found))[-1].split()
    assert last[:2] == ["all", str(len(found))]
    assert last[-1] == "0"
