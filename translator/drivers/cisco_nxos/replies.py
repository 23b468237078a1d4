"""What NX-OS says of lines that it does not take, and of commands that it has carried out.

It speaks much as IOS does, whose messages are taken over. Sources of what is its own: Cisco, Nexus
9000 and 7000 command references and configuration guides; messages in public threads of NAPALM,
Ansible's cisco.nxos and netmiko. The words of a rollback are those that NAPALM waits for, and those
of the configuration guide's example.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from translator.drivers.cisco.replies import CISCO_REPLIES
from translator.drivers.replies import Done, Form, Kind
from translator.drivers.reply_reader import ReplyReader

__all__ = ["NEXUS_REPLIES"]

_IOS: Final = CISCO_REPLIES.table
# `2026 Mar  2 09:00:00 R1 %LINEPROTO-5-UPDOWN: `, and `R1 %$ VDC-1 %$ %LINEPROTO-5-UPDOWN: `
_STAMP: Final = (
    r"\d{4} [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d{1,6})? [\w.-]{1,63} "
    r"(?:%\$ VDC-\d{1,3} %\$ )?%"
)
_LOG: Final = rf"(?:{_IOS.log}|{_STAMP}[A-Z$][\w$-]{{1,80}}: )"
# A policy that is in the configuration, but not in the hardware.
# Source: `%ACLQOS-SLOT1-2-ACLQOS_OOTR: Tcam resource exhausted: Ingress L2 QOS [ing-l2-qos]`, the
# answer of a Nexus 9000 to `service-policy type qos input`, pants.org, QoS on the Nexus 9K.
_ALARMS: Final = (
    Form(
        Kind.RESOURCE,
        (
            _STAMP + r"(?:ACLQOS|ACL\w*|IPQOS\w*|QOS\w*)-(?:\w{1,20}-)?[0-4]-\w*"
            r"(?:OOTR|TCAM|FULL|EXHAUST|FAIL|RESOURCE)\w*: ",
            _STAMP + r"[\w$-]{1,80}: .{0,80}(?:Tcam|TCAM|tcam) resources? exhausted",
        ),
        unchanged=False,
    ),
    Form(Kind.OTHER, (_STAMP + r"(?:ACLQOS|IPQOS\w*|QOS\w*)-(?:\w{1,20}-)?[0-4]-\w",), False),
)

_REFUSED: Final = (
    Form(Kind.SYNTAX, (r"Syntax error while parsing", r"invalid (?:command|parameter)")),
    Form(Kind.AUTHORIZATION, (r"Permission denied(?: for the role)?",)),
    Form(
        Kind.RESOURCE,
        (
            r"TCAM region is not configured",
            r".{0,80}(?:TCAM|hardware) (?:resources?|entries|region)\b.{0,80}"
            r"(?:exceed|exhaust|insufficient|not (?:enough|available|configured))",
            r"Sufficient free entries are not available in TCAM",
            r"(?:Maximum|Max) (?:number of )?checkpoints",
            r"(?:No|Insufficient) (?:space|memory|room)",
        ),
    ),
    Form(
        Kind.LOCKED,
        (
            r"(?:Another|Other) .{0,80}(?:checkpoint|rollback|session|copy).{0,80}progress",
            r"Configuration (?:session|lock)",
            r"Checkpoint/Rollback .{0,40}in progress",
        ),
    ),
    Form(Kind.COMMIT, (r"Rollback [Ff]ailed", r"Rollback aborted"), unchanged=False),
    Form(Kind.VALUE, (r"[Ee]ntry not found", r".{0,80}(?:does not|doesn't) exist")),
    Form(Kind.CONFLICT, (r".{0,80}\b(?:in use|being used|already (?:exists|attached))",)),
)
_PLAIN: Final = (
    Form(Kind.RESOURCE, (r"Please configure TCAM region", r"TCAM region is not configured")),
    Form(Kind.COMMIT, (r"Verification failed, Rolling back",), unchanged=False),
    Form(Kind.SYNTAX, (r"Syntax error while parsing",)),
    Form(Kind.COMMIT, (r"Rollback [Ff]ailed",), unchanged=False),
)
_DONE: Final = (
    Done(r"copy run\S* start\S*", r"Copy complete"),
    Done(r"conf\w*\s+t\w*", r"Enter configuration commands"),
)

NEXUS_REPLIES: Final = ReplyReader(
    replace(
        _IOS,
        refused=(*_REFUSED, *_IOS.refused),
        plain=(*_PLAIN, *_IOS.plain),
        normal=(
            *_IOS.normal,
            r"Note: Applying config|Collecting |Generating |Executing |Verification is Success",
            r"#?Generating Rollback Patch|Rollback completed|Rollback Patch is Empty|Copy complete",
        ),
        talks=rf"(?:{_IOS.talks}|(?:no )?checkpoint\b|rollback\b)",
        done=_DONE,
        log=_LOG,
        alarms=(*_ALARMS, *_IOS.alarms),
        parts=r"rollback |copy .*run",
    )
)
"""Reads the replies of Nexus switches."""
