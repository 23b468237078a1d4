"""A fleet as an audit of a company would tell it: four sites, all verdicts, repairs, long lists."""

from __future__ import annotations

from collections.abc import Iterator

from audit.reports.html.sample_devices import (
    AUDIO,
    VIDEO,
    clean_switch,
    extra,
    junos_unknown,
    off_by_one,
    router,
    unbound,
    unreadable,
)

from tests.support.values import replace
from translator.audit.model import (
    ClassAudit,
    DeviceAudit,
    Direction,
    Judgement,
    MatchedRanges,
    Placement,
    RepairText,
    RoleGiven,
)

__all__ = ["HOSTILE", "hostile_device", "many_devices", "sample_devices"]

HOSTILE = (
    "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=2>\"'`&lt;\u202e"
)


def sample_devices() -> Iterator[DeviceAudit]:
    """Yield sixteen devices of four sites in the order of their files."""
    yield clean_switch("ber-acc-01")
    yield off_by_one("ber-acc-02")
    yield off_by_one("ber-acc-03")
    yield clean_switch("ber-acc-10")
    yield router("ber-edge-1")
    yield unbound("ham-acc-01")
    yield unbound("ham-acc-02")
    yield clean_switch("ham-acc-03")
    yield router("ham-edge-1")
    yield junos_unknown("lon-ex-01")
    yield junos_unknown("lon-ex-02")
    yield unreadable("lon-lab-7")
    yield extra("muc-acc-01")
    yield clean_switch("muc-acc-02")
    yield clean_switch("muc-acc-03")
    yield off_by_one("muc-acc-04")


def many_devices(count: int) -> Iterator[DeviceAudit]:
    """Yield devices of a hundred sites; every tenth has line numbers and messages of its own."""
    models = list(sample_devices())
    for number in range(count):
        model = models[number % len(models)]
        name = f"s{number % 100:02d}-{model.device.split('-', 1)[1]}-{number:05d}"
        findings = model.findings
        if number % 10 == 0:
            findings = tuple(
                replace(
                    item,
                    message=f"{item.message} (case {number})",
                    excerpt=tuple((line + number, text) for line, text in item.excerpt),
                )
                for item in findings
            )
        yield replace(model, device=name, file=f"configs/{name}.cfg", findings=findings)


def hostile_device() -> DeviceAudit:
    """Return a device all of whose text tries to be markup, script, or to be read as another."""
    evil = HOSTILE
    device = off_by_one("evil")
    finding = device.findings[0]
    shown = finding.evidence[0]
    judged = ClassAudit(evil, Judgement.DIFFERENT, evil)
    return replace(
        device,
        device=f"evil-{evil}",
        file=f"configs/{evil}" + "x" * 10_000,
        platform=evil,
        detected=evil,
        findings=(
            replace(
                finding,
                kind=f"k{evil}",
                message=evil + "m" * 10_000,
                interfaces=(evil, "e" * 10_000),
                traffic_class=evil,
                evidence=(
                    replace(shown, box=evil, packet=evil, way=evil, wanted=evil, found=evil),
                ),
                rows=(evil,),
                hint=evil,
                excerpt=(
                    (1, evil),
                    (2, "<!-- <script>alert(1)</script> -->"),
                    (3, "\x1b[31mred\x07"),
                ),
            ),
        ),
        placements=(Placement((evil,), evil, Direction.IN, (judged,), evil),),
        roles=(RoleGiven((evil,), evil, evil),),
        left_alone=((evil, evil),),
        notes=(evil,),
        assumptions=(evil,),
        unread=((1, evil, evil),),
        repair=RepairText((evil,), (evil,), (evil,), evil),
        ports_matched=(
            MatchedRanges(evil, evil, Direction.IN, "udp", "source", (AUDIO,), (VIDEO,)),
        ),
    )
