"""`push`: bring devices to the plan, proven before and after; without --commit only a look."""

from __future__ import annotations

from translator.cli.connection_options import Logins
from translator.cli.option_groups import grouped
from translator.cli.options import STANDARD, Address, Folder, Limit, PlanName
from translator.cli.push_options import (
    ConfirmTimeout,
    Resume,
    RetryFailed,
    Rolling,
    Saved,
    SavePlan,
)

__all__ = ["run"]


@grouped
def run(
    *,
    saved: Saved = None,
    folder: Folder = None,
    limit: Limit = None,
    plan: PlanName = STANDARD,
    address: Address = None,
    save_plan: SavePlan = None,
    rolling: Rolling,
    confirm_timeout: ConfirmTimeout = "5m",
    resume: Resume = None,
    retry_failed: RetryFailed = False,
    logins: Logins,
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
    from translator.cli.push_input import Call, asked_of, asked_of_saved, check_together
    from translator.cli.push_run import applied, looked, resumed

    check_together(saved=saved, folder=folder, resume=resume, save_plan=save_plan, plan=plan)
    call = Call.of(rolling, logins, commit=rolling.commit or resume is not None)
    pace = rolling.pace(logins.forks)
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
        any_hostname=rolling.any_hostname,
    )
    return looked(call, asked, save_plan)
