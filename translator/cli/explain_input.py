"""The texts that `explain` reads: one, or one for each device of a path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath

from translator.cli.output import note
from translator.cli.textfile import read_device
from translator.cli.texts_input import no_platform
from translator.errors import UsageError
from translator.intents.device import DeviceQos
from translator.verify.path import Hop, Stop

__all__ = ["read_one", "read_several"]


def read_one(files: Sequence[str], platforms: Iterable[str] | None) -> tuple[DeviceQos, str]:
    """Return what is understood of one text, and the text.

    Raises:
        UsageError: several files or platforms, or none; the file cannot be read.
    """
    named = list(platforms or ())
    if len(files) != 1 or len(named) > 1 or any("=" in item for item in named):
        raise UsageError(
            "one text of one platform is explained at a time",
            hint="several devices in a row: --path 'sw1:Gi1/0/1>Gi1/1/1 rtr:Gi0/0>Gi0/1'",
        )
    if not named:
        raise no_platform(files[0])
    return read_device(files[0], named[0])


def read_several(
    files: Iterable[str], platforms: Iterable[str] | None, path: Sequence[Stop]
) -> tuple[tuple[Hop, ...], dict[str, str]]:
    """Return the hops of a path with their devices, and each device's text.

    Raises:
        UsageError: a device of the path has no text or platform, or two; a file cannot be read.
    """
    by_device = _files(files)
    general, special = _platforms(platforms or ())
    known: dict[str, tuple[DeviceQos, str]] = {}
    for stop in path:
        if stop.device in known:
            continue
        file = by_device.get(stop.device)
        if file is None:
            raise UsageError(
                f"no file is given for device {stop.device}",
                hint=f"add {stop.device}=FILE or {stop.device}.conf; given for: "
                + (", ".join(by_device) or "none"),
            )
        platform = special.get(stop.device, general)
        if platform is None:
            raise no_platform(f"device {stop.device}")
        known[stop.device] = read_device(file, platform)
    _check_devices(special, by_device, known)
    hops = tuple(Hop(stop, known[stop.device][0]) for stop in path)
    return hops, {name: text for name, (_, text) in known.items()}


def _files(files: Iterable[str]) -> dict[str, str]:
    """Return the files by device: NAME=FILE, else the file's name without its ending."""
    found: dict[str, str] = {}
    for item in files:
        name, equals, file = item.partition("=")
        if not equals or "/" in name:
            name, file = PurePath(item).stem, item
        if name in found:
            raise UsageError(
                f"device {name} has two files: {found[name]} and {file}",
                hint="name them: sw1=FILE sw2=FILE",
            )
        found[name] = file
    return found


def _platforms(texts: Iterable[str]) -> tuple[str | None, dict[str, str]]:
    """Return the platform of all devices, if one is given, and those of single ones."""
    general: str | None = None
    special: dict[str, str] = {}
    for item in texts:
        name, equals, platform = item.partition("=")
        if equals:
            if not name or not platform or name in special:
                raise UsageError(
                    f"--platform {item} is no platform of one device",
                    hint="write --platform sw1=cisco_catalyst, once per device",
                )
            special[name] = platform
        elif general is not None and general != item:
            raise UsageError(
                f"two platforms for all devices: {general} and {item}",
                hint="write --platform DEVICE=NAME",
            )
        else:
            general = item
    return general, special


def _check_devices(
    special: Mapping[str, str], files: Mapping[str, str], used: Mapping[str, object]
) -> None:
    for name in special:
        if name not in used:
            raise UsageError(
                f"--platform names device {name}, which is not on the path",
                hint=f"on the path: {', '.join(used)}",
            )
    unused = [file for name, file in files.items() if name not in used]
    if unused:
        note(f"not on the path, and not read: {', '.join(unused)}")
