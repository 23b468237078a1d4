"""Audits written by hand: each judgement, each field, and text that wants to break a report."""

from __future__ import annotations

from translator.audit.model import (
    ClassAudit,
    DeviceAudit,
    Direction,
    Evidence,
    Finding,
    FleetAudit,
    Judgement,
    Placement,
    RepairText,
    RoleGiven,
    Severity,
)

__all__ = [
    "CLASSES",
    "FLEET",
    "HOSTILE",
    "HOSTILE_DEVICE",
    "SURROGATE",
    "compliant_device",
    "different_device",
]

CLASSES = ("audio", "video", "sharing", "other")
# What could end a string, a tag, a cell, a comment or a terminal's patience.
HOSTILE = (
    "\n\r\t\x00\x1b[31m\x07\x7f\x85\x9b2J\u2028\u2029\u202e\ufeff\ufffe"
    "<script>alert(1)</script>]]><!--&lt;&#x1b;\"'`\\,;{0}{{}}[link](javascript:x)%0a"
)
SURROGATE = "caf\udce9.cfg"  # a file name in Latin-1, as the system hands it over
ASSUMED = "connection tracking is off"


def _classes(judgement: Judgement = Judgement.COMPLIANT, *named: str) -> tuple[ClassAudit, ...]:
    return tuple(
        ClassAudit(name, judgement, "wanted set dscp ef; found keep")
        if name in named
        else ClassAudit(name, Judgement.COMPLIANT)
        for name in CLASSES
    )


def compliant_device(name: str = "branch-1") -> DeviceAudit:
    """A router on which nothing is wrong."""
    return DeviceAudit(
        name,
        f"configs/{name}.cfg",
        "cisco_ios",
        "line 1: version 15.7",
        "lync-2013",
        placements=(
            Placement(("Gi0/1", "Gi0/2"), "client", Direction.IN, _classes(), "LYNC-IN"),
            Placement(("Gi0/0",), "wan", Direction.OUT, _classes(), "WAN-OUT"),
        ),
        roles=(
            RoleGiven(("Gi0/1", "Gi0/2"), "client", "switchport mode access"),
            RoleGiven(("Gi0/0",), "wan"),
        ),
        assumptions=(ASSUMED,),
        qos_lines=42,
        understood=42,
    )


def different_device(name: str = "branch-2") -> DeviceAudit:
    """A router that marks audio wrongly, has a queue too small, and a note about trust."""
    evidence = Evidence(
        "udp from any:20000-20039 to any, dscp 0",
        "udp 10.0.0.1:20000 > 10.0.0.2:1024 dscp 0",
        "Gi0/1 > *",
        "set dscp ef",
        "set dscp af41",
        (12, 14),
        ("client audio",),
    )
    findings = (
        Finding(
            "treatment-different",
            Severity.ERROR,
            "entering packets of class audio: wanted set dscp ef; found set dscp af41",
            ("Gi0/1", "Gi0/2"),
            Direction.IN,
            "audio",
            Judgement.DIFFERENT,
            (evidence, Evidence("tcp from any:20000-20039 to any", "", "", "keep", "drop")),
            (12, 14),
            ("client audio",),
            "Change the lines that are named.",
            ((11, "class-map match-any AUDIO"), (12, " match access-group name VIDEO"), (14, "!")),
        ),
        Finding(
            "queue-different",
            Severity.WARNING,
            "audio: priority limit: wanted 30 %, found 10 %",
            ("Gi0/0",),
            Direction.OUT,
            "audio",
            Judgement.DIFFERENT,
            lines=(30,),
        ),
        Finding("traffic-extra", Severity.NOTE, "a note that fails nothing", ("Gi0/9",)),
    )
    different = _classes(Judgement.DIFFERENT, "audio")
    return DeviceAudit(
        name,
        f"configs/{name}.cfg",
        "cisco_ios",
        plan="lync-2013",
        placements=(
            Placement(("Gi0/1", "Gi0/2"), "client", Direction.IN, different, "LYNC-IN"),
            Placement(("Gi0/0",), "wan", Direction.OUT, different, "WAN-OUT"),
        ),
        findings=findings,
        roles=(RoleGiven(("Gi0/0",), "wan"),),
        left_alone=(("Gi0/9", "shutdown"), ("Lo0", "loopback")),
        notes=("fair-queue is ignored on Gi0/9",),
        assumptions=(ASSUMED, "no packet is fragmented"),
        qos_lines=40,
        understood=38,
        unread=((50, " set qos-group 9", "no such command"), (51, " bandwidth -1", "no number")),
        repair=RepairText(("class-map X",), ("no class-map X",), ("hitless",), ""),
    )


