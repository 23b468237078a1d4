"""What is switched off, or marks otherwise than the plan: clients, phones, Windows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from translator.codepoint import CodePoint
from translator.endpoint.checks.marks import marks_of
from translator.endpoint.findings.finding import EndpointFinding, finding
from translator.endpoint.findings.shown import argument, set_command
from translator.endpoint.merge.scopes import Chosen
from translator.endpoint.settings import ClientRanges, MediaQos, PhoneMarking, PschedService
from translator.plan.model import Media, Plan

__all__ = ["check_switches"]

_MEDIA_OF: Final = {
    PschedService.GUARANTEED: Media.AUDIO,
    PschedService.CONTROLLED_LOAD: Media.VIDEO,
}
_PSCHED: Final = (
    r"reg add HKLM\Software\Policies\Microsoft\Windows\Psched\DiffservByteMappingConforming"
)


def check_switches(chosen: Chosen, plan: Plan) -> Iterator[EndpointFinding]:
    """Yield what is switched so that nothing, or something else than the plan, is marked."""
    marks = marks_of(plan)
    for item in chosen.seen:
        if isinstance(item, ClientRanges) and not item.enabled:
            yield finding(
                "client-ranges-disabled",
                f"ClientMediaPortRangeEnabled of {item.scope} is False: clients use any port",
                item.where,
                cure=set_command(replace(item, enabled=True)),
            )
        elif isinstance(item, MediaQos) and not item.enabled:
            yield finding(
                "media-qos-off",
                f"EnableQoS of {item.scope} is False",
                item.where,
                cure=set_command(replace(item, enabled=True)),
            )
        elif isinstance(item, PhoneMarking):
            yield from _phones(item, marks.get(Media.AUDIO))
    for marking in chosen.psched:
        wanted = marks.get(_MEDIA_OF[marking.service])
        if wanted is not None and marking.code_point != wanted:
            yield finding(
                "psched-mark",
                f"{marking.service} marks {marking.code_point}, the plan wants {wanted}",
                marking.where,
                cure=f"{_PSCHED} /v {marking.service} /t REG_DWORD /d {wanted} /f",
            )
    yield from _nla(chosen)


def _phones(item: PhoneMarking, wanted: CodePoint | None) -> Iterator[EndpointFinding]:
    if wanted is not None and item.code_point != wanted:
        yield finding(
            "phone-tag",
            f"phones of {item.scope} mark audio {item.code_point}, the plan wants {wanted}",
            item.where,
            cure=set_command(replace(item, code_point=wanted, dot1p=0)),
        )
    if item.dot1p:
        yield finding(
            "phone-dot1p",
            f"Voice8021p of {item.scope} is {item.dot1p}, which Lync Server 2013 does not use",
            item.where,
            cure=f"Set-CsUCPhoneConfiguration -Identity {argument(item.scope)} -Voice8021p 0",
        )


def _nla(chosen: Chosen) -> Iterator[EndpointFinding]:
    for item in chosen.nla:
        if item.value != "1" or not item.is_text:
            kind = "text" if item.is_text else "number"
            yield finding(
                "nla-no-text",
                f"`Do not use NLA` is the {kind} {item.value[:20]!a}, Windows reads the text '1'",
                item.where,
            )
    if chosen.policies and not chosen.nla:
        yield finding(
            "nla-not-seen",
            "host policies were read, but not whether they hold outside of the domain",
            chosen.policies[0].where,
        )
