"""The command `qos-translator`: its commands, and the one place where errors become exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from textwrap import wrap
from typing import Annotated

import typer

from translator import __version__
from translator.cli import (
    audit,
    capture,
    collect,
    counters,
    doctor,
    explain,
    inspect,
    intents,
    inventory,
    plan,
    plan_diff,
    plan_export,
    plan_import,
    platforms,
    prove,
    push,
    remediate,
    render,
    rollback,
    runs,
    semdiff,
    size,
    translate,
)
from translator.cli.argv import refuse_passwords
from translator.cli.output import visible
from translator.collector import collect_seldom
from translator.errors import HostsFailedError, PlanError, TranslatorError

__all__ = ["app", "main"]

_WIDTH = 100
_BROKEN_PIPE = 141  # what a shell reports for a program that SIGPIPE ended

app = typer.Typer(
    name="qos-translator",
    invoke_without_command=True,
    rich_markup_mode=None,  # plain help starts in half the time
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
plan.app.command("diff")(plan_diff.run)
plan.app.command("import")(plan_import.run)
plan.app.command("export")(plan_export.run)
app.add_typer(plan.app, name="plan")
app.command("intents")(intents.run)
app.command("render")(render.run)
app.command("prove")(prove.run)
app.command("inspect")(inspect.run)
app.command("explain")(explain.run)
app.command("audit")(audit.run)
app.command("remediate")(remediate.run)
app.command("counters")(counters.run)
app.add_typer(capture.app, name="capture")
app.command("semdiff")(semdiff.run)
app.command("translate")(translate.run)
app.command("push")(push.run)
app.command("rollback")(rollback.run)
app.command("runs")(runs.run)
app.command("size")(size.run)
app.command("inventory")(inventory.run)
app.command("doctor")(doctor.run)
app.command("collect")(collect.run)
app.command("platforms")(platforms.run)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"qos-translator {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Compile a Lync QoS plan into proven configurations; audit and repair those that are there.

    Results go to stdout, everything else to stderr. Exit codes: 0 fine, 1 findings or
    differences, 2 wrong usage or input, 3 some hosts failed, 4 unreachable or login refused,
    5 refused by a safety check, 6 undecided or state unknown, 7 reverted, 130 interrupted.
    """
    if context.invoked_subcommand is None:
        print(context.get_help(), file=sys.stderr)
        raise typer.Exit(2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code. Results went to stdout, all else to stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that lacks a character gets its number, never half of the output.
            stream.reconfigure(errors="backslashreplace")
    if arguments is None:  # the process is ours
        collect_seldom()
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        refuse_passwords(given)
        code = app(
            given,
            prog_name="qos-translator",
            standalone_mode=False,
        )
        sys.stdout.flush()
    except TranslatorError as error:
        for failure in error.failures if isinstance(error, HostsFailedError) else ():
            _failed(str(failure), failure.hint, failure.exit_code)
        error = _seen_as_what_it_is(error)
        return _failed(error.headline, error.hint, error.exit_code, error.known, error.listed)
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "qos-translator"
        return _failed(error.format_message(), f"see {command} --help", error.exit_code)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return _reader_gone(_BROKEN_PIPE)
    except OSError as error:
        _failed(f"the result cannot be written: {error.strerror}", "free some space", 2)
        return _reader_gone(2)
    except SystemExit as stop:
        # Typer turns a broken pipe into a plain exit of its own.
        if isinstance(stop.__context__, BrokenPipeError):
            return _reader_gone(_BROKEN_PIPE)
        raise
    return code if isinstance(code, int) else 0


def _seen_as_what_it_is(error: TranslatorError) -> TranslatorError:
    if not isinstance(error, PlanError):
        return error
    from translator.cli.other_text import no_plan

    return no_plan(error)


def _failed(
    problem: str, hint: str, code: int, known: Sequence[str] = (), listed: Sequence[str] = ()
) -> int:
    # Names of files and words of the command line stand in errors as they were given.
    print(f"error: {visible(problem, keep='')}", file=sys.stderr)
    _print_items(listed)
    if hint:
        print(f"  hint: {visible(hint, keep='')}", file=sys.stderr)
    _print_items(known)
    return code


def _print_items(items: Sequence[str]) -> None:
    for item in items:
        lines = wrap(
            visible(item, keep=""), _WIDTH, initial_indent="    ", subsequent_indent="      "
        )
        print("\n".join(lines), file=sys.stderr)


def _reader_gone(code: int) -> int:
    """Return the code; let nothing more be flushed into the closed pipe or full disk at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return code


if __name__ == "__main__":
    sys.exit(main())
