"""Texts with their platforms, and pairs of names, as several commands take them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from translator.audit.semdiff.ways import Text
from translator.cli.output import note
from translator.cli.textfile import read_device, read_device_text
from translator.drivers.registry import driver, driver_names, drivers
from translator.errors import UsageError
from translator.intents.device import DeviceQos

__all__ = ["no_platform", "pairs_of", "read_as", "read_text"]

_AUTO: Final = "auto"


def read_text(file: str, platform: str | None) -> tuple[Text, str]:
    """Return what a text of a platform means, and the text itself.

    Raises:
        UsageError: no platform is given, or the file cannot be read.
        ParseError: the platform is to be found in the text, and is not.
        DriverError: there is no driver for the platform.
    """
    if platform is None:
        raise no_platform(file)
    device, text = read_as(file, platform)
    if device.unread:
        note(f"{file}: {len(device.unread)} lines are not understood (inspect lists them)")
    return Text(device, driver(device.platform).capabilities), text


def read_as(file: str, platform: str) -> tuple[DeviceQos, str]:
    """Return what is understood of a text of a platform, or of that which `auto` finds in it.

    Raises:
        UsageError, ParseError, DriverError: as `read_text`.
    """
    if platform != _AUTO:
        return read_device(file, platform)
    from translator.drivers.detect import detect

    text = read_device_text(file, *drivers())
    seen = detect(text, file=file)
    note(f"{file}: platform {seen.driver}: {seen.reason}")
    return driver(seen.driver).parse(text, file=file), text


def no_platform(what: str) -> UsageError:
    """Return the error for a text whose platform nobody names."""
    return UsageError(
        f"the platform of {what} is not given",
        hint="use --platform NAME, or auto; known: " + ", ".join(driver_names()),
    )


def pairs_of(texts: Iterable[str] | None, option: str, example: str) -> dict[str, str]:
    """Return the pairs of `LEFT=RIGHT`, each left name once.

    Raises:
        UsageError: another form, or a name twice on one side.
    """
    found: dict[str, str] = {}
    for text in texts or ():
        left, equals, right = (part.strip() for part in text.partition("="))
        if not (left and equals and right):
            raise UsageError(f"{text!r} is no pair of names", hint=f"write {option} {example}")
        if left in found or right in found.values():
            raise UsageError(
                f"{option} {text}: one of the names is given twice", hint="pair each name once"
            )
        found[left] = right
    return found
