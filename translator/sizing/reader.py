"""Sites and links read from a YAML file; whatever is wrong is told with its line."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Final

from translator.errors import PlanError, UsageError, Where
from translator.plan.fields import Fields, items_of, name_of, table_of
from translator.plan.text import nearest, read_text, require_name
from translator.plan.tree import Node, Scalar, Table, read_tree
from translator.sizing.codecs import CODECS
from translator.sizing.erlang import MAX_ERLANGS
from translator.sizing.framing import ETHERNET, Framing
from translator.sizing.model import CodecMix, Conferences, Link, SharingLoad, Site, Voice
from translator.sizing.streams import RESOLUTIONS, SHARINGS
from translator.sizing.values import counts_of, decimal_of, percent_in, percent_of, rate_of

__all__ = ["link_of", "load_links", "site_of"]

MAX_CALLS: Final = 1_000_000
MAX_USERS: Final = 10_000_000
_MINUTES_OF_AN_HOUR: Final = 60
_TOO_LARGE: Final = "split it: a file holds some thousand sites"
_LINK_KEYS: Final = ("rate", "framing", "sites", "cac_audio", "cac_video")
_VOICE_KEYS: Final = (
    *("calls", "erlangs", "users", "phones", "busy_hour_minutes"),
    *("blocking", "codecs", "fec"),
)
_SITE_KEYS: Final = (*_VOICE_KEYS, "conferences", "video", "sharing", "sharing_at", "signalling")
_CONFERENCE_KEYS: Final = ("participants", "codecs", "fec")


def load_links(path: str) -> tuple[Link, ...]:
    """Return the links of a YAML file with the sites that each carries.

    Raises:
        PlanError: the file cannot be read, or something in it is wrong; says where.
    """
    text = read_text(Path(path), too_large=_TOO_LARGE)
    tree = read_tree(text, path, too_large=_TOO_LARGE, start="sites: {NAME: {calls: 10, ...}}")
    root = table_of(tree, "the file of sites")
    fields = Fields(root, "the file of sites", ("sites", "links"))
    sites = {
        require_name(name, "site", node.where): site_of(name, table_of(node, f"site {name}"))
        for name, node in table_of(fields.required("sites"), "sites").entries.items()
    }
    links = table_of(fields.required("links"), "links")
    if not links.entries:
        raise PlanError("there are no links", where=links.where, hint="add NAME: {rate: 10M, ...}")
    found = tuple(
        link_of(require_name(name, "link", node.where), table_of(node, f"link {name}"), sites)
        for name, node in links.entries.items()
    )
    carried = {site.name for link in found for site in link.sites}
    for name, site in sites.items():
        if name not in carried:
            raise PlanError(
                f"no link carries site {name}",
                where=site.where,
                hint="name it under sites: of a link, or remove it",
            )
    return found


def site_of(name: str, table: Table) -> Site:
    """Return the site of a mapping.

    Raises:
        PlanError: something in it is wrong.
    """
    fields = Fields(table, f"site {name}", _SITE_KEYS)
    return Site(
        name=name,
        voice=_voice(fields),
        conferences=_conferences(fields),
        video=counts_of(fields, "video", RESOLUTIONS),
        sharing=_sharing(fields),
        signalling_bps=rate_of(fields, "signalling"),
        where=fields.where,
    )


def _voice(fields: Fields) -> Voice | None:
    calls = fields.number("calls", 0, MAX_CALLS)
    erlangs = _erlangs(fields)
    target = percent_of(fields, "blocking")
    if calls is None and erlangs is None:
        for key in ("blocking", "codecs", "fec"):
            if fields.node(key) is not None:
                raise PlanError(
                    f"{key} is given, and no calls are",
                    where=fields.where_of(key),
                    hint="add calls, erlangs, or users with busy_hour_minutes",
                )
        return None
    if target is not None and not 0 < target < 100:
        raise PlanError(
            "blocking is not between 0% and 100%",
            where=fields.where_of("blocking"),
            hint="1% is usual; no number of channels blocks nothing at all",
        )
    mix = _mix(fields)
    return (
        Voice(mix, calls, erlangs) if target is None else Voice(mix, calls, erlangs, target / 100)
    )


def _erlangs(fields: Fields) -> Fraction | None:
    """The offered traffic: stated, or what users and phones make of it."""
    stated = decimal_of(fields, "erlangs", int(MAX_ERLANGS))
    minutes = decimal_of(fields, "busy_hour_minutes", _MINUTES_OF_AN_HOUR)
    counts = {key: fields.number(key, 0, MAX_USERS) for key in ("users", "phones")}
    talkers = {key: count for key, count in counts.items() if count is not None}
    if minutes is None and not talkers:
        return stated
    given = next(iter(talkers), "busy_hour_minutes")
    if stated is not None:
        raise PlanError(
            f"erlangs and {given} are given",
            where=fields.where_of("erlangs"),
            hint="give erlangs, or users and phones with busy_hour_minutes",
        )
    if minutes is None or not talkers:
        lacking = "busy_hour_minutes" if minutes is None else "users"
        raise PlanError(
            f"{given} is given without {lacking}",
            where=fields.where_of(given),
            hint="give users (and phones) with busy_hour_minutes, what each talks in that hour",
        )
    found = sum(talkers.values()) * minutes / _MINUTES_OF_AN_HOUR
    if found > MAX_ERLANGS:
        raise PlanError(
            f"{float(found):,.0f} erlangs are more than {MAX_ERLANGS:,.0f}",
            where=fields.where_of(given),
            hint="check the number of users",
        )
    return found


def _mix(fields: Fields) -> CodecMix:
    """The codecs of a site's calls or of its conferences."""
    node = fields.node("codecs")
    if node is None:
        raise PlanError(
            "no codec is given",
            where=fields.where,
            hint="add codecs: rtaudio-wb (--codec rtaudio-wb); known: " + ", ".join(CODECS),
        )
    percents = _percents(node)
    fec = percent_of(fields, "fec") or Fraction(0)
    try:
        # In one order, so that sites of the same mix are known as such.
        return CodecMix(
            tuple((CODECS[name], percents[name]) for name in CODECS if name in percents), fec
        )
    except PlanError as error:
        raise PlanError(error.problem, where=node.where, hint=error.hint) from None


