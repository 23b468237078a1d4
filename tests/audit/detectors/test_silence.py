"""No detector speaks where nothing is wrong: every configuration that we write ourselves."""

from __future__ import annotations

import pytest
from audit.detectors.cases import case_of
from conformance.shapes import Accepted, accepted_cases, outcome

from translator.audit.detectors import find_all
from translator.intents.compile import InterfaceSpec


@pytest.mark.parametrize(("platform", "shape"), accepted_cases())
def test_what_is_rendered_has_no_finding(platform, shape):
    item = outcome(platform, shape)
    assert isinstance(item, Accepted)
    specs = [InterfaceSpec(it.name, it.role, it.link_bps) for it in item.wanted.interfaces]
    found = find_all(case_of(platform, item.rendered.config, specs))
    assert [f"{it.kind}: {it.message}" for it in found] == []
