"""`capture check`: do the packets of a capture carry what the plan, or a device, gives them?"""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.options import (
    STANDARD,
    Address,
    CaptureFormat,
    Folder,
    OnePolicy,
    PlanName,
    Platform,
)

__all__ = ["app"]

app = typer.Typer(
    help="Hold captured packets against the plan, or against a device.", rich_markup_mode=None
)


_Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE...", help="pcap or pcapng, packed with gzip or not; - is stdin."),
]
_Site = Annotated[
    str | None,
    typer.Option(
        "--site",
        metavar="PATTERN",
        help="With -i: hosts or a group whose address groups hold where it was captured.",
    ),
]
_Client = Annotated[
    list[str] | None,
    typer.Option(
        "--client",
        metavar="PREFIX",
        help="Where clients are: rows of clients hold for nobody else; repeat for more.",
        show_default=False,
    ),
]
_Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="CONFIG",
        help="Configuration of a device in front of the capture.",
    ),
]
_Before = Annotated[
    str | None,
    typer.Option(
        "--before",
        metavar="FILE",
        help="Capture of the same packets before the device; at most a million are kept.",
    ),
]
_Enters = Annotated[
    str | None, typer.Option("--in", metavar="IF", help="Where packets enter the device.")
]
_Leaves = Annotated[
    str | None, typer.Option("--out", metavar="IF", help="Where packets leave the device.")
]
_Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--sources",
        metavar="PREFIX",
        help="Where packets come from that enter by --in and leave by --out; "
        "others are not held against the device. Else those of --client, or all.",
        show_default=False,
    ),
]
_From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="WHEN",
        help="First frame: a number, 12.5s since the first, or a time (2024-05-01T12:00:00, UTC).",
    ),
]
_Until = Annotated[str | None, typer.Option("--until", metavar="WHEN", help="Last frame, alike.")]
_MaxWrong = Annotated[
    int, typer.Option("--max-wrong", metavar="N", min=0, help="Wrong packets that are no failure.")
]


@app.command("check")
def check(
    *,
    files: _Files,
    plan: PlanName = STANDARD,
    folder: Folder = None,
    site: _Site = None,
    address: Address = None,
    client: _Client = None,
    against: _Against = None,
    platform: Platform = None,
    enters: _Enters = None,
    leaves: _Leaves = None,
    policy: OnePolicy = None,
    before: _Before = None,
    sources: _Sources = None,
    first: _From = None,
    until: _Until = None,
    max_wrong: _MaxWrong = 0,
    output: Annotated[
        CaptureFormat, typer.Option("--format", help="How to print the result.")
    ] = CaptureFormat.TEXT,
) -> int:
    """Check the code points of captured packets, row by row of the plan.

    Rows that differ by program alone are one row, as on a device. The exit code is 1 if packets
    are marked wrongly or none could be checked, 2 if a file cannot be read to its end.

    \b
    Examples:
      qos-translator capture check client.pcapng --client 10.2.32.0/20
      qos-translator capture check wan.pcap.gz -i inventories/example --site branch
      tcpdump -i eth0 -c 5000 -w - | qos-translator capture check - --format json
      qos-translator capture check behind.pcap --before before.pcap \\
        --against running.conf --platform cisco_ios --in Gi0/1 --out Gi0/0
    """
    from translator.cli.capture_input import Device, Scope, window_of
    from translator.cli.capture_view import write_check

    scope = Scope(plan, folder, site, tuple(address or ()), tuple(client or ()))
    device = Device(against, platform, enters, leaves, policy, before, tuple(sources or ()))
    found = scope.check(tuple(files), window_of(first, until), device)
    write_check(found, output, max_wrong)
    return found.exit_code(max_wrong)
