"""The documentation of findings is in step with them, and its examples show what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from audit.judging import PLAN

from translator.audit.audit import Auditor, Subject
from translator.audit.case import Settings
from translator.audit.examples import EXAMPLES
from translator.audit.handbook import handbook
from translator.audit.kinds import KINDS
from translator.intents.compile import InterfaceSpec

PAGE = Path(__file__).resolve().parents[3] / "docs" / "findings.md"
# What no small piece of a configuration shows by itself.
NOT_SHOWN = {
    "interface-missing",
    "traffic-extra",
    "treatment-unknown",
    "text-incomplete",
    "undecided",
    "intent-unsupported",
    "policy-not-judged",
}


def test_the_page_is_in_step():
    assert PAGE.read_text(encoding="utf-8") == handbook(), "run make readme"


def test_every_kind_has_an_example_or_is_known_to_have_none():
    assert KINDS.keys() - EXAMPLES.keys() == NOT_SHOWN


@pytest.mark.parametrize("id_", EXAMPLES)
def test_an_example_shows_its_finding(id_):
    example = EXAMPLES[id_]
    specs = tuple(InterfaceSpec.of(text) for text in example.interfaces)
    subject = Subject("example", "example", example.text, example.platform, specs)
    audit = Auditor(PLAN, Settings(snippet=True)).audit(subject)
    found = [item for item in audit.findings if item.kind == id_]
    assert found, [item.kind for item in audit.findings]
    assert all(item.lines for item in found)


@pytest.mark.parametrize("item", KINDS.values(), ids=lambda item: item.id)
def test_texts_are_whole_sentences(item):
    assert item.meaning.endswith(".")
    assert item.cure.endswith(".")
    assert item.title[0].islower() or item.title.startswith(("IPv4", "QoS", "UDP"))
