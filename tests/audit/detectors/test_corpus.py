"""The detectors over real configurations: never a crash, and what was judged by hand stays so."""

from __future__ import annotations

import pytest
from audit.detectors.cases import case_of, told
from support.corpus import corpus_files

from translator.audit.detectors import find_all
from translator.audit.kinds import KINDS
from translator.errors import TranslatorError

_READ_BY = {
    "cisco_ios": ("cisco_ios", "cisco_catalyst"),
    "cisco_catalyst": ("cisco_catalyst",),
    "cisco_cat6500": ("cisco_catalyst",),
    "juniper_junos": ("juniper_junos", "juniper_junos_qfx", "juniper_junos_srx"),
    "linux": ("linux",),
    "tomato": ("tomato",),
}
_FILES = [
    pytest.param(driver, path, id=f"{driver}-{path.name}")
    for folder, drivers in _READ_BY.items()
    for path in corpus_files(folder)
    for driver in drivers
]
# Judged by reading the text: a priority class of 60 %; of 40 it takes only what a list permits.
_JUDGED = {
    ("cisco_ios", "field-2921-wan-edge.cfg"): ["priority-share"],
}


@pytest.mark.skipif(not _FILES, reason="no corpus on this machine (set QOS_SHARED)")
@pytest.mark.parametrize(("platform", "path"), _FILES)
def test_real_text_is_looked_at_without_a_crash(platform, path):
    text = path.read_bytes().decode("latin-1")
    try:
        case = case_of(platform, text)
    except TranslatorError:
        return  # not of this platform, or its roles ask for more than it can do
    found = find_all(case)
    assert set(told(found)) <= KINDS.keys()
    last = text.count("\n") + 1
    for item in found:
        assert all(1 <= line <= last for line in item.lines)
        assert item.message
        assert item.hint
    if (platform, path.name) in _JUDGED:
        assert told(found) == _JUDGED[platform, path.name]
