"""`semdiff`: which traffic two configurations treat differently, whatever their texts look like."""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.options import Format, OneFormat, Platform

__all__ = ["run"]


_TextA = Annotated[str, typer.Argument(metavar="A", help="Configuration text; - reads stdin.")]
_TextB = Annotated[str, typer.Argument(metavar="B", help="The text to hold against it.")]
_PlatformA = Annotated[
    str | None, typer.Option("--platform-a", metavar="NAME", help="Platform of A alone.")
]
_PlatformB = Annotated[
    str | None, typer.Option("--platform-b", metavar="NAME", help="Platform of B alone.")
]
_Mapped = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="IF=IF", help="An interface of A and what B calls it; repeat."),
]
_Policies = Annotated[
    list[str] | None,
    typer.Option("--policy", metavar="NAME=NAME", help="Compare policies by themselves; repeat."),
]
_Enters = Annotated[
    str | None, typer.Option("--in", metavar="IF", help="Only packets that enter by IF.")
]
_Leaves = Annotated[
    str | None, typer.Option("--out", metavar="IF", help="Only packets that leave by IF.")
]
_Snippet = Annotated[
    bool, typer.Option("--snippet", help="The texts are pieces; compare them as far as they go.")
]


def run(
    *,
    a: _TextA,
    b: _TextB,
    platform: Platform = None,
    platform_a: _PlatformA = None,
    platform_b: _PlatformB = None,
    mapped: _Mapped = None,
    policy: _Policies = None,
    enters: _Enters = None,
    leaves: _Leaves = None,
    snippet: _Snippet = False,
    output: OneFormat = Format.TEXT,
) -> int:
    """Show which traffic two texts treat differently, over all packets.

    Names of classes, lists and sequence numbers play no part; the order of classes does. The
    exit code is 1 if any packet or queue differs or a line is not understood, 6 if it could not be
    decided or nothing shows that a text is whole.

    \b
    Examples:
      qos-translator semdiff --platform cisco_ios before.conf after.conf
      qos-translator semdiff old.conf new.conf --platform-a cisco_ios \\
        --platform-b juniper_junos --map Gi0/1=ge-0/0/1.0 --map Gi0/0=ge-0/0/0.0
    """
    from translator.audit.semdiff import Question, semdiff
    from translator.cli.output import emit_json
    from translator.cli.semdiff_view import semdiff_json, show_semdiff
    from translator.cli.texts_input import (
        pairs_of,
        read_text,
        warn_of_strange_pairs,
        warn_of_strangers,
    )
    from translator.errors import UndecidedError
    from translator.verify.compare import Verdict

    question = Question(
        mapping=pairs_of(mapped, "--map", "Gi0/1=ge-0/0/1.0"),
        policies=pairs_of(policy, "--policy", "OLD=NEW"),
        enter=enters,
        leave=leaves,
        snippet=snippet,
    )
    left, text_a = read_text(a, platform_a or platform)
    right, text_b = read_text(b, platform_b or platform)
    found = semdiff(left, right, question)
    warn_of_strangers((left, right), (enters, leaves))
    warn_of_strange_pairs(left, right, question.mapping)
    if output is Format.JSON:
        emit_json(semdiff_json(found))
    else:
        show_semdiff(found, text_a, text_b)
    if found.verdict is Verdict.EQUAL:
        return 0
    cut = not snippet and any(text.device.incomplete for text in (left, right))
    undecided = found.verdict is Verdict.UNDECIDED or (found.verdict is Verdict.UNKNOWN and cut)
    return UndecidedError.exit_code if undecided else 1
