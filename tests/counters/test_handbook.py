"""The documentation of findings from counters is in step with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from translator.audit.kinds import KINDS as OF_AUDITS
from translator.counters.handbook import handbook
from translator.counters.kinds import KINDS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "counters.md"


def test_the_page_is_in_step():
    assert PAGE.read_text(encoding="utf-8") == handbook(), "run make readme"


def test_an_id_means_one_thing():
    assert not KINDS.keys() & OF_AUDITS.keys()


@pytest.mark.parametrize("item", KINDS.values(), ids=lambda item: item.id)
def test_texts_are_whole_sentences(item):
    assert item.meaning.endswith(".")
    assert item.cure.endswith(".")
    assert item.title[0].islower()
