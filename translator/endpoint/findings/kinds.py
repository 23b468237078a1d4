"""Kinds of findings of the endpoint side: the id of each, how bad it is, what it means, the cure.

The ids are part of the interface: filters and scripts name them.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from translator.plan.checks.finding import Severity

__all__ = ["KINDS", "EndpointKind"]


@dataclass(frozen=True, slots=True)
class EndpointKind:
    """One kind of finding; `meaning` and `cure` are whole sentences for its documentation."""

    id: str
    severity: Severity
    title: str
    meaning: str
    cure: str


_PORTS: Final = (
    EndpointKind(
        "policy-off-by-one",
        Severity.WARNING,
        "a range is one port beside the block that the product uses",
        "The product stores a start and a count, and the last port is start + count - 1. A range "
        "that was computed as start + count marks one port that nobody uses, or that belongs to "
        "the next medium; one that is too short leaves a call unmarked now and then.",
        "End the range of the policy at start + count - 1.",
    ),
    EndpointKind(
        "media-share-ports",
        Severity.ERROR,
        "two media of one component share ports",
        "Whoever sees only ports cannot tell the two apart, neither a host policy nor a router.",
        "Move one of the two ranges with the cmdlet that sets it.",
    ),
    EndpointKind(
        "ranges-not-moved",
        Severity.ERROR,
        "client ranges still lie on top of each other at their default",
        "All client ranges start at 5350 until they are set, so audio, video and sharing use the "
        "same ports.",
        "Set-CsConferencingConfiguration -ClientAudioPort 20000 -ClientAudioPortRange 40 "
        "-ClientVideoPort 20040 -ClientVideoPortRange 40",
    ),
    EndpointKind(
        "range-too-small",
        Severity.WARNING,
        "a range has fewer ports than the product needs",
        "Clients that find no free port of their range fail to start the medium. The minimum is "
        "the one in the port settings of the plan.",
        "Set the count with the cmdlet that sets the start.",
    ),
    EndpointKind(
        "range-is-an-end",
        Severity.ERROR,
        "the count of a range looks like its last port",
        "Ranges are counts: 20000 and 40 end at 20039. A count a little above the start was most "
        "likely meant as the last port, and opens thousands of ports.",
        "Set the range to last port - start + 1.",
    ),
    EndpointKind(
        "sharing-on-media-ports",
        Severity.WARNING,
        "application sharing of a server lies on the ports of its audio or video",
        "By default application sharing starts at 49152 with 16383 ports, on top of audio and "
        "video, so a rule for those marks desktop sharing too.",
        "Set-CsConferenceServer -Identity POOL -AppSharingPortStart 40803 "
        "-AppSharingPortCount 8348",
    ),
    EndpointKind(
        "mediation-few-calls",
        Severity.WARNING,
        "a Mediation server has fewer ports than by default",
        "Each call takes 7 ports; beyond the last full set of 7, calls fail.",
        "Set-CsMediationServer -Identity POOL -AudioPortStart 49152 -AudioPortCount 8348",
    ),
    EndpointKind(
        "any-port",
        Severity.WARNING,
        "a component uses any port",
        "Its port count is 0, so no port rule is right for it, and its rows wait for a range.",
        "Set start and count with the cmdlet of the component.",
    ),
    EndpointKind(
        "ports-moved",
        Severity.INFO,
        "ports of the base plan were replaced",
        "What was read differs from the base plan, and what is really set counts.",
        "Nothing, if the ports are meant.",
    ),
    EndpointKind(
        "row-keeps-ports",
        Severity.WARNING,
        "a row of the base plan still names ports that have moved",
        "The row has its destination ports by number and not by the name of a port setting, so "
        "nothing says whether they are the ports that moved.",
        "Write the name of the port setting in the row of the base plan.",
    ),
)
_SWITCHES: Final = (
    EndpointKind(
        "client-ranges-disabled",
        Severity.ERROR,
        "ClientMediaPortRangeEnabled is False",
        "While it is False clients use any port from 1024 to 65535, whatever the ranges say: no "
        "row that rests on client ports is valid.",
        "Set-CsConferencingConfiguration -ClientMediaPortRangeEnabled $true",
    ),
    EndpointKind(
        "media-qos-off",
        Severity.WARNING,
        "EnableQoS is False",
        "Clients that are no Windows PCs (phones, tablets, Macs, a Teams tenant's clients) do not "
        "mark; only the network can.",
        "Set-CsMediaConfiguration -EnableQoS $true",
    ),
    EndpointKind(
        "phone-tag",
        Severity.WARNING,
        "phones mark audio with another code point than the plan",
        "Phone Edition marks 40 unless VoiceDiffServTag is set, and queues that know only 46 serve "
        "it as best effort.",
        "Set-CsUCPhoneConfiguration -VoiceDiffServTag 46",
    ),
    EndpointKind(
        "phone-row-idle",
        Severity.INFO,
        "the row for phones at their default has nothing to change",
        "Every scope that was read marks the plan's code point, so no phone should send the mark "
        "that the row changes on the way.",
        "Exclude the row by the plan's options once all phones have restarted.",
    ),
    EndpointKind(
        "phone-dot1p",
        Severity.INFO,
        "Voice8021p is set, and has no effect",
        "Lync Server 2013 no longer supports Voice8021p; 802.1p is derived at the switch.",
        "Set-CsUCPhoneConfiguration -Voice8021p 0",
    ),
    EndpointKind(
        "psched-mark",
        Severity.WARNING,
        "Windows XP or Server 2003 marks a service type otherwise than the plan",
        "The packet scheduler marks by service type: guaranteed is audio (40 by default), "
        "controlled load is video (24).",
        "Set the value of DiffservByteMappingConforming to the plan's code point.",
    ),
    EndpointKind(
        "nla-no-text",
        Severity.ERROR,
        "`Do not use NLA` has no effect",
        'Windows reads the text "1" (REG_SZ) and nothing else; a number is ignored, and policies '
        "then hold on networks of the domain only.",
        "reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\QoS /f "
        '/v "Do not use NLA" /t REG_SZ /d 1',
    ),
    EndpointKind(
        "nla-not-seen",
        Severity.INFO,
        "nothing read says whether policies hold outside of the domain",
        "Host policies are there, and no file shows `Do not use NLA`. Without it clients apply "
        "policies only on networks that reach the domain.",
        'reg query HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\QoS /v "Do not use NLA"',
    ),
    EndpointKind(
        "scope-differs",
        Severity.WARNING,
        "a site is set otherwise than Global",
        "The plan has the values of Global, which hold wherever a site has none of its own. The "
        "site that is named has others.",
        "Import a plan for that site with `--scope`.",
    ),
)
_POLICIES: Final = (
    EndpointKind(
        "policy-code-point",
        Severity.ERROR,
        "a host policy marks another code point than the plan",
        "The ports are those of a row of the plan, the code point is not. The plan keeps its own: "
        "ports are facts of the hosts, code points are the plan's decision.",
        "Set the DSCP of the policy to that of the plan's row, or change the row.",
    ),
    EndpointKind(
        "policy-other-ports",
        Severity.ERROR,
        "a host policy marks other ports than its program uses",
        "The ports that the product uses were read, and the policy of the same program and code "
        "point has others, so the program's packets leave unmarked.",
        "Set the ports of the policy to those of the product.",
    ),
    EndpointKind(
        "policy-moves-row",
        Severity.WARNING,
        "a row of the base plan moved to the ports of a host policy",
        "The policy is the only one for the program and code point of the row, and has other "
        "ports. Nothing that was read says which ports the program really uses: import what the "
        "product is set to as well.",
        "Get-CsConferencingConfiguration | Format-List > ports.txt",
    ),
    EndpointKind(
        "policy-narrower",
        Severity.INFO,
        "a host policy marks fewer packets than the row of the plan",
        "The policy is limited to one protocol or to addresses, the row is not.",
        "Widen the policy, or narrow the row.",
    ),
    EndpointKind(
        "policy-repaired",
        Severity.INFO,
        "a host policy was damaged, and is read as it was meant",
        "Something in it is not as Windows writes it, such as a hyphen in a range of ports.",
        "Correct the policy where it is kept.",
    ),
    EndpointKind(
        "policy-invalid",
        Severity.ERROR,
        "a host policy of a registry file has a value that is not understood",
        "Such as a port above 65535, a range that runs backwards, or a throttle, whose unit is not "
        "known. What was meant is not guessed: the policy is left out, the others of the file are "
        "read.",
        "Correct the policy where it is kept, and export it again.",
    ),
    EndpointKind(
        "policy-own-row",
        Severity.INFO,
        "a host policy became a row of its own",
        "No row of the base plan speaks of what the policy marks.",
        "Read the row, and give it the component and medium that it is for.",
    ),
    EndpointKind(
        "policy-includes-row",
        Severity.INFO,
        "a host policy is for a row that the base does not choose by itself",
        "The name of the policy is that of an opt-in row of the base, so the plan's options "
        "include the row.",
        "Take the row out of options.include if hosts are not to mark by it.",
    ),
    EndpointKind(
        "policy-foreign-program",
        Severity.INFO,
        "a host policy is for a program that the plan does not know",
        "It became a row of its own. A router cannot see programs, so its ports alone have to be "
        "right.",
        "Take the row out if the program is not of the plan.",
    ),
    EndpointKind(
        "policy-marks-all",
        Severity.ERROR,
        "a host policy marks everything",
        "It names neither program nor ports nor addresses, so every packet of the host gets its "
        "code point. No row was made of it.",
        "Give the policy a program or ports.",
    ),
    EndpointKind(
        "policy-without-ports",
        Severity.WARNING,
        "a host policy names no ports",
        "It marks all that a program sends, or all between addresses, audio like any download. The "
        "network sees no program, so no row was made of it.",
        "Add the source ports of the medium to the policy.",
    ),
    EndpointKind(
        "policy-edge-source",
        Severity.ERROR,
        "a host policy of an Edge server matches source ports",
        "An Edge relays from UDP 3478 and TCP 443; the ranges are those that it sends to. The "
        "policy matches none of its packets, and no row was made of it.",
        "Match destination ports instead of source ports.",
    ),
    EndpointKind(
        "policies-collide",
        Severity.WARNING,
        "which of two host policies counts is not known, or not the plan's choice",
        "They mark the same packets differently, and Windows applies only one: that of the user "
        "before that of the computer, a path before a file name before any program, more "
        "conditions before fewer, then source address, destination address, source port, "
        "destination port, protocol, then the longer prefix. Pairs that this decides as the plan "
        "does are not told.",
        "Separate the two policies by program, ports or addresses.",
    ),
    EndpointKind(
        "media-unmarked",
        Severity.WARNING,
        "no host policy marks a medium that is used",
        "The component has policies for other media, none for the ports of this one.",
        "Add a policy for the ports.",
    ),
    EndpointKind(
        "policy-throttles",
        Severity.WARNING,
        "a host policy holds traffic back",
        "Beside marking, or instead of it, the policy limits the rate of what it matches.",
        "Take the throttle rate out if the traffic is media.",
    ),
    EndpointKind(
        "policy-left-out",
        Severity.INFO,
        "a host policy matches by something else than ports, and was left out",
        "Templates, users, addresses of web servers and the like have no place in a plan.",
        "Nothing, if the policy is not for media.",
    ),
    EndpointKind(
        "policy-precedence",
        Severity.INFO,
        "a host policy has a precedence of its own",
        "What it does where it meets another policy was judged as if it had the usual 127.",
        "Set the precedence to 127, or look at policies for the same packets by hand.",
    ),
)
_FILES: Final = (
    EndpointKind(
        "property-unknown",
        Severity.INFO,
        "a property looks like one of ports or marks, and is not known",
        "Another release of the product may print it. Nothing was made of it.",
        "Look it up; report it if it tells ports or marks of media.",
    ),
    EndpointKind(
        "file-not-read",
        Severity.WARNING,
        "a file of a folder was not read",
        "It is of no format that is known, or not whole. Named by itself it would be an error.",
        "Move it out of the folder, or name the files that are meant.",
    ),
    EndpointKind(
        "export-not-whole",
        Severity.WARNING,
        "rows of an export are in none of its files",
        "left-out.txt lists the rows that the files of an export say. A row that none of them says "
        "has the values of the base; one that the base does not have is not in the plan.",
        "Import the whole folder that `plan export --all` wrote.",
    ),
    EndpointKind(
        "other-base",
        Severity.WARNING,
        "policies or ports are those of another preset than the base",
        "All rows that policies name and the base does not have are rows of one preset, or all "
        "ports of the product are its ports. Without it as the base, rows become rows of the "
        "owner's own, and the base's rows move to ports of another product.",
        "Import again with `--base` and the preset.",
    ),
    EndpointKind(
        "table-repaired",
        Severity.INFO,
        "a table was damaged, and is read as it was meant",
        "Pages, mails and word processors lose empty cells, change dashes and glue ranges.",
        "Compare the row with the page.",
    ),
)

KINDS: Final = MappingProxyType(
    {item.id: item for item in (*_PORTS, *_SWITCHES, *_POLICIES, *_FILES)}
)
