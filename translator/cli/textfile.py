"""Read a device's text: any encoding that devices and editors leave behind, within a limit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from translator.cli.output import note
from translator.drivers.base import Driver, ReadsBackups
from translator.drivers.registry import driver
from translator.errors import ParseError, UsageError, Where
from translator.intents.device import DeviceQos

__all__ = ["MAX_BYTES", "read_device", "read_device_text"]

MAX_BYTES: Final = 64 * 1024 * 1024


def read_device(name: str, platform: str) -> tuple[DeviceQos, str]:
    """Return what the platform's driver understands of a file, and the file's text.

    stderr is told which driver that is, where the platform is spelled in another way, and that
    there is nothing about QoS in the text.

    Raises:
        DriverError: there is no driver for the platform.
        UsageError, ParseError: as `read_device_text`.
    """
    reader = driver(platform)
    if reader.platform != platform:
        note(f"platform {platform}: read as {reader.platform}")
    text = read_device_text(name, reader)
    device = reader.parse(text, file=name)
    if not device.qos_lines:
        note(f"{name}: no line about QoS was found; is it a text of {reader.platform}?")
    return device, text


def read_device_text(name: str, reader: Driver) -> str:
    """Return the text of a file, or of stdin for `-`, as the platform's driver reads it.

    UTF-8 with or without a byte order mark, UTF-16 with one; anything else is taken as Latin-1,
    in which every byte is a character, so that an odd description never hides a policy.

    Raises:
        UsageError: there is no such file, or it may not be read.
        ParseError: empty, larger than 64 MiB, or binary (holds a NUL) and no backup of the
            platform.
    """
    data = _bytes(name)
    if len(data) > MAX_BYTES:
        raise ParseError(
            f"more than {MAX_BYTES} bytes",
            where=Where(name),
            hint="give the configuration of one device",
        )
    text = (reader.decode(data) if isinstance(reader, ReadsBackups) else None) or _decoded(data)
    if not text.strip():
        raise ParseError("is empty", where=Where(name), hint="give the text that the device prints")
    if "\0" in text:
        raise ParseError(
            "is binary, not a configuration text",
            where=Where(name, text.count("\n", 0, text.index("\0")) + 1),
            hint="export the running configuration as text",
        )
    return text


def _bytes(name: str) -> bytes:
    try:
        if name == "-":
            if sys.stdin is None:
                raise UsageError("stdin is closed", hint="name a file instead of -")
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}",
            where=Where(name),
            hint="name a file with the text that the device prints",
        ) from None
    except ValueError:
        raise UsageError(
            f"{name!r} is no file name", hint="a file name holds no NUL character"
        ) from None


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
