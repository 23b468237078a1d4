"""From the options of `push` and `rollback` to what is asked for."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from translator.cli.connection_options import Logins
from translator.cli.folder import refuse_inputs, refuse_stdout
from translator.cli.output import note
from translator.cli.push_options import Rolling, RunFormat
from translator.errors import UsageError
from translator.push.asked import Asked, Scope, lasting_name
from translator.push.brake import Brake
from translator.push.campaign import Campaign
from translator.push.host_work import HostWork
from translator.push.journal import Journal
from translator.push.member import Member
from translator.push.pace import Pace
from translator.push.saved_plan import SavedPlan, load_saved

__all__ = ["Call", "asked_of", "asked_of_saved", "check_together", "seconds_of"]

_TIME: Final = re.compile(r"([1-9][0-9]{0,5})(s|m|h|)")
_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600}
_LONGEST_S: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Call:
    """How a command was called: what does not decide what is done, but how."""

    logins: Logins
    journal: str | None
    commit: bool
    yes: bool
    json: bool

    @classmethod
    def of(cls, rolling: Rolling, logins: Logins, *, commit: bool) -> Call:
        """Return the call of a command with these options.

        Raises:
            UsageError: devices are to be changed, and nobody can be asked.
        """
        json = rolling.output is RunFormat.JSON
        return cls(logins, rolling.journal, commit, rolling.yes, json)

    def __post_init__(self) -> None:
        if self.commit and not self.yes and not self.may_ask:
            raise UsageError(
                "there is no terminal to ask whether devices are to be changed",
                hint="add --yes, or leave --commit out to look only",
            )

    @property
    def may_ask(self) -> bool:
        """Whether a person sits at a terminal."""
        return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def journal_path(self) -> Path | None:
        """The file of the journal; None: our own."""
        return Path(self.journal).expanduser() if self.journal else None

    @contextmanager
    def campaign(self, asked: Asked, scope: Scope) -> Iterator[tuple[Campaign, Journal]]:
        """Give what changes or looks at these hosts, and the journal; nothing is logged openly."""
        with ExitStack() as stack:
            spoken = self.logins.over(scope.hosts)
            connections = stack.enter_context(self.logins.connected(spoken))
            redact = connections.redactor
            journal = stack.enter_context(Journal(self.journal_path, redact))
            work = HostWork(
                connections.opener,
                scope.intents,
                journal if self.commit else None,
                Brake(),
                redact,
                asked.revert_s,
                asked.any_hostname,
            )
            hosts = {host.name: host for host in spoken}
            yield Campaign(asked, hosts, work, _told), journal


def _told(member: Member) -> None:
    sent = f", {member.sent} lines sent" if member.sent else ""
    note(f"{member.device}: {member.state}{sent}{': ' if member.problem else ''}{member.problem}")


def check_together(
    *,
    saved: str | None,
    folder: str | None,
    resume: str | None,
    save_plan: str | None,
    plan: str | None = None,
) -> None:
    """Check that the options fit together.

    Raises:
        UsageError: they do not, say not what is to be pushed, or where a plan cannot be saved.
    """
    if saved is None and folder is None and resume is None:
        raise UsageError(
            "nothing says which devices are meant",
            hint="add -i PATH, the file of a saved plan, or --resume RUN",
        )
    if saved is not None and resume is not None:
        raise UsageError(
            "a run knows which plan it applies", hint="leave out either the file or --resume"
        )
    if save_plan is None:
        return
    if saved is not None or resume is not None:
        raise UsageError("--save-plan saves what is planned anew", hint="use it with -i PATH alone")
    refuse_stdout(save_plan, "changes are shown there; name a file with --save-plan")
    refuse_inputs([Path(save_plan)], lambda: (folder, plan))


def asked_of(
    folder: str | None,
    plan: str,
    *,
    limit: str | None,
    addresses: Sequence[str] | None,
    confirm_timeout: str,
    pace: Pace,
    any_hostname: bool,
) -> Asked:
    """Return what the options ask for.

    Raises:
        UsageError: a value has another form.
    """
    return Asked(
        lasting_name(folder or ""),
        lasting_name(plan),
        limit,
        tuple(addresses or ()),
        seconds_of(confirm_timeout),
        any_hostname,
        pace=pace,
    )


def asked_of_saved(
    file: str, folder: str | None, limit: str | None, pace: Pace
) -> tuple[Asked, SavedPlan]:
    """Return what a saved plan asks for, and the plan.

    Raises:
        UsageError, DriftError: as `load_saved`.
    """
    saved = load_saved(Path(file))
    asked = replace(saved.asked, saved=lasting_name(file), pace=pace)
    if folder is not None:
        asked = replace(asked, inventory=lasting_name(folder))
    return (asked if limit is None else replace(asked, limit=limit)), saved


def seconds_of(text: str) -> int:
    """Return the seconds of `90s`, `5m` or `1h`.

    Raises:
        UsageError: another form, or longer than a day.
    """
    found = _TIME.fullmatch(text.strip())
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if not 0 < seconds <= _LONGEST_S:
        raise UsageError(f"{text!r} is no time", hint="write 90s, 5m or 1h; a day at most")
    return seconds
