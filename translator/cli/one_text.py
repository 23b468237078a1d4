"""The one host that a command holds one text against, and that text."""

from __future__ import annotations

from dataclasses import replace

from translator.cli.textfile import read_device_text, read_for
from translator.drivers.detect import AUTO
from translator.drivers.registry import driver
from translator.inventory.targets import Chosen, Target

__all__ = ["host_and_text"]


def host_and_text(file: str, target: Target) -> tuple[Chosen, str]:
    """Return the host, which is the only one chosen, and its text as its driver reads it.

    For the platform `auto` the text shows which driver that is, and stderr is told.

    Raises:
        UsageError, InventoryError, DriverError: as `Target.choose` and `Chosen.only`.
        UsageError, ParseError: as `read_for`.
    """
    text = None
    if target.platform == AUTO and target.folder is None:
        reader, text = read_for(file, AUTO)
        target = replace(target, platform=reader.platform)
    chosen = target.choose()
    if text is None:
        text = read_device_text(file, driver(chosen.only.driver))
    return chosen, text
