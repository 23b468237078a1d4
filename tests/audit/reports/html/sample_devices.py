"""Devices as an audit tells of them: all verdicts, with their findings, lines and repairs."""

from __future__ import annotations

from tests.support.values import replace
from translator.audit.model import (
    ClassAudit,
    DeviceAudit,
    Direction,
    Evidence,
    Finding,
    Judgement,
    MatchedRanges,
    Placement,
    RepairText,
    RoleGiven,
    Severity,
)
from translator.ports import PortRange

__all__ = [
    "AUDIO",
    "VIDEO",
    "clean_switch",
    "extra",
    "junos_unknown",
    "off_by_one",
    "router",
    "unbound",
    "unreadable",
]

_C, _D, _M, _U, _E = (
    Judgement.COMPLIANT,
    Judgement.DIFFERENT,
    Judgement.MISSING,
    Judgement.UNKNOWN,
    Judgement.EXTRA,
)
_MARKING = ("audio", "video", "signalling", "other", "untrusted")
_QUEUES = ("audio", "video", "signalling", "app_sharing", "file_transfer", "other")
_AUDIO_ROWS = ("A10", "A12", "A14", "A15", "C01", "C03", "C07", "C08")
_VIDEO_ROWS = ("A11", "A13", "C02", "C04")
AUDIO, VIDEO = PortRange(20000, 20039), PortRange(20040, 20079)
_ASSUMED = (
    "fragments: a non-initial fragment shows no ports and keeps what it carries",
    "interfaces that are not named (*) keep the platform's default",
)

_SWITCH_LINES = (
    (211, "ip access-list extended QOS-CLIENT-AUDIO"),
    (212, " remark plan rows A10 A12 A14 A15 C01 C03 C07 C08"),
    (213, " permit tcp any range 20000 20040 any"),
    (214, " permit udp any range 20000 20040 any"),
    (215, "ip access-list extended QOS-CLIENT-VIDEO"),
    (216, " remark plan rows A11 A13 C02 C04"),
    (217, " permit tcp any range 20040 20079 any"),
    (240, "policy-map QOS-IN-CLIENT"),
    (241, " description mark what enters from a client"),
    (242, " class QOS-CLIENT-AUDIO"),
    (243, "  set dscp ef"),
)
_LIST_REPAIR = RepairText(
    (
        "ip access-list extended QOS-CLIENT-AUDIO",
        " no permit tcp any range 20000 20040 any",
        " no permit udp any range 20000 20040 any",
        " permit tcp any range 20000 20039 any",
        " permit udp any range 20000 20039 any",
    ),
    (
        "ip access-list extended QOS-CLIENT-AUDIO",
        " no permit tcp any range 20000 20039 any",
        " no permit udp any range 20000 20039 any",
        " permit tcp any range 20000 20040 any",
        " permit udp any range 20000 20040 any",
    ),
    (
        "While the list is changed, audio of ports 20000-20039 is best effort for as long "
        "as it takes to paste two lines.",
        "Lines of other owners stay as they are.",
    ),
)
_ROUTER_LINES = (
    (92, "policy-map WAN-EDGE"),
    (93, " class VOICE"),
    (94, "  priority percent 33"),
    (95, " class VIDEO"),
    (96, "  bandwidth percent 20"),
    (97, "  random-detect dscp-based"),
)
_SHAPE_REPAIR = RepairText(
    (
        "policy-map WAN-EDGE",
        " class VOICE",
        "  priority percent 10",
        "policy-map QOS-OUT-SHAPE-10M",
        " class class-default",
        "  shape average 10000000",
        "  service-policy WAN-EDGE",
        "interface GigabitEthernet0/0/0",
        " no service-policy output WAN-EDGE",
        " service-policy output QOS-OUT-SHAPE-10M",
    ),
    (
        "interface GigabitEthernet0/0/0",
        " no service-policy output QOS-OUT-SHAPE-10M",
        " service-policy output WAN-EDGE",
        "no policy-map QOS-OUT-SHAPE-10M",
    ),
    ("The queues are set up anew: packets that wait in them at that moment are lost.",),
)


def _placement(
    interfaces: tuple[str, ...],
    role: str,
    direction: Direction,
    bad: dict[str, tuple[Judgement, str]],
    policy: str = "",
) -> Placement:
    names = _MARKING if direction is Direction.IN else _QUEUES
    classes = tuple(ClassAudit(name, *bad.get(name, (_C, ""))) for name in names)
    return Placement(interfaces, role, direction, classes, policy)


