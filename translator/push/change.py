"""From a running configuration and intents to the change that has to be made.

The one place that knows how changes come about: where a platform enters lines, the smallest proven
ones; where it runs a script, the whole rendered text.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from translator.audit.repair import repair
from translator.audit.repair.memory import RepairMemory
from translator.drivers.base import Driver
from translator.drivers.change import ChangesDevices, Procedures, Running, Work
from translator.drivers.napalm_way import SpeaksNapalm
from translator.errors import PreflightError
from translator.intents.model import DeviceIntents
from translator.inventory.transport import Transport
from translator.push.goal import fingerprint
from translator.push.redact import Redactor
from translator.verify.diagram import Space
from translator.verify.prove import prove, render_proven

__all__ = ["Change", "make_change", "new_run", "procedures_of", "refuse_secrets"]

_Made = tuple[Work, tuple[str, ...], tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Change:
    """What would be sent to a device, and what was proven of it.

    Attributes:
        base: fingerprint of the configuration that it was made for.
        work: the same for the driver's procedures; the rollback is in it.
        intents: what the device is to do afterwards; None: what it did before a run.
        needed: False where the device does it already; then nothing is sent.
        proof: what was proven on the model, a sentence each.
        notes: what a reader should know, such as moments between old and new.
        after: the configuration after the change, as the model has it; of a script, its text.
    """

    device: str
    driver: str
    base: str
    work: Work
    intents: DeviceIntents | None
    needed: bool
    proof: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    after: str = ""


def new_run() -> str:
    """Return a name for a run; names sort by time."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def procedures_of(driver: Driver, transport: Transport = Transport.NETMIKO) -> Procedures:
    """Return the platform's way to change a device.

    Raises:
        PreflightError: its driver has none over that transport.
    """
    if transport is Transport.NAPALM:
        if not isinstance(driver, SpeaksNapalm):
            raise PreflightError(
                f"{driver.platform} devices cannot be reached over NAPALM",
                hint="use --transport netmiko, or transport: netmiko in the inventory",
            )
        return driver.napalm_procedures
    if not isinstance(driver, ChangesDevices):
        raise PreflightError(
            f"{driver.platform} devices cannot be changed by this program yet",
            hint="print the commands with `render` or `remediate` and enter them by hand",
        )
    return driver.procedures


def make_change(
    driver: Driver,
    device: str,
    intents: DeviceIntents,
    running: Running,
    *,
    revert_s: int,
    options: Mapping[str, str] | None = None,
    space: Space | None = None,
    memory: RepairMemory | None = None,
) -> Change:
    """Return the change that makes a device do what the intents ask.

    Args:
        intents: lowered to the driver's platform.
        revert_s: after this time without confirmation the device goes back by itself.
        memory: as of `repair`.

    Raises:
        PreflightError: the text is not whole, or the change would carry a secret.
        UnsupportedIntentError, RefusedError, UndecidedError, ProofError: as `repair` and
            `render_proven`.
    """
    procedures = procedures_of(driver)
    _refuse_part(device, running)
    space = Space() if space is None else space
    empty = Work(
        new_run(),
        device,
        max(revert_s, procedures.shortest_revert_s),
        interfaces=tuple(item.name for item in intents.interfaces),
        options=dict(options or {}),
    )
    base = fingerprint(procedures, running.text)
    found = driver.parse(running.text, file=f"{device} (running)")
    now = prove(intents, found, driver.capabilities, space)
    if now.ok:
        done = ("the device does already what is wanted",)
        return Change(device, driver.platform, base, empty, intents, False, done)
    work, proof, notes, after = (
        _script(driver, empty, intents, space)
        if procedures.installs_script
        else _lines(driver, empty, intents, running, space, memory=memory)
    )
    refuse_secrets(work)
    return Change(device, driver.platform, base, work, intents, True, proof, notes, after)


def _refuse_part(device: str, running: Running) -> None:
    if running.doubt:
        raise PreflightError(
            f"{device}: nothing shows that this is the whole configuration: {running.doubt}",
            hint="read it again; a change is never made on a part",
        )


def _script(driver: Driver, empty: Work, intents: DeviceIntents, space: Space) -> _Made:
    rendered, proof = render_proven(driver, intents, space)
    work = replace(empty, script=rendered.config, removal=rendered.removal, files=rendered.files)
    sentence = (
        f"read back, the script does what is wanted, on {len(proof.pairs)} pairs of interfaces, "
        f"{proof.packets_note}"
    )
    return work, (sentence,), (), rendered.config


def _lines(
    driver: Driver,
    empty: Work,
    intents: DeviceIntents,
    running: Running,
    space: Space,
    *,
    memory: RepairMemory | None,
) -> _Made:
    file = f"{empty.device} (running)"
    found = repair(driver, running.text, intents, space=space, file=file, memory=memory)
    work = replace(empty, lines=found.commands, rollback=found.rollback)
    return work, found.proof, found.notes, found.text


def refuse_secrets(work: Work) -> None:
    """Refuse a change that the journal must not keep, because it seems to hold a secret.

    Raises:
        PreflightError: it does.
    """
    text = json.dumps({**asdict(work), "run": ""}, ensure_ascii=False)
    if Redactor()(text) != text:
        raise PreflightError(
            f"{work.device}: a line of the change looks like one that holds a secret",
            hint="settle that line by hand first",
        )
