"""What a device must be shown to do after a change, for the change to be kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from translator.audit.repair.between import first_change
from translator.audit.repair.case import foreign_interfaces
from translator.audit.repair.passing import kept_sentences, passing
from translator.audit.repair.unnumbered import unnumbered
from translator.drivers.base import Driver
from translator.drivers.change import Procedures, Running
from translator.errors import ProofError, UndecidedError
from translator.intents.device import DeviceQos
from translator.intents.model import DeviceIntents
from translator.push.proofs import Proofs
from translator.verify.prove import domain_of, prove, with_names_spelled_out

__all__ = ["Exactly", "Goal", "Wanted", "fingerprint"]


def fingerprint(procedures: Procedures, text: str) -> str:
    """Return the fingerprint of a running configuration, without what changes by itself."""
    return sha256(procedures.lasting(text).encode()).hexdigest()


class Goal(Protocol):
    """What the device must be shown to do."""

    def check(self, before: Running, after: Running) -> tuple[str, ...]:
        """Return what was proven, a sentence each.

        Raises:
            ProofError: the device does something else, or it cannot be told.
        """

    def same(self, one: Running, other: Running) -> bool:
        """Whether two texts do the same with every packet, on every interface."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The device does what intents ask, and with everything else what it did before."""

    driver: Driver
    intents: DeviceIntents
    proofs: Proofs = field(default_factory=Proofs)

    def check(self, before: Running, after: Running) -> tuple[str, ...]:
        """See `Goal`."""
        if after.doubt:
            raise self._not("cannot be read back", after.doubt)
        found = self._parsed(after)
        with self.proofs.turn() as space:
            proof = prove(self.intents, found, self.driver.capabilities, space)
        if not proof.ok:
            raise self._not("does not do what is wanted", proof.problem)
        old, new = unnumbered(self._parsed(before)), unnumbered(found)
        intents = with_names_spelled_out(self.intents, found)
        asked = [item.name for item in intents.interfaces]
        foreign = foreign_interfaces(self.driver, before.text, asked, (old, new))
        way = self._first_change(old, new, foreign)
        if way:
            raise self._not("treats packets otherwise where nobody asked for it", way)
        return (
            f"read back, the device does what is wanted, on {len(proof.pairs)} pairs of "
            f"interfaces, {proof.packets_note}",
            *self._kept(intents, old, new, foreign),
        )

    def _kept(
        self, intents: DeviceIntents, old: DeviceQos, new: DeviceQos, foreign: tuple[str, ...]
    ) -> tuple[str, ...]:
        domain = domain_of(intents, self.driver.capabilities)
        try:
            with self.proofs.turn() as space:
                found = passing(intents, old, new, foreign, space, domain=domain)
        except UndecidedError as error:
            raise self._not("cannot be compared", error.problem) from error
        if found.lost is not None:
            raise self._not("treats packets otherwise that the plan says nothing of", found.problem)
        return kept_sentences(found)

    def same(self, one: Running, other: Running) -> bool:
        """See `Goal`."""
        if one.doubt or other.doubt:
            return False
        old, new = unnumbered(self._parsed(one)), unnumbered(self._parsed(other))
        if old.unread or new.unread:
            return False
        names = dict.fromkeys(item.name for item in (*old.interfaces, *new.interfaces))
        asked = [item.name for item in self.intents.interfaces]
        try:
            return not self._first_change(old, new, (*names, *asked, "*"))
        except ProofError:
            return False

    def _parsed(self, running: Running) -> DeviceQos:
        return self.driver.parse(running.text, file=f"{self.intents.device} (running)")

    def _first_change(self, one: DeviceQos, other: DeviceQos, names: tuple[str, ...]) -> str:
        try:
            with self.proofs.turn() as space:
                way = first_change(one, other, dict.fromkeys(names), space)
        except UndecidedError as error:
            raise self._not("cannot be compared", error.problem) from error
        return "" if way is None else str(way)

    def _not(self, what: str, why: str) -> ProofError:
        return ProofError(f"{self.intents.device} {what}: {why}", hint="the change is not kept")


@dataclass(frozen=True, slots=True)
class Exactly:
    """The device is, byte for byte, as it was once; the aim of a rollback."""

    procedures: Procedures
    device: str
    fingerprint: str

    def check(self, before: Running, after: Running) -> tuple[str, ...]:
        """See `Goal`."""
        del before
        if after.doubt or fingerprint(self.procedures, after.text) != self.fingerprint:
            raise ProofError(
                f"{self.device} is not as it was before the run that is taken back",
                hint="the change is not kept; compare the configuration with a backup",
            )
        return ("the configuration is byte for byte the one before the run that is taken back",)

    def same(self, one: Running, other: Running) -> bool:
        """See `Goal`."""
        if one.doubt or other.doubt:
            return False
        left, right = (fingerprint(self.procedures, item.text) for item in (one, other))
        return left == right