def _ports(audio: PortRange, video: PortRange) -> tuple[MatchedRanges, ...]:
    way = ("client", Direction.IN)
    return (
        *(
            MatchedRanges(name, *way, protocol, "source", (wanted,), (found,))
            for name, wanted, found in (("audio", AUDIO, audio), ("video", VIDEO, video))
            for protocol in ("tcp", "udp")
        ),
        MatchedRanges(
            "signalling",
            *way,
            "tcp",
            "destination",
            (PortRange(5061, 5061),),
            (PortRange(5061, 5061),),
        ),
    )


def clean_switch(name: str, first: int = 1) -> DeviceAudit:
    clients = tuple(f"GigabitEthernet1/0/{n}" for n in range(first, first + 24))
    return DeviceAudit(
        name,
        f"configs/{name}.cfg",
        "cisco_catalyst",
        "detected: mls qos",
        "lync-2013",
        placements=(
            _placement(clients, "client", Direction.IN, {}, "QOS-IN-CLIENT"),
            _placement(("TenGigabitEthernet1/1/1",), "uplink", Direction.OUT, {}, ""),
        ),
        roles=(
            RoleGiven(clients, "client", "switchport mode access"),
            RoleGiven(("TenGigabitEthernet1/1/1",), "uplink", "switchport mode trunk"),
        ),
        left_alone=(("Vlan1", "shut down"), ("GigabitEthernet0/0", "management")),
        assumptions=_ASSUMED,
        qos_lines=74,
        understood=74,
        ports_matched=_ports(AUDIO, VIDEO),
    )


def off_by_one(name: str) -> DeviceAudit:
    device = clean_switch(name)
    clients = device.placements[0].interfaces
    reason = "wanted set dscp af41; found set dscp ef"
    finding = Finding(
        "treatment-different",
        Severity.ERROR,
        f"entering packets of class video: {reason}",
        clients,
        Direction.IN,
        "video",
        _D,
        tuple(
            Evidence(
                f"{protocol} from any port 20040 to any, dscp all but af41",
                f"{protocol} 0.0.0.0:20040 > 0.0.0.0:0 dscp 0",
                "GigabitEthernet1/0/1 > *",
                "set dscp af41",
                "set dscp ef",
                (line, 243),
                _VIDEO_ROWS,
            )
            for protocol, line in (("udp", 214), ("tcp", 213))
        ),
        (213, 214, 243),
        _VIDEO_ROWS,
        "Change the lines that are named, or let `remediate` compute the smallest change.",
        _SWITCH_LINES,
    )
    return replace(
        device,
        placements=(
            _placement(clients, "client", Direction.IN, {"video": (_D, reason)}, "QOS-IN-CLIENT"),
            device.placements[1],
        ),
        findings=(finding,),
        repair=_LIST_REPAIR,
        ports_matched=_ports(PortRange(20000, 20040), PortRange(20041, 20079)),
    )


def unbound(name: str) -> DeviceAudit:
    device = clean_switch(name)
    clients = device.placements[0].interfaces
    text = "policy QOS-IN-CLIENT is bound nowhere; for entering packets it fits all classes"
    missing = dict.fromkeys(("audio", "video", "signalling", "untrusted"), (_M, text))
    finding = Finding(
        "policy-unbound",
        Severity.ERROR,
        text,
        clients,
        Direction.IN,
        judgement=_M,
        evidence=(
            Evidence(
                "udp from any port 20000-20039 to any, dscp all but ef",
                "udp 0.0.0.0:20000 > 0.0.0.0:0 dscp 0",
                "GigabitEthernet1/0/1 > *",
                "set dscp ef",
                "set dscp df",
                (310,),
                _AUDIO_ROWS,
            ),
        ),
        lines=(188, 310),
        rows=_AUDIO_ROWS,
        hint="bind policy QOS-IN-CLIENT to GigabitEthernet1/0/1 and 23 more for entering packets",
        excerpt=(
            (188, "policy-map QOS-IN-CLIENT"),
            (189, " class QOS-CLIENT-AUDIO"),
            (190, "  set dscp ef"),
            (310, "interface GigabitEthernet1/0/1"),
            (311, " description Floor 2, room 214"),
            (312, " switchport mode access"),
        ),
    )
    return replace(
        device,
        placements=(
            _placement(clients, "client", Direction.IN, missing),
            device.placements[1],
        ),
        findings=(finding,),
        repair=RepairText(
            tuple(
                line
                for interface in clients
                for line in (f"interface {interface}", " service-policy input QOS-IN-CLIENT")
            ),
            tuple(
                line
                for interface in clients
                for line in (f"interface {interface}", " no service-policy input QOS-IN-CLIENT")
            ),
        ),
        ports_matched=tuple(replace(item, found=()) for item in device.ports_matched),
    )


