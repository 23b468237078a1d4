"""The documentation of findings, written from the same data that findings are made of.

`python -m translator.audit.handbook` prints it; a test holds `docs/findings.md` against it.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from translator.audit.examples import EXAMPLES, Example
from translator.audit.kinds import KINDS

__all__ = ["Documented", "handbook", "page"]

_HEAD = """\
# Findings

What `qos-translator audit` finds, by id. The ids are stable: reports, filters and suppressions name
them. Every example is a piece of a configuration in which the audit finds it, often beside what
follows from it (`treatment-different`). The examples were written for this page; tests audit them.

This page is written by `make readme`; change the texts in `translator/audit/kinds.py`.
"""


class Documented(Protocol):
    """A kind of finding, of an audit or of something else."""

    @property
    def id(self) -> str:
        """Fixed word that names it."""

    @property
    def severity(self) -> str:
        """How bad it is, in one word."""

    @property
    def title(self) -> str:
        """What it is, without a full stop."""

    @property
    def meaning(self) -> str:
        """Whole sentences."""

    @property
    def cure(self) -> str:
        """Whole sentences, or a command to type."""


def handbook() -> str:
    """Return the page in Markdown: one section for each kind of finding."""
    return page(_HEAD, KINDS.values())


def page(head: str, kinds: Collection[Documented]) -> str:
    """Return a page about kinds of findings: an index, then a section for each."""
    return "\n".join([head, *_index(kinds), *(_section(item) for item in kinds)])


def _index(kinds: Iterable[Documented]) -> Iterator[str]:
    yield "| id | severity | what |"
    yield "|---|---|---|"
    for item in kinds:
        yield f"| [{item.id}](#{item.id}) | {item.severity} | {item.title} |"
    yield ""


def _section(item: Documented) -> str:
    example = EXAMPLES.get(item.id)
    parts = [
        f"## {item.id}",
        f"*{item.severity}*: {item.title}.",
        item.meaning,
        *(_example(example) if example is not None else ()),
        f"**Cure.** {item.cure}",
    ]
    return "\n\n".join(parts) + "\n"


def _example(example: Example) -> Iterator[str]:
    roles = ", ".join(f"`--interface {item}`" for item in example.interfaces)
    yield f"**Example** (`--platform {example.platform}`, {roles}):"
    yield f"```\n{example.text.rstrip()}\n```"


if __name__ == "__main__":
    sys.stdout.write(handbook())
