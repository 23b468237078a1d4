"""A configuration of a device where a plan is expected: seen, and told what to do with it."""

from __future__ import annotations

import shlex
from os.path import isfile  # False, not an error, for a name that is too long
from pathlib import Path

from translator.drivers.detect import looks_like
from translator.drivers.text import text_of
from translator.errors import ParseError, PlanError, Where
from translator.plan.text import MAX_BYTES, read_bytes

__all__ = ["no_plan"]


def no_plan(error: PlanError) -> PlanError:
    """Return the error; where its file is a configuration, one that says so.

    Readers of plans stumble over the first line of another text, which says nothing of the text.
    """
    if error.where is None or not isfile(error.where.file):
        return error
    file = error.where.file
    try:
        platforms = looks_like(text_of(read_bytes(Path(file), MAX_BYTES, ""), file=file))
    except (ParseError, PlanError):
        return error
    if not platforms:
        return error
    names = " or ".join(platforms)
    return PlanError(
        f"this looks like a configuration of {names}, which is not what is read here",
        where=Where(file),
        hint=f"to hold it against a plan: qos-translator audit {shlex.quote(file)}; "
        "what a plan looks like: qos-translator plan show --format yaml",
    )
