"""Which links `size` is about, and what it may not write over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from translator.cli.folder import refuse_inputs, refuse_stdout
from translator.cli.size_options import OneLink
from translator.errors import UsageError
from translator.plan.text import nearest
from translator.sizing.model import Link
from translator.sizing.options import link_of_options
from translator.sizing.reader import load_links

__all__ = ["links_of", "refuse_to_replace"]


def links_of(file: str | None, one: OneLink, only: str | None) -> Sequence[Link]:
    """Return the links of a file of sites, or the one that options describe.

    Raises:
        UsageError: both or neither are given, or the file has no such link.
        PlanError: as `load_links` and `link_of_options`.
    """
    if file is None:
        if one.link is None:
            raise UsageError(
                "no link is given", hint="name a file of sites, or add --link 10M --calls 20 ..."
            )
        if only is not None:
            raise UsageError("--only chooses from a file", hint="name a file of sites")
        return (link_of_options(one.line, one.site),)
    if any(value for value in (*one.line.values(), *one.site.values())):
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


def refuse_to_replace(target: str | None, *inputs: str | None) -> None:
    """Refuse to write over a file that is read.

    Raises:
        UsageError: the target is one of the inputs, or stdout, where the sizes go.
    """
    if target is not None:
        refuse_stdout(target, "the sizes are printed there; name a file with --write-plan")
        refuse_inputs([Path(target)], lambda: inputs)
