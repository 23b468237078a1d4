"""The text of the page: its policy, what is escaped, what is packed, what the summary counts."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import zlib
from typing import Any

import pytest
from audit.reports.html.conftest import HEADING, page_text
from audit.reports.html.sample_fleet import HOSTILE, hostile_device, many_devices, sample_devices

from translator.audit.model import DeviceAudit, FleetAudit, Judgement
from translator.audit.reports import REPORTS, report_text
from translator.audit.reports.html import write
from translator.audit.reports.html.fleet import Fleet
from translator.audit.reports.html.words import MARKS, joined_names, percent
from translator.plan.load import load_plan


def _index(text: str) -> Any:
    found = re.search(r'<script type="application/json" id="index">(.*?)</script>', text, re.S)
    assert found is not None
    return json.loads(found[1])


def _packs(text: str) -> list[str]:
    packs = re.findall(r'<script type="text/plain" class="pack">(.*?)</script>', text, re.S)
    return [zlib.decompress(base64.b64decode(pack)).decode() for pack in packs]


def test_the_policy_names_exactly_the_style_and_the_scripts_of_the_page() -> None:
    text = page_text(sample_devices())
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert found is not None
    policy = html.unescape(found[1])
    assert policy.startswith("default-src 'none'; ")
    for kind, pattern in (
        ("style-src", r"<style>(.*?)</style>"),
        ("script-src", r"<script>(.*?)</script>"),
    ):
        hashes = [
            "'sha256-" + base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() + "'"
            for part in re.findall(pattern, text, re.S)
        ]
        assert hashes
        assert f"{kind} {' '.join(hashes)};" in policy
    assert "unsafe" not in policy


def test_nothing_is_loaded_and_no_attribute_holds_code_or_style() -> None:
    text = page_text(sample_devices())
    assert not re.findall(r'\b(?:src|href)="(?!#)[^"]', text)
    assert not re.findall(r"<[^>]*\s(?:on\w+|style)=", text)
    assert "@import" not in text
    assert not re.findall(r"url\((?!#)", text)


def test_text_of_a_device_is_never_markup() -> None:
    text = page_text([*sample_devices(), hostile_device()])
    assert HOSTILE[:20] not in text
    assert "<img" not in text
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert text.count("<script") == text.count("</script>") == 3
    index = _index(text)
    assert any(device[0].startswith("evil-</script>") for device in index["devices"])


def test_the_first_devices_are_on_the_page_and_the_others_are_packed() -> None:
    text = page_text(many_devices(100))
    sections = r'<details class="device [^>]* data-number="(\d+)"'
    shown = [int(number) for number in re.findall(sections, text)]
    packs = _packs(text)
    packed = [int(number) for pack in packs for number in re.findall(sections, pack)]
    assert [*shown, *packed] == list(range(100))
    index = _index(text)
    for number in (0, 39, 40, 99):
        name = index["devices"][number][0]
        where = text if number < index["shown"] else packs[(number - 40) // index["perPack"]]
        assert f'data-number="{number}"' in where
        assert f"<bdi>{name}</bdi></h3>" in where


def test_devices_that_do_not_fit_are_left_out_and_the_rest_is_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("translator.audit.reports.html.writer._PACKED_BYTES", 12_000)
    text = page_text(many_devices(200))
    assert 0 < len(_packs(text)) < 7
    assert len(_index(text)["devices"]) == 200
    assert text.endswith("</html>")


def test_the_worst_device_comes_first_and_names_count_as_people_count() -> None:
    fleet = Fleet(sample_devices())
    judgements = [device.judgement for device in fleet.devices]
    assert judgements == sorted(judgements, key=_WORST_FIRST.index)
    clean = [item.name for item in fleet.devices if item.judgement is Judgement.COMPLIANT]
    assert clean == ["ber-acc-01", "ber-acc-10", "ham-acc-03", "muc-acc-02", "muc-acc-03"]


_WORST_FIRST = [
    Judgement.DIFFERENT,
    Judgement.MISSING,
    Judgement.UNKNOWN,
    Judgement.EXTRA,
    Judgement.COMPLIANT,
]


def test_every_judgement_has_a_sign_of_its_own() -> None:
    assert set(MARKS) == set(Judgement)
    assert len({mark.sign for mark in MARKS.values()}) == len(Judgement)


def test_the_summary_counts_what_is_there() -> None:
    fleet = Fleet(sample_devices(), load_plan("lync-2013"))
    assert fleet.compliant == "31 %"
    assert sum(count for _, count, _ in fleet.tally) == len(fleet.devices) == 16
    assert fleet.begin is not None
    assert (fleet.begin.kind, fleet.begin.alone, fleet.begin.repairs_alone) == (
        "treatment-different",
        3,
        3,
    )
    assert fleet.repairs == 7
    assert fleet.sites == ["ber", "ham", "lon", "muc"]
    assert fleet.classes[:3] == ("audio", "video", "signalling")
    assert fleet.classes[-3:] == ("other", "untrusted", "shaping")
    assert sum(map(len, fleet.patterns.values())) == 16


def test_a_fleet_without_fault_and_a_fleet_without_device_have_a_page() -> None:
    clean = [item for item in sample_devices() if item.judgement is Judgement.COMPLIANT]
    assert "All 5 devices do what the plan wants." in page_text(clean)
    assert "No device was audited." in page_text([])
    assert "The device does what the plan wants." in page_text(clean[:1])


def test_evidence_rows_lines_and_repair_stand_in_the_section() -> None:
    device = next(item for item in sample_devices() if item.device == "ber-acc-02")
    text = html.unescape(page_text([device]))
    shown = device.findings[0]
    for part in (
        shown.evidence[0].box,
        shown.evidence[0].packet,
        shown.evidence[0].wanted,
        "video: tcp and udp from port 20040-20079: af41",
        "<mark> permit udp any range 20000 20040 any</mark>",
        "GigabitEthernet1/0/1–24",
        " no permit udp any range 20000 20040 any\n",
        'href="#kind-treatment-different"',
        'id="kind-treatment-different"',
    ):
        assert part in text


def test_the_chart_tells_a_range_that_is_one_port_too_wide() -> None:
    text = page_text(sample_devices())
    assert 'class="surplus"' in text
    assert "the same on 6 of 11; 20000–20040 on 3" in text
    assert 'class="lacking"' in text
    clean = [item for item in sample_devices() if item.device == "ber-acc-01"]
    alone = page_text(clean)
    assert "the same ports" in alone
    assert 'class="surplus"' not in alone


def test_a_device_of_which_no_ports_are_known_has_no_chart() -> None:
    router = [item for item in sample_devices() if item.device == "ber-edge-1"]
    assert 'class="ports"' not in page_text(router)


def test_the_same_audits_give_the_same_page() -> None:
    assert page_text(sample_devices()) == page_text(list(sample_devices()))


def test_it_is_one_of_the_reports_and_does_without_the_plan() -> None:
    devices = tuple(sample_devices())
    text = report_text("html", FleetAudit("lync-2013", devices, "0.1.0"))
    assert "A11 A13 C02 C04" in text
    quoted = "".join(REPORTS["html"].write(HEADING, devices, load_plan("lync-2013")))
    assert "Lync Server 2013 and its clients" in quoted


def test_the_page_comes_in_pieces() -> None:
    pieces = sum(1 for _ in write(HEADING, many_devices(200)))
    assert pieces > 50


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 0, "0 %"),
        (0, 3, "0 %"),
        (3, 3, "100 %"),
        (9_999, 10_000, "99.9 %"),
        (1, 10_000, "0.1 %"),
        (1, 3, "33 %"),
    ],
)
def test_a_share_is_all_or_nothing_only_where_it_is(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == text


def test_names_in_a_row_are_joined() -> None:
    names = ("Gi1/0/1", "Gi1/0/2", "Gi1/0/3", "Gi1/0/5", "ae0", "ge-0/0/0.0", "lo")
    assert joined_names(names) == ["Gi1/0/1–3", "Gi1/0/5", "ae0", "ge-0/0/0.0", "lo"]


def test_an_error_is_told_where_a_text_could_not_be_read() -> None:
    text = html.unescape(page_text([DeviceAudit("r1", "r1.cfg", error="the text is empty")]))
    assert "Not judged.</b> the text is empty" in text
