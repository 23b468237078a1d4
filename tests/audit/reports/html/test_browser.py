"""The page in a real browser: what a reader can do with it, and what it must never do."""

from __future__ import annotations

from pathlib import Path

from audit.reports.html.conftest import OpenPage, page_text
from audit.reports.html.sample_fleet import HOSTILE, hostile_device, many_devices, sample_devices


def test_it_loads_without_a_word_a_request_or_a_refusal(
    open_page: OpenPage, sample_page: Path
) -> None:
    opened = open_page(sample_page)
    assert len(opened.names) == 16
    assert opened.rows == 16
    assert opened.page.locator("#count").inner_text() == "16 devices"
    opened.page.locator("#expand").click()
    assert opened.complaints() == []


def test_the_policy_refuses_a_script_that_is_not_the_pages_own(
    open_page: OpenPage, tmp_path: Path
) -> None:
    text = page_text(sample_devices()).replace(
        "</main>", "<script>window.hacked = 1</script><img src='http://127.0.0.1:9/x'></main>"
    )
    path = tmp_path / "changed.html"
    path.write_text(text, encoding="utf-8")
    opened = open_page(path)
    assert opened.page.evaluate("window.hacked") is None
    assert any("script-src" in item for item in opened.complaints())
    assert any("img-src" in item for item in opened.complaints())


def test_search_and_filters_change_what_is_shown(open_page: OpenPage, sample_page: Path) -> None:
    opened = open_page(sample_page)
    page = opened.page
    page.keyboard.press("/")
    page.keyboard.type("HAM unbound")
    opened.typed()
    assert opened.names == ["ham-acc-01", "ham-acc-02"]
    assert page.locator("#count").inner_text() == "2 of 16 devices"
    page.locator("#clear").click()
    page.select_option("#verdict", "different")
    opened.drawn()
    assert len(opened.names) == opened.rows == 5
    page.select_option("#class", "audio")
    opened.drawn()
    assert opened.names == ["ber-edge-1", "ham-edge-1"]
    page.locator("#clear").click()
    page.select_option("#site", "lon")
    opened.drawn()
    assert opened.names == ["lon-ex-01", "lon-ex-02", "lon-lab-7"]
    page.select_option("#kind", "traffic-extra")
    opened.drawn()
    assert opened.names == ["lon-ex-01", "lon-ex-02"]
    assert "traffic-extra" in page.url
    page.select_option("#severity", "error")
    opened.drawn()
    assert opened.names == []
    assert page.locator("#none").is_visible()


def test_findings_that_do_not_fit_are_hidden(open_page: OpenPage, sample_page: Path) -> None:
    opened = open_page(sample_page, "#class=shaping&q=ber-edge")
    opened.page.locator("#d3 > summary").click()
    findings = opened.page.locator("#d3 .finding")
    assert findings.count() == 2
    assert [item.is_visible() for item in findings.all()] == [False, True]
    assert "1 of 2 findings" in opened.page.locator("#d3 .filtered").inner_text()


def test_the_address_holds_the_state_and_gives_it_back(
    open_page: OpenPage, sample_page: Path
) -> None:
    opened = open_page(sample_page)
    opened.page.select_option("#verdict", "missing")
    opened.page.fill("#q", "ham")
    opened.typed()
    again = open_page(sample_page, "#" + opened.page.url.split("#")[1])
    assert again.names == opened.names == ["ham-acc-01", "ham-acc-02"]
    assert again.page.input_value("#q") == "ham"
    opened.page.evaluate("history.back()")
    opened.typed()
    assert len(opened.names) == 16


def test_a_device_in_the_address_is_opened_and_has_the_focus(
    open_page: OpenPage, sample_page: Path
) -> None:
    opened = open_page(sample_page, "#device=ham-acc-02")
    section = opened.page.locator("details.device", has_text="ham-acc-02")
    assert section.get_attribute("open") is not None
    focused = "document.activeElement.closest('details.device')?.innerText ?? ''"
    assert "ham-acc-02" in opened.page.evaluate(focused)
    opened.page.locator("#matrix a", has_text="muc-acc-04").click()
    opened.drawn()
    assert opened.page.url.endswith("#device=muc-acc-04")
    assert "muc-acc-04" in opened.page.evaluate(focused)


def test_it_can_be_used_with_the_keyboard_alone(open_page: OpenPage, sample_page: Path) -> None:
    opened = open_page(sample_page)
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("#matrix a.what").nth(6).focus()
    page.keyboard.press("Enter")
    opened.drawn()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    section = page.locator("details.device").nth(6)
    assert section.get_attribute("open") is None


