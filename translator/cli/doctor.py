"""`doctor`: could these devices be changed, and if not, what is to be done about it?"""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.connection_options import StrictLogins
from translator.cli.option_groups import grouped
from translator.cli.options import Format, InventoryPath, Limit, OneFormat

__all__ = ["run"]


@grouped
def run(
    *,
    path: InventoryPath,
    limit: Limit = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show all checks of all hosts, not only what is wrong.")
    ] = False,
    logins: StrictLogins,
    output: OneFormat = Format.TEXT,
) -> int:
    """Look at each host for what would stop a change; changes nothing.

    The exit code is 0 when all is well, 4 when what is wrong is the way or the login, 5 when it is
    something on the device, 3 when it is both.

    \b
    Examples:
      qos-translator doctor -i inventories/example
      qos-translator doctor -i hosts.ini --limit branch --format json
    """
    from translator.cli.doctor_view import doctor_json, show_doctor
    from translator.cli.live_input import hosts_of
    from translator.cli.output import emit_json
    from translator.cli.progress import progress
    from translator.push.live.doctor import examine_hosts
    from translator.push.live.many import exit_code_of

    hosts = logins.over(hosts_of(path, limit))
    with logins.connected(hosts) as known, progress("looking at devices") as advance:
        found = examine_hosts(hosts, known, forks=logins.forks, advance=advance)
    if output is Format.JSON:
        emit_json(doctor_json(found))
    else:
        show_doctor(found, everything=everything or len(found) == 1)
    return exit_code_of(item.exit_code for item in found if item.exit_code)
