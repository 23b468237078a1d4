"""Which device answers, and of which product line it is.

Source: Junos operational command reference, "show version", "show chassis hardware".
"""

from __future__ import annotations

import re
from typing import Final

from translator.drivers.change import Identity, Procedure, Work
from translator.drivers.juniper_junos.typed import need

__all__ = ["identified"]

_FIELD: Final = re.compile(r"(?m)^(Hostname|Model|Junos): (\S+)")
# Before Junos 13 or so: `JUNOS Software Release [12.1X46-D10.2]`, or one such line per package.
_OLD_VERSION: Final = re.compile(r"(?m)^JUNOS .{1,80}\[(\S{1,60})\]")


def identified(work: Work, models: re.Pattern[str]) -> Procedure[Identity]:
    """Tell which device this is.

    Args:
        models: matches the beginning of the models of the product line, in small letters.
    """
    told = yield from need(work, "show version | no-more", optional=True)
    version = told.text
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(version):
        fields.setdefault(name, value)  # of several routing engines or members the first
    old = _OLD_VERSION.search(version)
    release = fields.get("Junos") or (old[1] if old else "")
    model = fields.get("Model", "")
    chassis = "show chassis hardware | no-more"
    hardware = (yield from need(work, chassis, optional=True, after=told)).text
    return Identity(
        fields.get("Hostname", ""),
        _serial(hardware),
        f"{model or 'no model'} with Junos {release or 'of no version'}",
        right_platform=bool(release) and models.match(model.lower()) is not None,
    )


def _serial(text: str) -> str:
    """Return what stands in the row of the chassis below the heading of serial numbers."""
    head = next((line for line in text.splitlines() if "Serial number" in line), "")
    row = next((line for line in text.splitlines() if line.startswith("Chassis ")), "")
    start, end = head.find("Serial number"), head.find("Description")
    return row[start:end].strip() if 0 <= start < end else ""
