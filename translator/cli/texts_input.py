"""Texts with their platforms, and pairs of names, as several commands take them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from translator.audit.semdiff.ways import Text
from translator.cli.counted import counted
from translator.cli.output import note
from translator.cli.textfile import read_device
from translator.drivers.registry import driver, driver_names
from translator.errors import UsageError
from translator.verify.names import spelled_out

__all__ = ["no_platform", "pairs_of", "read_text", "warn_of_strange_pairs", "warn_of_strangers"]


def read_text(file: str, platform: str | None) -> tuple[Text, str]:
    """Return what a text of a platform means, and the text itself.

    Raises:
        UsageError: no platform is given, or the file cannot be read.
        ParseError: the platform is to be found in the text, and is not.
        DriverError: there is no driver for the platform.
    """
    if platform is None:
        raise no_platform(file)
    device, text = read_device(file, platform)
    if device.unread:
        what = counted(len(device.unread), "line is", "lines are")
        note(f"{file}: {what} not understood (inspect lists them)")
    return Text(device, driver(device.platform).capabilities), text


def warn_of_strangers(texts: Sequence[Text], names: Iterable[str | None]) -> None:
    """Tell stderr which interfaces are asked about though neither text has QoS for them."""
    for name in names:
        if name and not any(spelled_out(text.device, name) in text.names for text in texts):
            known = ", ".join(dict.fromkeys(own for text in texts for own in text.names))
            note(
                f"neither text has QoS for interface {name} (they have for {known or 'none'}): "
                "the platform's default is compared"
            )


def warn_of_strange_pairs(a: Text, b: Text, mapping: Mapping[str, str]) -> None:
    """Tell stderr which pairs of interfaces say nothing: neither text has QoS for its name."""
    for left, right in mapping.items():
        if (
            spelled_out(a.device, left) not in a.names
            and spelled_out(b.device, right) not in b.names
        ):
            note(
                f"--map {left}={right}: neither text has QoS for its interface (A has for "
                f"{', '.join(a.names) or 'none'}; B for {', '.join(b.names) or 'none'})"
            )


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
