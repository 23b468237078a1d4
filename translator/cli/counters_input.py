"""From the arguments of `counters` to snapshots and to what they are held against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from translator.cli.counters_view import counters_json, show_counters
from translator.cli.options import Format
from translator.cli.output import emit_json, note
from translator.cli.textfile import piped_or_read, read_device_text
from translator.counters.examine import Question, examine
from translator.counters.replies import replies_in, taken_at
from translator.counters.snapshot import Snapshot, counting, snapshot_of
from translator.drivers.base import Driver
from translator.drivers.registry import driver
from translator.drivers.text import text_of
from translator.errors import ParseError, UsageError, Where
from translator.intents.counters import Shown
from translator.inventory.adhoc import read_bindings, specs_of
from translator.plan.load import load_plan

__all__ = ["Texts", "examine_texts"]


@dataclass(frozen=True, slots=True)
class Texts:
    """The options that say which texts are read, as they were given."""

    before: str | None = None
    after: str | None = None
    platform: str | None = None
    config: str | None = None
    interfaces: tuple[str, ...] = ()
    seconds: float | None = None

    @property
    def given(self) -> bool:
        """Whether there is any."""
        return self != Texts()


def examine_texts(
    texts: Texts,
    plan: str,
    addresses: Sequence[str] | None,
    inventory: str | None,
    output: Format,
) -> int:
    """Print what saved texts show, and return the exit code.

    Args:
        inventory: what was given of one, which is no use for texts.

    Raises:
        UsageError: no text or no platform is named, or an inventory is; or a text, the
            configuration or an option cannot be read.
        PlanError, ParseError: the plan or a text cannot be read; or as `examine`.
    """
    if texts.before is None or texts.platform is None or inventory is not None:
        raise UsageError(
            "counters are read from texts, or from devices",
            hint="use --platform NAME BEFORE [AFTER], or --live -i PATH",
        )
    question = _question_of(texts.platform, plan, texts.config, texts.interfaces, addresses)
    first = _read_snapshot(texts.before, question.driver)
    second = None if texts.after is None else _read_snapshot(texts.after, question.driver)
    found = examine(question, first, second, texts.seconds)
    if output is Format.JSON:
        emit_json(counters_json(found))
    else:
        show_counters(found)
    return found.exit_code


def _question_of(
    platform: str,
    plan: str,
    config: str | None,
    interfaces: Sequence[str] | None,
    addresses: Sequence[str] | None,
) -> Question:
    """Return what the counters are held against.

    Raises:
        DriverError: there is no driver for the platform.
        UsageError: an option is wrong, or the driver reads no counters.
        PlanError, ParseError: the plan or the configuration cannot be read.
    """
    reader = driver(platform)
    counting(reader)
    if platform != reader.platform:
        note(f"platform {platform}: read as {reader.platform}")
    return Question(
        reader,
        load_plan(plan),
        "" if config is None else read_device_text(config, reader),
        config or "<config>",
        specs_of(interfaces) if interfaces else (),
        tuple(read_bindings(addresses or ()).items()),
    )


def _read_snapshot(name: str, reader: Driver) -> Snapshot:
    """Return the counters of a file or of all files of a folder; - is stdin.

    Raises:
        UsageError: there is no such file or folder, or the folder is empty.
        ParseError: a text is binary, or none holds counters that are known here.
    """
    replies: list[Shown] = []
    times: list[datetime] = []
    problems: list[ParseError] = []
    files = list(_files(name))
    for file in files:
        text = text_of(piped_or_read(file), file=file, frames=True)
        try:
            replies += replies_in(text, counting(reader), file)
        except ParseError as error:
            problems.append(error)
        time = taken_at(text)
        times += [] if time is None else [time]
    if not replies:
        raise problems[0]
    for problem in problems:
        note(f"left out: {problem}")
    return snapshot_of(reader, replies, taken_at=max(times, default=None))


def _files(name: str) -> Iterator[str]:
    folder = Path(name)
    if name == "-" or not folder.is_dir():
        yield name
        return
    found = sorted(str(path) for path in folder.iterdir() if path.is_file())
    if not found:
        raise UsageError(
            "holds no file", where=Where(name), hint="save the output of commands into it"
        )
    yield from found
