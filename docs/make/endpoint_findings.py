"""The page on what `plan import` finds, from the data that findings are made of."""

from __future__ import annotations

from typing import Final

from translator.audit.handbook import page as findings_page
from translator.endpoint.findings.kinds import KINDS

__all__ = ["page"]

_HEAD: Final = """\
# Findings of an import

What `qos-translator plan import` finds in settings of servers, clients, phones and Windows hosts,
by id. The ids are stable: filters and scripts name them. Findings go to stderr, with
`--format json` as a list of objects with `id`, `severity`, `message`, `places` and `cure`; the cure
of a finding names the policy, scope and numbers that it is about.

What cannot be read without guessing is no finding but an error, and then there is no plan: a start
without its count, a registry file that is cut short, two files that disagree about one setting,
scopes that differ while none is chosen.

This page is written by `make readme`; change the texts in `translator/endpoint/findings/kinds.py`.
"""


def page() -> str:
    """Return the page in Markdown: one section for each kind of finding."""
    return findings_page(_HEAD, KINDS.values())
