"""`inspect`: what was understood of a device's text, and what was not."""

from __future__ import annotations

from translator.cli.options import DeviceFile, Format, OneFormat, OnePlatform

__all__ = ["run"]


def run(file: DeviceFile, platform: OnePlatform, output: OneFormat = Format.TEXT) -> int:
    """Show what is understood of a text, and each line that is not.

    \b
    Examples:
      qos-translator inspect --platform cisco_ios running.conf
      ssh router show running-config | qos-translator inspect --platform cisco_ios -
    """
    from translator.cli.inspect_view import inspect_json, show_device
    from translator.cli.output import emit_json
    from translator.cli.textfile import read_device

    device, _ = read_device(file, platform)
    if output is Format.JSON:
        emit_json(inspect_json(device))
    else:
        show_device(device)
    return 0
