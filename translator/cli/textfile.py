"""Read a device's text from a file or from stdin, and tell stderr what was assumed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from translator.audit.other_platform import looks_otherwise
from translator.cli.output import note
from translator.drivers import text
from translator.drivers.base import Driver
from translator.drivers.detect import AUTO, detect
from translator.drivers.registry import driver, drivers
from translator.errors import UsageError, Where
from translator.intents.device import DeviceQos

__all__ = ["piped_or_read", "read_device", "read_device_text", "read_for", "tell_of_pipes"]


def read_device(name: str, platform: str) -> tuple[DeviceQos, str]:
    """Return what the platform's driver understands of a file, and the file's text.

    stderr is told which driver that is, where the platform is spelled in another way or left to
    the text (`auto`), and that there is nothing about QoS in the text.

    Raises:
        DriverError: there is no driver for the platform.
        UsageError, ParseError: as `read_for`.
    """
    reader, config = read_for(name, platform)
    if platform not in (reader.platform, AUTO):
        note(f"platform {platform}: read as {reader.platform}")
    device = reader.parse(config, file=name)
    other = "" if platform == AUTO else looks_otherwise(device, config)
    if other:
        note(f"{name}: {other}")
    elif not device.qos_lines:
        note(f"{name}: no line about QoS was found; is it a text of {reader.platform}?")
    return device, config


def read_for(name: str, platform: str) -> tuple[Driver, str]:
    """Return the driver of a platform and a file's text; for `auto` the driver that it shows.

    stderr is told what the text showed.

    Raises:
        DriverError: there is no driver for the platform.
        UsageError: as `read_device_text`.
        ParseError: as `read_device_text`, or the text does not show one platform.
    """
    if platform != AUTO:
        reader = driver(platform)
        return reader, read_device_text(name, reader)
    config = read_device_text(name, *drivers())
    found = detect(config, file=name)
    note(f"{name}: platform {found.driver} ({found.reason})")
    return driver(found.driver), config


def read_device_text(name: str, *readers: Driver) -> str:
    """Return the text of a file, or of stdin for `-`, cleaned and as one of the drivers reads it.

    Raises:
        UsageError: there is no such file, or it may not be read.
        ParseError: as `translator.drivers.text.text_of`.
    """
    return text.text_of(piped_or_read(name), *readers, file=name)


def tell_of_pipes(names: Iterable[str]) -> None:
    """Tell stderr which of the files are pipes in a folder, which are waited for.

    Those of a shell, `<(ssh r1 show run)`, have somebody who writes already.
    """
    for name in names:
        try:
            waits = Path(name).is_fifo() and not os.path.realpath(name).startswith("/proc/")
        except (OSError, ValueError):
            continue  # whoever reads it says what is wrong
        if waits:
            note(f"{name} is a pipe: waiting for what is written into it")


def piped_or_read(name: str) -> bytes:
    """Return the bytes of a file, or of stdin for `-`.

    Raises:
        UsageError: there is no such file, or it may not be read.
    """
    if name != "-":
        tell_of_pipes((name,))
        return text.read_bytes(name)
    if sys.stdin is None:
        raise UsageError("stdin is closed", hint="name a file instead of -")
    try:
        return sys.stdin.buffer.read(text.MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}",
            where=Where(name),
            hint="give the text that the device prints",
        ) from None
