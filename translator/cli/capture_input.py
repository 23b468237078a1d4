"""From the options of `capture check` to what packets are held against."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from translator.capture.check import Captures, check_captures
from translator.capture.device import Against, packets_before
from translator.capture.expectation import Expectation
from translator.capture.frames import Moment, Window
from translator.capture.model import CaptureCheck
from translator.capture.stream import PIPE
from translator.cli.output import note
from translator.cli.progress import progress
from translator.cli.textfile import read_device
from translator.cli.texts_input import no_platform
from translator.errors import UsageError
from translator.intents.compile import Bindings
from translator.intents.match import Prefix, prefix_of
from translator.inventory.adhoc import read_bindings
from translator.inventory.load import load_inventory
from translator.inventory.select import select
from translator.plan.load import load_plan
from translator.verify.passage import passage_of

__all__ = ["Device", "Scope", "window_of"]

_FRAME: Final = re.compile(r"\d{1,18}", re.ASCII)
_SECONDS: Final = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)s", re.ASCII)
_NANOSECONDS: Final = 10**9


@dataclass(frozen=True, slots=True)
class Scope:
    """The options that say which plan holds, and where, as they were given."""

    plan: str
    folder: str | None = None
    site: str | None = None
    addresses: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()

    def check(self, files: tuple[str, ...], window: Window, options: Device) -> CaptureCheck:
        """Return what the captures show.

        Raises:
            UsageError, InventoryError, PlanError: an option is wrong.
            CaptureError: a file is no capture.
            TranslatorError: as `Device.read`.
        """
        captures = Captures(files, window)
        clients = _prefixes_of(self.clients)
        expectation = Expectation(load_plan(self.plan), self.bindings(), clients)
        device = options.read(captures, clients)
        with progress("reading") as advance:
            return check_captures(expectation, captures, device, advance)

    def bindings(self) -> Bindings:
        """Return the address groups of a site of an inventory, and those given one by one.

        Raises:
            UsageError: a site without an inventory, or hosts there that bind a group differently.
            InventoryError: the inventory is wrong, or the site names none of its hosts.
        """
        given = read_bindings(self.addresses)
        if self.folder is None:
            if self.site is not None:
                raise UsageError("--site names hosts of an inventory", hint="add -i PATH")
            return given
        inventory = load_inventory(self.folder)
        found: dict[str, tuple[Prefix, ...]] = {}
        for host in inventory.hosts if self.site is None else select(inventory, self.site):
            for group, prefixes in host.bindings.items():
                if found.setdefault(group, prefixes) != prefixes and group not in given:
                    raise UsageError(
                        f"hosts bind the address group {group} differently, {host.name} among them",
                        hint="name the site of the capture: --site branch (a group, hosts or a "
                        f"pattern), or give --address {group}=PREFIX",
                    )
        return {**found, **given}


def _prefixes_of(texts: Sequence[str]) -> tuple[Prefix, ...]:
    """Return the prefixes of `--client` or `--sources`.

    Raises:
        UsageError: another form.
    """
    return tuple(prefix_of(part) for text in texts for part in text.split(","))


def window_of(first: str | None, until: str | None) -> Window:
    """Return the window of `--from` and `--until`.

    Raises:
        UsageError: another form, or it ends before it begins.
    """
    start, end = _when("--from", first), _when("--until", until)
    return Window(
        first=start if isinstance(start, int) else 1,
        last=end if isinstance(end, int) else None,
        first_time=start if isinstance(start, Moment) else None,
        last_time=end if isinstance(end, Moment) else None,
    )


def _when(option: str, text: str | None) -> int | Moment | None:
    if text is None:
        return None
    word = text.strip()
    if _FRAME.fullmatch(word) and int(word) > 0:
        return int(word)
    seconds = _SECONDS.fullmatch(word)
    if seconds is not None:
        whole, _, part = seconds[1].partition(".")
        return Moment(int(whole) * _NANOSECONDS + int(part.ljust(9, "0")), relative=True)
    try:
        time = datetime.fromisoformat(word)
    except ValueError:
        raise UsageError(
            f"{option} {text!r} is no frame and no time",
            hint="write 1200 (a frame), 12.5s (since the first) or 2024-05-01T12:00:00 (UTC)",
        ) from None
    since = (time if time.tzinfo else time.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    whole_s = since.days * 86400 + since.seconds
    return Moment(whole_s * _NANOSECONDS + since.microseconds * 1000)


@dataclass(frozen=True, slots=True)
class Device:
    """The options that name a device and a capture before it, as they were given."""

    config: str | None = None
    platform: str | None = None
    enters: str | None = None
    leaves: str | None = None
    policy: str | None = None
    before: str | None = None
    sources: tuple[str, ...] = ()

    def read(self, captures: Captures, clients: Sequence[Prefix]) -> Against | None:
        """Return the device that packets are held against, None where none is given.

        Args:
            clients: where packets come from if no sources are given.

        Raises:
            UsageError: options without `--against`, no platform, no such interface, or one file
                for two purposes.
            DriverError, ParseError: the configuration cannot be read.
            CaptureError: the capture before the device is damaged.
        """
        if self.config is None:
            if self != Device():
                raise UsageError(
                    "--platform, --in, --out, --policy, --before and --sources speak of a device",
                    hint="add --against CONFIG, the device's configuration",
                )
            return None
        if self.platform is None:
            raise no_platform(self.config)
        piped = [self.config, self.before, *captures.files]
        if piped.count(PIPE) > 1:
            raise UsageError("stdin can be read once", hint="give the others as files")
        if self.before in captures.files:
            raise UsageError(
                f"{self.before} is before the device and behind it",
                hint="give two captures of the same minutes",
            )
        device, _ = read_device(self.config, self.platform)
        passage = passage_of(device, self.enters, self.leaves, self.policy)
        for text in device.notes:
            note(text)
        sources = _prefixes_of(self.sources) or clients
        before = None
        if self.before is not None:
            with progress("reading what came before") as advance:
                window = captures.window.of_others
                before = packets_before(self.before, window, sources, advance)
        return Against.of(self.config, passage, before, sources)
