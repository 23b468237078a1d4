"""`inspect`: what was understood of a device's text, and what was not."""

from __future__ import annotations

from translator.cli.options import DeviceFile, Format, OneFormat, OnePlatform

__all__ = ["run"]


def run(file: DeviceFile, platform: OnePlatform, output: OneFormat = Format.TEXT) -> int:
    """Show what is understood of a text, and each line that is not."""
    from translator.cli.inspect_view import inspect_json, show_device
    from translator.cli.output import emit_json, note
    from translator.cli.textfile import read_device_text
    from translator.drivers.registry import driver

    chosen = driver(platform)
    if chosen.platform != platform:
        note(f"platform {platform}: read as {chosen.platform}")
    device = chosen.parse(read_device_text(file, chosen), file=file)
    if output is Format.JSON:
        emit_json(inspect_json(device))
    else:
        show_device(device)
    return 0
