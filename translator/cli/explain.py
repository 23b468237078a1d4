"""`explain`: what a device does with one packet, and which lines decide."""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.options import DeviceFile, Format, OneFormat, OnePlatform

__all__ = ["run"]


def run(
    *,
    file: DeviceFile,
    platform: OnePlatform,
    packet: Annotated[
        str,
        typer.Option(
            "--packet",
            metavar="TEXT",
            help="Such as 'udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0'; IPv6 in [].",
        ),
    ],
    enters: Annotated[
        str | None, typer.Option("--in", metavar="IF", help="Interface where the packet enters.")
    ] = None,
    leaves: Annotated[
        str | None, typer.Option("--out", metavar="IF", help="Interface where the packet leaves.")
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option("--policy", metavar="NAME", help="One policy of a text without interfaces."),
    ] = None,
    output: OneFormat = Format.TEXT,
) -> int:
    """Follow one packet through a text.

    Its code point, class and service, whether it is dropped, and the lines that decide. What
    hangs on a line that was not understood is unknown.

    \b
    Examples:
      qos-translator explain --platform cisco_ios running.conf --in Gi0/1 --out Gi0/0 \\
        --packet 'udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0'
      qos-translator explain --platform cisco_ios snippet.conf --policy VOICE \\
        --packet 'tcp [2001:db8::1]:20001 > [2001:db8::2]:5061 dscp ef'
    """
    from translator.cli.explain_view import explain_json, show_explanation
    from translator.cli.output import emit_json
    from translator.cli.textfile import read_device
    from translator.verify.explain import explain
    from translator.verify.packet import Packet

    sent = Packet.of(packet)
    device, text = read_device(file, platform)
    found = explain(device, sent, in_interface=enters, out_interface=leaves, policy=policy)
    if output is Format.JSON:
        emit_json(explain_json(found))
    else:
        show_explanation(found, text)
    return 0
