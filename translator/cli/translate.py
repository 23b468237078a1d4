"""`translate`: the QoS of one vendor's text as another's, proven before it is printed."""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.counted import counted
from translator.cli.options import DeviceFile, Format, OneFormat, OutFolder, Removal

__all__ = ["run"]


_Source = Annotated[
    str, typer.Option("--from", metavar="NAME", help="Platform of the text; or auto.")
]
_Target = Annotated[str, typer.Option("--to", metavar="NAME", help="Platform that is wanted.")]
_Mapped = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="IF=IF", help="An interface and its new name; repeat."),
]
_Rates = Annotated[
    list[str] | None,
    typer.Option("--rate", metavar="IF=RATE", help="Rate of a line of the text, as 10M; repeat."),
]
_Partial = Annotated[
    bool, typer.Option("--partial", help="Leave out what cannot be carried over, and list it.")
]


def run(
    *,
    file: DeviceFile,
    source: _Source,
    target: _Target,
    mapped: _Mapped = None,
    rate: _Rates = None,
    partial: _Partial = False,
    removal: Removal = False,
    out: OutFolder = None,
    output: OneFormat = Format.TEXT,
) -> int:
    """Print a text's QoS in the language of another platform.

    Both texts are proven to do the same to every packet on every way; nothing is printed else.
    What cannot be carried over is listed with its lines and the exit code is 2; with --partial
    it is left out and the rest is proven.

    \b
    Examples:
      qos-translator translate --from cisco_ios --to juniper_junos running.conf \\
        --map Gi0/1=ge-0/0/1.0 --map Gi0/0=ge-0/0/0.0
      qos-translator translate --from juniper_junos --to linux edge.conf --partial \\
        --map ge-0/0/0.0=eth0 --rate ge-0/0/0.0=100M
    """
    from translator.audit.translation import Request, translate
    from translator.cli.folder import write_all
    from translator.cli.output import emit, emit_json, note
    from translator.cli.report import files_of
    from translator.cli.texts_input import pairs_of, read_text
    from translator.cli.translate_view import rates_of, show_notes, translated_json
    from translator.drivers.registry import driver

    wanted = driver(target)
    text, content = read_text(file, source)
    request = Request(
        mapping=pairs_of(mapped, "--map", "Gi0/1=ge-0/0/1.0"),
        partial=partial,
        rates=rates_of(rate, text, driver(text.device.platform), content),
    )
    done = translate(text, wanted, request)
    show_notes(done)
    if out is not None:
        files = files_of("translated", done.rendered)
        count = write_all(out, files.items(), inputs=lambda: (file,))
        note(f"wrote {counted(count, 'file')} into {out}")
    elif output is Format.JSON:
        emit_json(translated_json(done, wanted.platform))
    else:
        for step in done.rendered.instructions:
            note(f"by hand: {step}")
        emit(done.rendered.removal if removal else done.rendered.config)
    return 0
