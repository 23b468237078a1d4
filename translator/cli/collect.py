"""`collect`: running configurations of devices into a folder, whole or not at all."""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.connection_options import Logins
from translator.cli.option_groups import grouped
from translator.cli.options import Format, InventoryPath, Limit, OneFormat

__all__ = ["run"]


@grouped
def run(
    *,
    path: InventoryPath,
    folder: Annotated[
        str, typer.Option("-o", "--output", metavar="DIR", help="Folder for HOST.conf of each.")
    ],
    limit: Limit = None,
    redact: Annotated[
        bool, typer.Option("--redact", help="Write the configurations without their secrets.")
    ] = False,
    logins: Logins,
    output: OneFormat = Format.TEXT,
) -> int:
    """Save the running configuration of each host as DIR/HOST.conf, readable by you alone.

    A configuration that cannot be read to its end is an error of that host, and its file stays as
    it was. The exit code is 0 when all were saved, 4 when all that failed could not be reached or
    logged in to, 5 when all that failed do not allow this user to read it, else 3.

    \b
    Examples:
      qos-translator collect -i inventories/example -o running-configs
      qos-translator collect -i hosts.ini --limit branch -o shared --redact
    """
    from translator.cli.collect_view import collect_json, show_collect
    from translator.cli.folder import refuse_stdout
    from translator.cli.live_input import hosts_of
    from translator.cli.output import emit_json
    from translator.cli.progress import progress
    from translator.push.live.collect import collect
    from translator.push.live.folder import make_folder
    from translator.push.live.many import exit_code_of

    refuse_stdout(folder, "name a folder for the files")
    hosts = logins.over(hosts_of(path, limit))
    with logins.connected(hosts) as known, progress("reading configurations") as advance:
        found = collect(
            hosts,
            known.opener,
            make_folder(folder),
            known.redactor,
            masked=redact,
            forks=logins.forks,
            advance=advance,
        )
    if output is Format.JSON:
        emit_json(collect_json(found))
    else:
        show_collect(found, folder)
    return exit_code_of(item.error for item in found if item.error is not None)