def router(name: str) -> DeviceAudit:
    shape = "shaping: wanted 10000000 bit/s, found none"
    share = "audio: share: wanted 10 %, found 33 %"
    bad = {"audio": (_D, share)}
    wan = ("GigabitEthernet0/0/0",)
    findings = (
        Finding(
            "queue-different",
            Severity.WARNING,
            share,
            wan,
            Direction.OUT,
            "audio",
            _D,
            lines=(94,),
            hint="Set the parameter, or pass a wider `--share-tolerance` if it is meant.",
            excerpt=_ROUTER_LINES,
        ),
        Finding(
            "queue-different",
            Severity.WARNING,
            shape,
            wan,
            Direction.OUT,
            "shaping",
            _D,
            lines=(120,),
            excerpt=((120, "interface GigabitEthernet0/0/0"), (121, " bandwidth 10000")),
        ),
    )
    place = _placement(wan, "wan", Direction.OUT, bad, "WAN-EDGE")
    place = replace(place, classes=(*place.classes, ClassAudit("shaping", _D, shape)))
    return DeviceAudit(
        name,
        f"configs/{name}.cfg",
        "cisco_ios",
        plan="lync-2013",
        placements=(_placement(wan, "wan", Direction.IN, {}), place),
        findings=findings,
        roles=(RoleGiven(wan, "wan"),),
        assumptions=_ASSUMED,
        qos_lines=31,
        understood=31,
        repair=_SHAPE_REPAIR,
    )


def junos_unknown(name: str) -> DeviceAudit:
    reason = "line 57 was not understood"
    names = ("ge-0/0/0", "ge-0/0/1", "ge-0/0/2")
    bad = dict.fromkeys(_MARKING, (_U, reason))
    bad["other"] = (_E, "wanted keep; found set dscp cs1")
    return DeviceAudit(
        name,
        f"configs/{name}.conf",
        "juniper_junos",
        plan="lync-2013",
        placements=(_placement(names, "client", Direction.IN, bad, "qos-in"),),
        findings=(
            Finding(
                "treatment-unknown",
                Severity.WARNING,
                f"{reason}: then loss-priority medium-special;",
                names,
                judgement=_U,
                lines=(57,),
                hint="Read the lines that are named.",
                excerpt=(
                    (56, "    term audio {"),
                    (57, "        then loss-priority medium-special;"),
                ),
            ),
            Finding(
                "traffic-extra",
                Severity.WARNING,
                "entering packets of class other: wanted keep; found set dscp cs1",
                names,
                Direction.IN,
                "other",
                _E,
                (
                    Evidence(
                        "tcp from any port 6881-6889 to any",
                        "tcp 0.0.0.0:6881 > 0.0.0.0:0 dscp 0",
                        "ge-0/0/0 > *",
                        "keep",
                        "set dscp cs1",
                        (70, 72),
                    ),
                ),
                (70, 72),
                excerpt=(
                    (69, "    term bulk {"),
                    (70, "        from { source-port 6881-6889; }"),
                    (71, "        then {"),
                    (72, "            forwarding-class scavenger;"),
                ),
            ),
        ),
        qos_lines=40,
        understood=39,
        unread=((57, "then loss-priority medium-special;", "unknown word"),),
        assumptions=_ASSUMED,
        repair=RepairText(refused="a line of the filter is not understood: nothing is proven"),
    )


def extra(name: str) -> DeviceAudit:
    device = clean_switch(name)
    found = junos_unknown("x").findings[1]
    clients = device.placements[0].interfaces
    bad = {"other": (_E, "wanted keep; found set dscp cs1")}
    return replace(
        device,
        placements=(
            _placement(clients, "client", Direction.IN, bad, "QOS-IN-CLIENT"),
            device.placements[1],
        ),
        findings=(replace(found, interfaces=clients),),
    )


def unreadable(name: str) -> DeviceAudit:
    return DeviceAudit(
        name,
        f"configs/{name}.txt",
        error="the platform of this text is not known: it fits no driver; name one with --platform",
        error_exit_code=2,
    )
