"""One device from intents to a proven end: what commands and fleets call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from translator.drivers.change import Identity, Running, Work
from translator.drivers.registry import driver
from translator.intents.model import DeviceIntents
from translator.inventory.model import Host
from translator.push.change import Change, make_change, new_run, procedures_of
from translator.push.goal import Wanted
from translator.push.hands import Hands, Patience
from translator.push.journal import Journal
from translator.push.logs import LOG
from translator.push.outcome import Ending, Expected, Outcome
from translator.push.proofs import Proofs
from translator.push.protocol import Push
from translator.push.resume import resume_all
from translator.push.session import Opener, run_procedure

__all__ = ["Options", "Planned", "change_device", "plan_change", "read_device"]

_REVERT_S: Final = 300


@dataclass(frozen=True, slots=True)
class Options:
    """How a change is made.

    Attributes:
        revert_s: after this time without confirmation the device goes back by itself.
        expected: which device must answer.
        settings: of the platform, such as `folder` on Linux.
    """

    revert_s: int = _REVERT_S
    expected: Expected = field(default_factory=Expected)
    patience: Patience = field(default_factory=Patience)
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned:
    """A change that was not made: what a dry run shows.

    Attributes:
        running: the configuration that the device has now.
    """

    change: Change
    running: Running
    identity: Identity


def read_device(
    host: Host, connect: Opener, options: Options | None = None
) -> tuple[Identity, Running]:
    """Return who a device is and its whole running configuration; changes nothing.

    Raises:
        ChangeError: there was no session, or it broke.
        PreflightError: the driver cannot speak with devices.
    """
    procedures = procedures_of(driver(host.driver), host.transport)
    settings = (options or Options()).settings
    work = Work(new_run(), host.name, procedures.shortest_revert_s, options=dict(settings))
    session = connect()
    LOG.info("%s: read its configuration", host.name)
    try:
        identity = run_procedure(procedures.identify(work), session)
        return identity, run_procedure(procedures.running(work), session)
    finally:
        session.close()


def plan_change(
    host: Host,
    intents: DeviceIntents,
    connect: Opener,
    options: Options | None = None,
    proofs: Proofs | None = None,
) -> Planned:
    """Return the change that a device needs, without making it.

    Args:
        intents: lowered to the driver's platform.
        proofs: shared by the hosts of a fleet.

    Raises:
        ChangeError: as `read_device`.
        IdentityError: it is another device than was meant.
        TranslatorError: as `make_change`.
    """
    options = options or Options()
    identity, running = read_device(host, connect, options)
    options.expected.check(host.name, identity)
    LOG.info("%s: plan its change", host.name)
    proofs = proofs or Proofs()
    with proofs.turn() as space:
        change = make_change(
            driver(host.driver),
            host.name,
            intents,
            running,
            revert_s=options.revert_s,
            options=options.settings,
            space=space,
            memory=proofs.memory,
        )
    return Planned(change, running, identity)


def change_device(
    host: Host,
    intents: DeviceIntents,
    connect: Opener,
    journal: Journal,
    options: Options | None = None,
    *,
    planned: Change | None = None,
    proofs: Proofs | None = None,
) -> Outcome:
    """Make a device do what the intents ask; it ends old or proven new.

    Runs of this device that died are finished first. A device that does already what is wanted
    is sent nothing.

    Args:
        planned: the change that somebody has looked at; refused if the device differs since.
        proofs: shared by the hosts of a fleet.

    Raises:
        RevertedError: the change failed, the device is proven to be as before.
        StateUnknownError: nothing is proven; the error holds the commands to type.
        ChangeError: nothing was changed.
        TranslatorError: as `make_change`.
    """
    options = options or Options()
    chosen = driver(host.driver)
    procedures = procedures_of(chosen, host.transport)
    resume_all(journal, host.name, connect, patience=options.patience, transport=host.transport)
    change = planned or plan_change(host, intents, connect, options, proofs).change
    if not change.needed:
        return Outcome(host.name, "", Ending.UNCHANGED, 0, change.proof)
    hands = Hands(procedures, change.work, connect, journal, options.patience)
    goal = Wanted(chosen, intents, proofs or Proofs())
    return Push(hands, change, goal, options.expected).carry_out()
