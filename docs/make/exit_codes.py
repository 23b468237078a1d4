"""The page on exit codes, from the tree of errors."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Final

from translator.errors import TranslatorError

__all__ = ["page"]

_MEANING: Final = {
    0: "Fine: done, compliant, equal.",
    1: "Findings or differences; for `render`, a proof that failed.",
    2: "Wrong usage or input: an option, a plan, an inventory or a text that cannot be read.",
    3: "Some of several hosts or files failed; each is named.",
    4: "Not reached, or not logged in. Nothing was changed.",
    5: "Refused by a safety check. Nothing was changed.",
    6: "Undecided, or a device in a state that nothing proves: act by hand as printed.",
    7: "Reverted: the change failed, and the device is proven to be as before.",
    130: "Interrupted (Ctrl-C, SIGTERM).",
    141: "The reader of the output went away, as with `| head`.",
}
_HEAD: Final = """\
# Exit codes

A script needs to look at nothing but the exit code. Of several hosts the worst counts.

| code | meaning |
|---|---|
"""
_ERRORS: Final = """

## Errors and their codes

Every error is one line `error: WHERE: WHAT` on stderr, where the place is `file:line` if there is
one, and a line `hint:` that says what to do. In programs they are exceptions of one tree
(`translator.errors`):

| error | code | when |
|---|---|---|
"""


def page() -> str:
    """Return the page in Markdown."""
    codes = "\n".join(f"| {code} | {text} |" for code, text in _MEANING.items())
    errors = "\n".join(
        f"| `{kind.__name__}` | {kind.exit_code} | {_first_sentence(kind)} |"
        for kind in sorted(
            _below(TranslatorError), key=lambda kind: (kind.exit_code, kind.__name__)
        )
    )
    return _HEAD + codes + _ERRORS + errors + "\n"


def _below(kind: type[TranslatorError]) -> Iterator[type[TranslatorError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def _first_sentence(kind: type[TranslatorError]) -> str:
    return inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " ")