def test_rows_that_are_judged_alike_are_joined_and_opened(
    open_page: OpenPage, sample_page: Path
) -> None:
    opened = open_page(sample_page)
    opened.page.locator("#group").check()
    joined = opened.rows
    assert joined < 16
    first = opened.page.locator("#matrix button.what").first
    assert first.get_attribute("aria-expanded") == "false"
    assert "3 devices" in first.inner_text()
    first.click()
    assert opened.rows == joined + 3
    assert opened.page.locator("#matrix button.what").first.get_attribute("aria-expanded") == "true"


def test_it_is_dark_where_the_system_is_and_the_button_says_otherwise(
    open_page: OpenPage, sample_page: Path
) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light = open_page(sample_page, color_scheme="light").page.evaluate(paper)
    dark = open_page(sample_page, color_scheme="dark")
    assert dark.page.evaluate(paper) != light
    assert dark.page.locator("#theme").get_attribute("aria-pressed") == "true"
    dark.page.locator("#theme").click()
    assert dark.page.evaluate(paper) == light
    dark.page.reload()
    assert dark.page.evaluate(paper) == light


def test_copy_takes_the_lines_as_they_are(open_page: OpenPage, sample_page: Path) -> None:
    opened = open_page(sample_page, permissions=["clipboard-read", "clipboard-write"])
    page = opened.page
    page.locator("#d0 .repair [data-copy]").first.click()
    opened.until("document.querySelector('#said').textContent === 'Copied'")
    copied = page.evaluate("navigator.clipboard.readText()")
    device = next(item for item in sample_devices() if item.device == "ber-acc-02")
    assert device.repair is not None
    assert copied.splitlines() == list(device.repair.commands)


def test_print_holds_everything_and_no_controls(open_page: OpenPage, sample_page: Path) -> None:
    opened = open_page(sample_page)
    page = opened.page
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible()
    assert not page.locator("#theme").is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main details:not([open])").count() == 0
    assert page.locator("text=no service-policy output QOS-OUT-SHAPE-10M").first.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("main details:not([open])").count() > 0
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert len(pdf) > 20_000


def test_hostile_text_is_shown_and_does_nothing(open_page: OpenPage, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(page_text([*sample_devices(), hostile_device()]), encoding="utf-8")
    opened = open_page(path, "#q=evil")
    page = opened.page
    page.locator("#expand").click()
    page.locator("#group").check()
    page.locator("#group").uncheck()
    shown = HOSTILE.replace("\u202e", "\\u202e")
    assert opened.names == [f"evil-{shown}"]
    assert page.locator("#matrix tbody .what").inner_text() == f"evil-{shown}"
    assert shown in page.locator("#devices pre.code").first.inner_text()
    assert "\\x1b[31mred\\x07" in page.locator("#devices pre.code").first.inner_text()
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    assert page.evaluate("document.scripts.length") == 3
    assert "\u202e" not in page.content()
    assert opened.complaints() == []


def test_a_hostile_device_does_not_stretch_the_page(open_page: OpenPage, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(page_text([hostile_device()]), encoding="utf-8")
    for width in (1280, 400):
        opened = open_page(path, viewport={"width": width, "height": 800})
        opened.page.locator("#expand").click()
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_says_the_same_without_javascript(open_page: OpenPage, tmp_path: Path) -> None:
    path = tmp_path / "many.html"
    path.write_text(page_text(many_devices(100)), encoding="utf-8")
    page = open_page(path, java_script_enabled=False).page
    assert page.locator("#devices > details").count() == 40
    assert page.locator("#matrix tbody tr").count() > 3
    assert not page.locator(".filters").is_visible()
    assert page.locator("noscript").inner_text().startswith("The findings of the 40 worst")
    section = page.locator("#devices > details").nth(5)
    section.locator("summary").first.click()
    assert section.locator(".finding").first.is_visible()


def test_ten_thousand_devices_can_be_searched_and_opened(
    open_page: OpenPage, tmp_path: Path
) -> None:
    path = tmp_path / "fleet.html"
    text = page_text(many_devices(10_000))
    assert len(text) < 6_000_000
    path.write_text(text, encoding="utf-8")
    opened = open_page(path)
    page = opened.page
    assert page.locator("#count").inner_text() == "10,000 devices"
    assert opened.rows < 20
    page.fill("#q", "09998")
    opened.typed()
    assert opened.names == ["s98-acc-03-09998"]
    page.locator("#devices summary").first.click()
    assert page.locator("#devices .placements").is_visible()
    page.fill("#q", "case 4010")
    opened.typed()
    assert len(opened.names) == 1
    page.locator("#clear").click()
    page.locator("#group").uncheck()
    assert opened.rows == 200
    page.locator("#more-rows").click()
    assert opened.rows == 400
    assert opened.complaints() == []
