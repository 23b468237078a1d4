"""`rollback`: take back what a run did, host by host, as changes with all their safeguards."""

from __future__ import annotations

from translator.cli.connection_options import (
    AskPass,
    Forks,
    HostKey,
    HostKeyOption,
    KnownHosts,
    PasswordCommand,
    Timeout,
    Username,
)
from translator.cli.options import Folder, Limit
from translator.cli.push_options import (
    AnyHostname,
    BatchSize,
    Canary,
    Commit,
    JournalFile,
    MaxFailures,
    RunFormat,
    RunFormatOption,
    RunName,
    Verbose,
    Yes,
)

__all__ = ["run"]


def run(
    *,
    name: RunName,
    folder: Folder = None,
    limit: Limit = None,
    commit: Commit = False,
    yes: Yes = False,
    canary: Canary = 1,
    batch: BatchSize = "10%",
    max_failures: MaxFailures = 1,
    forks: Forks = 20,
    any_hostname: AnyHostname = False,
    host_key: HostKeyOption = HostKey.STRICT,
    known_hosts: KnownHosts = None,
    username: Username = None,
    ask_pass: AskPass = False,
    password_command: PasswordCommand = None,
    timeout: Timeout = None,
    journal: JournalFile = None,
    output: RunFormatOption = RunFormat.TEXT,
    verbose: Verbose = 0,
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
    from translator.cli.connection_options import Logins
    from translator.cli.push_input import Call
    from translator.cli.rollback_run import taken_back
    from translator.push.pace import Batch, Pace

    logins = Logins(host_key, known_hosts, username, ask_pass, password_command, timeout)
    call = Call(logins, journal, commit, yes, output is RunFormat.JSON, verbose)
    pace = Pace(canary, Batch.of(batch), max_failures, forks)
    return taken_back(call, name, folder, limit, pace, any_hostname=any_hostname)
