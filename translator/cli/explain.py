"""`explain`: what a device, or several along a path, do with one packet, and which lines decide."""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.options import Format, OneFormat, OnePolicy

__all__ = ["run"]


_Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...",
        help="Configuration text; - reads stdin. On a path NAME=FILE, or NAME.conf.",
    ),
]
_Packet = Annotated[
    str,
    typer.Option(
        "--packet",
        metavar="TEXT",
        help="Such as 'udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0'; IPv6 in [].",
    ),
]
_Platforms = Annotated[
    list[str] | None,
    typer.Option(
        "--platform",
        metavar="NAME",
        help="Platform, as auto or our name or Netmiko's, NAPALM's or Ansible's; "
        "of one device on a path DEVICE=NAME, repeatable.",
        show_default=False,
    ),
]
_Path = Annotated[
    str | None,
    typer.Option(
        "--path",
        metavar="TEXT",
        help="Devices in order: 'sw1:Gi1/0/1>Gi1/1/1 rtr:Gi0/0>Gi0/1'.",
    ),
]
_Enters = Annotated[
    str | None, typer.Option("--in", metavar="IF", help="Interface where the packet enters.")
]
_Leaves = Annotated[
    str | None, typer.Option("--out", metavar="IF", help="Interface where the packet leaves.")
]


def run(
    *,
    files: _Files,
    packet: _Packet,
    platform: _Platforms = None,
    path: _Path = None,
    enters: _Enters = None,
    leaves: _Leaves = None,
    policy: OnePolicy = None,
    output: OneFormat = Format.TEXT,
) -> int:
    """Follow one packet through a text, or through the texts of several devices.

    Its code point, class and service, whether it is dropped, and the lines that decide. What
    hangs on a line that was not understood is unknown, and so is what follows from it.

    \b
    Examples:
      qos-translator explain --platform cisco_ios running.conf --in Gi0/1 --out Gi0/0 \\
        --packet 'udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0'
      qos-translator explain --platform cisco_ios snippet.conf --policy VOICE \\
        --packet 'tcp [2001:db8::1]:20001 > [2001:db8::2]:5061 dscp ef'
      qos-translator explain sw1.conf rtr.conf --platform sw1=cisco_catalyst \\
        --platform rtr=cisco_ios --path 'sw1:Gi1/0/1>Gi1/1/1 rtr:Gi0/0>Gi0/1' \\
        --packet 'udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0'
    """
    from translator.cli.explain_input import read_one, read_several
    from translator.cli.explain_path_view import path_json, show_path
    from translator.cli.explain_view import explain_json, show_explanation
    from translator.cli.output import emit_json
    from translator.errors import UsageError
    from translator.verify.explain import explain
    from translator.verify.packet import Packet
    from translator.verify.path import follow, read_path

    sent = Packet.of(packet)
    if path is None:
        device, text = read_one(files, platform)
        found = explain(device, sent, in_interface=enters, out_interface=leaves, policy=policy)
        if output is Format.JSON:
            emit_json(explain_json(found))
        else:
            show_explanation(found, text)
        return 0
    if enters or leaves or policy:
        raise UsageError(
            "--path says itself where the packet enters and leaves",
            hint="leave --in, --out and --policy out",
        )
    hops, texts = read_several(files, platform, read_path(path))
    way = follow(hops, sent)
    if output is Format.JSON:
        emit_json(path_json(way))
    else:
        show_path(way, texts)
    return 0
