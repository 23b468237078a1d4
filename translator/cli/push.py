"""`push`: bring devices to the plan, proven before and after; without --commit only a look."""

from __future__ import annotations

from typing import Annotated

import typer

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
from translator.cli.options import STANDARD, Address, Folder, Limit, PlanName
from translator.cli.push_options import (
    AnyHostname,
    BatchSize,
    Canary,
    Commit,
    ConfirmTimeout,
    JournalFile,
    MaxFailures,
    RunFormat,
    RunFormatOption,
    Verbose,
    Yes,
)

__all__ = ["run"]

_Saved = Annotated[
    str | None,
    typer.Argument(metavar="FILE", help="A saved plan: apply exactly that.", show_default=False),
]
_SavePlan = Annotated[
    str | None,
    typer.Option(
        "--save-plan",
        metavar="FILE",
        help="Write what is shown, to be applied later with `push FILE`.",
        show_default=False,
    ),
]
_Resume = Annotated[
    str | None,
    typer.Option(
        "--resume", metavar="RUN", help="Go on with a run that did not end.", show_default=False
    ),
]
_RetryFailed = Annotated[
    bool, typer.Option("--retry-failed", help="With --resume: try hosts again that failed.")
]


def run(
    *,
    saved: _Saved = None,
    folder: Folder = None,
    limit: Limit = None,
    plan: PlanName = STANDARD,
    address: Address = None,
    commit: Commit = False,
    yes: Yes = False,
    save_plan: _SavePlan = None,
    canary: Canary = 1,
    batch: BatchSize = "10%",
    max_failures: MaxFailures = 1,
    forks: Forks = 20,
    confirm_timeout: ConfirmTimeout = "5m",
    any_hostname: AnyHostname = False,
    resume: _Resume = None,
    retry_failed: _RetryFailed = False,
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
    """Bring devices to the plan; each ends as before, or proven to do what is wanted.

    Without --commit every device is only read: what would be sent, which traffic it changes, what
    takes it back; the exit code is 1 if a device needs a change. With --commit the first host is
    changed alone, then the others in batches. Credentials come from NET_USERNAME, NET_PASSWORD,
    NET_SECRET and NET_SSH_KEY. Of several exit codes the worst counts: 6 state unknown, 130
    interrupted, 7 reverted, 5 refused, 3 failed, 4 unreachable or login refused, 1.

    \b
    Examples:
      qos-translator push -i inventories/example --limit branch
      qos-translator push -i inventories/example --save-plan monday.json
      qos-translator push monday.json --commit --yes --max-failures 5
      qos-translator push --resume 20261129-101010-abcdef
    """
    from translator.cli.connection_options import Logins
    from translator.cli.push_input import Call, asked_of, asked_of_saved, check_together
    from translator.cli.push_run import applied, looked, resumed
    from translator.push.pace import Batch, Pace

    check_together(saved=saved, folder=folder, resume=resume, save_plan=save_plan)
    logins = Logins(host_key, known_hosts, username, ask_pass, password_command, timeout)
    acts = commit or resume is not None
    call = Call(logins, journal, acts, yes, output is RunFormat.JSON, verbose)
    pace = Pace(canary, Batch.of(batch), max_failures, forks)
    if resume is not None:
        return resumed(call, resume, folder, failed_too=retry_failed)
    if saved is not None:
        return applied(call, *asked_of_saved(saved, folder, limit, pace))
    asked = asked_of(
        folder,
        plan,
        limit=limit,
        addresses=address,
        confirm_timeout=confirm_timeout,
        pace=pace,
        any_hostname=any_hostname,
    )
    return looked(call, asked, save_plan)
