"""`size`: from calls, codecs, video and sharing to the share of each queue of a link."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from translator.cli.options import STANDARD, Format, OneFormat, PlanName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translator.plan.model import Plan
    from translator.sizing.model import Link
    from translator.sizing.size import LinkSize

__all__ = ["run"]


class At(StrEnum):
    """What a shared screen is planned with."""

    AVERAGE = "average"
    PEAK = "peak"


def _option(*names: str, metavar: str, help: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help, show_default=False)


_Word = str | None
_Words = list[str] | None
_File = Annotated[
    _Word,
    typer.Argument(
        metavar="SITES",
        help="YAML file of sites and links; none to size one link by options.",
        show_default=False,
    ),
]
_Link = Annotated[_Word, _option("--link", metavar="RATE", help="Rate of the link: 10M.")]
_Calls = Annotated[_Word, _option("--calls", metavar="N", help="The most calls at one time.")]
_Erlangs = Annotated[_Word, _option("--erlangs", metavar="E", help="Traffic of the busy hour.")]
_Users = Annotated[_Word, _option("--users", metavar="N", help="Users who talk in the busy hour.")]
_Phones = Annotated[_Word, _option("--phones", metavar="N", help="Desk phones, beside the users.")]
_Minutes = Annotated[
    _Word,
    _option("--busy-hour-minutes", metavar="MIN", help="What each of them talks in that hour."),
]
_Blocking = Annotated[
    _Word, _option("--blocking", metavar="P%", help="Share of calls that may be blocked: 1%.")
]
_Codec = Annotated[
    _Words,
    _option("--codec", metavar="NAME[=P%]", help="Codec of the calls; repeat for a mix."),
]
_Fec = Annotated[bool, typer.Option("--fec", help="Forward error correction on every call.")]
_Conference = Annotated[
    _Word,
    _option("--conference", metavar="NxCODEC", help="Participants in conferences: 12xg722."),
]
_Video = Annotated[
    _Words, _option("--video", metavar="NxSIZE", help="Video streams: 3x1280x720; repeat for more.")
]
_Sharing = Annotated[
    _Words,
    _option("--sharing", metavar="N[xKIND]", help="Shared screens: 2xrdp-slides (the default)."),
]
_SharingAt = Annotated[
    At, typer.Option("--sharing-at", help="Plan screens with their mean or their peak.")
]
_Signalling = Annotated[
    _Word, _option("--signalling", metavar="RATE", help="What signalling takes: 64k.")
]
_Framing = Annotated[
    _Word,
    _option(
        "--framing", metavar="LAYERS", help="Layers of the line, outermost first: dot1q,mpls,gre."
    ),
]
_CacAudio = Annotated[
    _Word, _option("--cac-audio", metavar="RATE", help="What admission control admits: 4000k.")
]
_CacVideo = Annotated[_Word, _option("--cac-video", metavar="RATE", help="The same for video.")]
_Only = Annotated[_Word, _option("--only", metavar="NAME", help="One link of the file.")]
_WritePlan = Annotated[
    _Word,
    _option("--write-plan", metavar="FILE", help="Write the shares of one link as a plan."),
]


def run(
    *,
    file: _File = None,
    link: _Link = None,
    calls: _Calls = None,
    erlangs: _Erlangs = None,
    users: _Users = None,
    phones: _Phones = None,
    busy_hour_minutes: _Minutes = None,
    blocking: _Blocking = None,
    codec: _Codec = None,
    fec: _Fec = False,
    conference: _Conference = None,
    video: _Video = None,
    sharing: _Sharing = None,
    sharing_at: _SharingAt = At.AVERAGE,
    signalling: _Signalling = None,
    framing: _Framing = None,
    cac_audio: _CacAudio = None,
    cac_video: _CacVideo = None,
    only: _Only = None,
    plan: PlanName = STANDARD,
    write_plan: _WritePlan = None,
    output: OneFormat = Format.TEXT,
) -> int:
    """Work out how large the queues of a link must be, and what would fit it.

    Rates are those that Microsoft publishes, in one direction, every packet sent. What is not
    stated keeps the share of the plan. The exit code is 1 if something does not fit; then
    --write-plan refuses with 5.

    \b
    Examples:
      qos-translator size --link 10M --calls 20 --codec rtaudio-wb --fec --video 1x1280x720
      qos-translator size --link 2M --erlangs 3 --blocking 1% --codec g711
      qos-translator size --link 10M --users 200 --busy-hour-minutes 6 --codec silk-wb
      qos-translator size sites.yaml --only paris --write-plan paris.yaml
    """
    site = {
        "calls": calls,
        "erlangs": erlangs,
        "users": users,
        "phones": phones,
        "busy_hour_minutes": busy_hour_minutes,
        "blocking": blocking,
        "codecs": codec,
        "fec": "100%" if fec else None,
        "conferences": None if conference is None else [conference],
        "video": video,
        "sharing": sharing,
        "sharing_at": None if sharing_at is At.AVERAGE else sharing_at.value,
        "signalling": signalling,
    }
    line = {"framing": framing, "cac_audio": cac_audio, "cac_video": cac_video}
    links = _links(file, {"rate": link, **line}, site, only)
    _refuse_input(write_plan, file, plan)
    return _tell(links, plan, write_plan, output)


def _links(
    file: str | None,
    line: dict[str, str | None],
    site: dict[str, str | list[str] | None],
    only: str | None,
) -> Sequence[Link]:
    from translator.errors import UsageError
    from translator.plan.text import nearest
    from translator.sizing.options import link_of_options
    from translator.sizing.reader import load_links

    if file is None:
        if line["rate"] is None:
            raise UsageError(
                "no link is given", hint="name a file of sites, or add --link 10M --calls 20 ..."
            )
        if only is not None:
            raise UsageError("--only chooses from a file", hint="name a file of sites")
        return (link_of_options(line, site),)
    if any(value for value in (*line.values(), *site.values())):
        raise UsageError(
            "a file of sites says everything itself",
            hint="use either SITES, or --link with what crosses it",
        )
    links = load_links(file)
    if only is None:
        return links
    chosen = [item for item in links if item.name == only]
    if not chosen:
        raise UsageError(
            f"{file} has no link {only[:60]!a}",
            hint=nearest(only[:60], [item.name for item in links]),
        )
    return chosen


def _refuse_input(target: str | None, *inputs: str | None) -> None:
    from os.path import exists, samefile  # `exists` is False, no error, for impossible names

    from translator.errors import UsageError, Where

    if target is None or not exists(target):
        return
    if any(name is not None and exists(name) and samefile(name, target) for name in inputs):
        raise UsageError(
            "would be replaced by the plan that is made from it",
            where=Where(target),
            hint="name another file with --write-plan",
        )


def _tell(links: Sequence[Link], named: str, target: str | None, output: Format) -> int:
    from translator.cli.output import emit_json
    from translator.cli.size_view import numbered_sources, show_size, show_sources, size_json
    from translator.plan.checks.finding import Severity
    from translator.plan.load import load_plan
    from translator.sizing.judge import findings_of
    from translator.sizing.size import size_link

    plan = load_plan(named)
    found = [(size, findings_of(size)) for size in (size_link(link, plan) for link in links)]
    if target is not None:
        _write_plan([size for size, _ in found], plan, named, target)
    if output is Format.JSON:
        emit_json([size_json(size, findings) for size, findings in found])
    else:
        numbers = numbered_sources(size for size, _ in found)
        for size, findings in found:
            show_size(size, findings, numbers)
        show_sources(numbers)
    return int(any(item.severity is not Severity.INFO for _, items in found for item in items))


def _write_plan(sizes: Sequence[LinkSize], plan: Plan, named: str, target: str) -> None:
    from pathlib import Path

    from translator.cli.folder import write_file
    from translator.cli.output import note
    from translator.errors import UsageError
    from translator.plan.load import preset_names
    from translator.sizing.plan_text import plan_of_link

    if len(sizes) > 1:
        raise UsageError(
            f"a plan is for one link, not for {len(sizes)}",
            hint="add --only NAME, or give interfaces of an inventory the shares that are shown",
        )
    preset = named if named in preset_names() and not Path(named).is_file() else None
    write_file(Path(target), [plan_of_link(sizes[0], plan, preset)])
    note(f"wrote {target}")
