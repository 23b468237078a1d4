"""`rollback`: take back what a run did, host by host, as changes with all their safeguards."""

from __future__ import annotations

from translator.cli.connection_options import Logins
from translator.cli.option_groups import grouped
from translator.cli.options import Folder, Limit
from translator.cli.push_options import Rolling, RunName

__all__ = ["run"]


@grouped
def run(
    *,
    name: RunName,
    folder: Folder = None,
    limit: Limit = None,
    rolling: Rolling,
    logins: Logins,
) -> int:
    """Bring devices back to what they were before a run, byte for byte.

    A device that was changed since is refused: there is no way back that is known. Without
    --commit the lines are printed that would be sent, and no device is reached; exit code 1.
    With it the same holds as for `push`: canaries, batches, exit codes.

    \b
    Examples:
      qos-translator rollback 20261129-101010-abcdef
      qos-translator rollback 20261129-101010-abcdef --limit branch --commit
    """
    from translator.cli.push_input import Call
    from translator.cli.rollback_run import taken_back

    call = Call.of(rolling, logins, commit=rolling.commit)
    pace = rolling.pace(logins.forks)
    return taken_back(call, name, folder, limit, pace, any_hostname=rolling.any_hostname)