def _percents(node: Node) -> dict[str, Fraction]:
    if isinstance(node, Scalar):
        return {_codec(node.text, node.where): Fraction(100)}
    table = table_of(node, "codecs")
    return {
        _codec(name, table.keys.get(name, table.where)): percent_in(entry, f"codecs: {name[:40]}")
        for name, entry in table.entries.items()
    }


def _codec(text: str, where: Where) -> str:
    name = text.strip().lower()
    if name not in CODECS:
        raise PlanError(
            f"codec {text[:40]!a} is not known", where=where, hint=nearest(text[:40], CODECS)
        )
    return name


def _conferences(fields: Fields) -> Conferences | None:
    node = fields.node("conferences")
    if node is None:
        return None
    own = Fields(table_of(node, "conferences"), "conferences", _CONFERENCE_KEYS)
    own.required("participants")
    participants = own.number("participants", 0, MAX_CALLS) or 0
    return Conferences(participants, _mix(own))


def _sharing(fields: Fields) -> SharingLoad | None:
    streams = counts_of(fields, "sharing", SHARINGS)
    at = fields.text("sharing_at", "average").lower()
    if at not in ("average", "peak"):
        raise PlanError(
            f"sharing_at {at[:40]!a} is not known",
            where=fields.where_of("sharing_at"),
            hint="write average or peak",
        )
    if streams is None and fields.node("sharing_at") is not None:
        raise PlanError(
            "sharing_at is given, and no screens are",
            where=fields.where_of("sharing_at"),
            hint="add sharing: {rdp-slides: 2}",
        )
    return None if streams is None else SharingLoad(streams, at == "peak")


def link_of(name: str, table: Table, sites: Mapping[str, Site]) -> Link:
    """Return the link of a mapping, which names some of the sites.

    Raises:
        PlanError: something in it is wrong.
    """
    fields = Fields(table, f"link {name}", _LINK_KEYS)
    fields.required("rate")
    carried: dict[str, Site] = {}
    for node in items_of(fields.required("sites"), "sites"):
        wanted = name_of(node, "site")
        if wanted not in sites or wanted in carried:
            raise PlanError(
                f"link {name}: there is no site {wanted}"
                if wanted not in sites
                else f"link {name}: site {wanted} is named twice",
                where=node.where,
                hint=nearest(wanted, sites) if wanted not in sites else "name each site once",
            )
        carried[wanted] = sites[wanted]
    if not carried:
        raise PlanError(
            f"link {name} carries no site", where=fields.where, hint="add sites: [NAME]"
        )
    return Link(
        name=name,
        rate_bps=rate_of(fields, "rate") or 0,
        sites=tuple(carried.values()),
        framing=_framing(fields),
        cac_audio_bps=rate_of(fields, "cac_audio"),
        cac_video_bps=rate_of(fields, "cac_video"),
        where=fields.where,
    )


def _framing(fields: Fields) -> Framing:
    text = fields.text("framing")
    if not text:
        return ETHERNET
    try:
        return Framing.of(text)
    except UsageError as error:
        raise PlanError(
            f"framing: {error.problem}", where=fields.where_of("framing"), hint=error.hint
        ) from None
