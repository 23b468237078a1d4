"""`counters`: does QoS work on the live device, by what it counted before and after?"""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.connection_options import Live, Logins
from translator.cli.option_groups import grouped
from translator.cli.options import (
    STANDARD,
    Address,
    Folder,
    Format,
    Interface,
    Limit,
    OneFormat,
    PlanName,
    Platform,
)

__all__ = ["run"]

_Before = Annotated[
    str | None,
    typer.Argument(
        metavar="BEFORE",
        help="Saved output of commands that show counters: a file or folder. None with --live.",
        show_default=False,
    ),
]
_After = Annotated[
    str | None,
    typer.Argument(metavar="AFTER", help="The same, taken later.", show_default=False),
]
_Config = Annotated[
    str | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The device's configuration: tells which traffic each counted class serves.",
        show_default=False,
    ),
]
_Seconds = Annotated[
    float | None,
    typer.Option(
        "--seconds",
        metavar="N",
        help="Time between the two, if no clock is in them.",
        show_default=False,
    ),
]
_Interval = Annotated[
    str,
    typer.Option("--interval", metavar="TIME", help="With --live: between before and after."),
]


@grouped
def run(
    *,
    before: _Before = None,
    after: _After = None,
    platform: Platform = None,
    config: _Config = None,
    plan: PlanName = STANDARD,
    interface: Interface = None,
    address: Address = None,
    seconds: _Seconds = None,
    output: OneFormat = Format.TEXT,
    live: Live = False,
    path: Folder = None,
    limit: Limit = None,
    interval: _Interval = "60s",
    logins: Logins,
) -> int:
    """Hold what a device counted against the plan: idle classes, lost voice, EF in best effort.

    With one text everything since the counters began counts, with two what came between them.
    With --config classes are told apart by what the configuration does; without it by the code
    points that the output names. With --live both are read from devices, and the configuration
    too. The exit code is 0 without findings, 1 with, 3 when some devices could not be read.

    \b
    Examples:
      qos-translator counters --platform cisco_ios before.txt after.txt
      qos-translator counters --platform linux --config apply.sh --interface lan=client \\
        --interface wan=wan:10M before/ after/
      qos-translator counters --live -i inventories/example --limit branch --interval 5m
    """
    from translator.cli.counters_input import Texts, examine_texts
    from translator.cli.counters_live import Devices, examine_devices

    texts = Texts(before, after, platform, config, tuple(interface or ()), seconds)
    if not live:
        return examine_texts(texts, plan, address, path or limit, output)
    devices = Devices(path, limit, interval, logins)
    return examine_devices(devices, texts, plan, address, output)