def _missing() -> DeviceAudit:
    missing = tuple(ClassAudit(name, Judgement.MISSING, "no policy is bound") for name in CLASSES)
    finding = Finding(
        "policy-unbound",
        Severity.ERROR,
        "policy LYNC-IN is bound nowhere; for entering packets it fits all classes",
        ("ge-0/0/1",),
        Direction.IN,
        judgement=Judgement.MISSING,
        lines=(5,),
        hint="bind policy LYNC-IN to ge-0/0/1",
    )
    lost = Finding("interface-missing", Severity.ERROR, "the text has no xe-9", ("xe-9",))
    return DeviceAudit(
        "edge.example.net",
        "configs/edge.conf",
        "juniper_junos",
        placements=(Placement(("ge-0/0/1",), "client", Direction.IN, missing),),
        findings=(finding, lost),
        repair=RepairText(refused="a filter is shared with another role"),
    )


def _unknown() -> DeviceAudit:
    unknown = tuple(ClassAudit(name, Judgement.UNKNOWN, "the text is cut") for name in CLASSES)
    extra = _classes(Judgement.EXTRA, "other")
    findings = (
        Finding(
            "text-incomplete",
            Severity.ERROR,
            "no `end` at the end",
            judgement=Judgement.UNKNOWN,
            lines=(99,),
        ),
        Finding(
            "traffic-extra",
            Severity.WARNING,
            "leaving packets of class other: found priority",
            ("Gi0/3",),
            Direction.OUT,
            "other",
            Judgement.EXTRA,
        ),
    )
    return DeviceAudit(
        "cut",
        "configs/cut.cfg",
        "cisco_ios",
        placements=(
            Placement(("Gi0/1",), "client", Direction.IN, unknown, "IN"),
            Placement(("Gi0/3",), "wan", Direction.OUT, extra, "OUT"),
        ),
        findings=findings,
    )


def _hostile() -> DeviceAudit:
    finding = Finding(
        "treatment-different",
        Severity.ERROR,
        f"=cmd|'/c calc'!A1{HOSTILE}",
        (f"Gi0/1{HOSTILE}", "@SUM(1)"),
        Direction.IN,
        f"+1{HOSTILE}",
        Judgement.DIFFERENT,
        (Evidence(HOSTILE, "-1", HOSTILE, HOSTILE, HOSTILE, (3,), (f"\t{HOSTILE}",)),),
        (3,),
        (HOSTILE,),
        HOSTILE,
        ((3, HOSTILE), (4, "x" * 10_000)),
    )
    row = ClassAudit(f"+1{HOSTILE}", Judgement.DIFFERENT, HOSTILE)
    return DeviceAudit(
        f"=1+1{HOSTILE}{'y' * 10_000}",
        f"../a b/{HOSTILE}?#%41/{SURROGATE}",
        HOSTILE,
        HOSTILE,
        HOSTILE,
        placements=(Placement(finding.interfaces, HOSTILE, Direction.IN, (row,), HOSTILE),),
        findings=(finding,),
        roles=(RoleGiven((HOSTILE,), HOSTILE, HOSTILE),),
        left_alone=((HOSTILE, HOSTILE),),
        notes=(HOSTILE,),
        assumptions=(HOSTILE,),
        unread=((1, HOSTILE, HOSTILE),),
        repair=RepairText((HOSTILE,), (HOSTILE,), (HOSTILE,), HOSTILE),
    )


HOSTILE_DEVICE = _hostile()
FLEET = FleetAudit(
    "lync-2013",
    (
        compliant_device(),
        different_device(),
        _missing(),
        _unknown(),
        DeviceAudit(
            "lost", "configs/lost.cfg", error="configs/lost.cfg: is binary", error_exit_code=2
        ),
        DeviceAudit("idle", "configs/idle.cfg", "cisco_ios", notes=("no role fits",)),
        compliant_device(),  # a second file with the same host name
    ),
    "1.2.3",
)
