"""The one link of a command line.

Options become the same tree as a file, so that one reader checks both and names what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from translator.errors import UsageError, Where
from translator.plan.tree import Node, Scalar, Table
from translator.sizing.model import Link, Site
from translator.sizing.reader import link_of, site_of

__all__ = ["link_of_options"]


def link_of_options(
    link: Mapping[str, str | None], site: Mapping[str, str | Sequence[str] | None]
) -> Link:
    """Return the link of command-line options, named `link`, with the one site that it carries.

    Args:
        link, site: values by the keys of a file; None where an option is not given. The keys
            `codecs`, `video`, `sharing` and `conferences` hold several, in short form.

    Raises:
        PlanError, UsageError: a value is wrong; names the option.
    """
    entries: dict[str, Node] = {}
    for key, value in site.items():
        if isinstance(value, str):
            entries[key] = _word(key, value)
        elif value:
            entries[key] = _SHORT_FORMS[key](key, value)
    place = Where("command line")
    found = site_of("site", Table(entries, place))
    if found == Site("site", where=place):
        raise UsageError(
            "nothing crosses the link",
            hint="add --calls 20 --codec rtaudio-wb, --video 3x1280x720 or --sharing 2",
        )
    words: dict[str, Node] = {
        key: _word(key, value) for key, value in link.items() if value is not None
    }
    words["sites"] = Scalar("site", True, place)
    return replace(link_of("link", Table(words, place), {"site": found}), where=None)


def _word(key: str, text: str) -> Scalar:
    option = "link" if key == "rate" else key.replace("_", "-")
    return Scalar(text, False, Where(f"--{option}"))


def _codecs(_key: str, texts: Iterable[str]) -> Node:
    """`rtaudio-wb`, or `rtaudio-wb=70%` and `g711=30%`."""
    given = list(texts)
    place = Where("--codec")
    if len(given) == 1 and "=" not in given[0]:
        return Scalar(given[0], False, place)
    entries: dict[str, Node] = {}
    for text in given:
        name, equals, percent = text.partition("=")
        if not equals or name in entries:
            raise UsageError(
                f"--codec {text[:40]!a} has no percentage of its own",
                hint="write one codec, or several as --codec rtaudio-wb=70% --codec g711=30%",
            )
        entries[name] = Scalar(percent, False, place)
    return Table(entries, place)


def _counted(key: str, texts: Iterable[str]) -> Node:
    """`3x1280x720`, several of them."""
    place = Where(f"--{key}")
    entries: dict[str, Node] = {}
    for text in texts:
        count, times, name = text.partition("x")
        if not times and key == "sharing":
            name = "rdp-slides"
        if not name or name in entries:
            raise UsageError(
                f"--{key} {text[:40]!a} is no number of streams",
                hint="write --video 3x1280x720 or --sharing 2xrdp-slides, each kind once",
            )
        entries[name] = Scalar(count, False, place)
    return Table(entries, place)


def _participants(_key: str, texts: Iterable[str]) -> Node:
    """`12xg722`."""
    (text,) = texts
    count, _, codec = text.partition("x")
    place = Where("--conference")
    entries: dict[str, Node] = {
        "participants": Scalar(count, False, place),
        "codecs": Scalar(codec or "", False, place),
    }
    return Table(entries, place)


_SHORT_FORMS: Final = {
    "codecs": _codecs,
    "video": _counted,
    "sharing": _counted,
    "conferences": _participants,
}
