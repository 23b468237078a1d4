"""Faults at every command of a push, from the first question to the last line that tidies up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from devices import Faults, Noise
from push.every.benches import BENCHES, EOS, IOS, JUNOS, OWN_TIMER
from push.faults import Ends, Fault
from push.junos import cases as junos
from push.nxos.bench import NEXUS

from translator.errors import (
    AuthorizationError,
    ChangeError,
    ConnectionLostError,
    DeadlineError,
    IdentityError,
    LineRefusedError,
    LockedError,
    PreflightError,
    RevertedError,
    StateUnknownError,
)

__all__ = [
    "CASES",
    "COMMANDS",
    "EACH_COMMAND",
    "ECHO_S",
    "LONG_ENOUGH",
    "NEVER_AUTHORIZED",
    "SIBLINGS",
    "TOO_SHORT",
    "UNAUTHORIZED_AT_THE_END",
    "UNDELETED",
]

COMMANDS = {
    "cisco_ios": 45,
    "cisco_catalyst": 42,
    "juniper_junos": 41,
    "juniper_junos_qfx": 41,
    "juniper_junos_srx": 43,
    "cisco_nxos": 52,
    "arista_eos": 42,
}
"""What the push of each bench types, both sessions together."""
REFUSALS = {
    "cisco": "% Invalid input detected at '^' marker.\n",
    "juniper": "syntax error, expecting <command>.\n",
    "arista": "% Invalid input (at token 0: 'x')\n",
}
ECHO_S = 20.0


def _at(name: str, at: Callable[[int], Faults], *causes: type[ChangeError]) -> Fault:
    return Fault(name, Ends.CONFIRMED, RevertedError, at_line=at, causes=causes)


def _each_command(platform: str) -> tuple[Fault, ...]:
    refusal = REFUSALS[platform.partition("_")[0]]
    return (
        _at("connection reset before command k",
            lambda k: Faults(in_any_mode=True, reset_before=k), ConnectionLostError),
        _at("connection reset behind command k",
            lambda k: Faults(in_any_mode=True, reset_after=k), ConnectionLostError),
        _at("silence at command k",
            lambda k: Faults(in_any_mode=True, hang_at=k), DeadlineError),
        _at("refusal of command k",
            lambda k: Faults(in_any_mode=True, refuse={k: refusal}),
            LineRefusedError, PreflightError, IdentityError, LockedError),
        _at("authorization fails at command k",
            lambda k: Faults(in_any_mode=True, unauthorized_at=k), AuthorizationError),
    )  # fmt: skip


EACH_COMMAND = tuple(
    (bench, replace(fault, tried=COMMANDS[bench.driver]))
    for bench in BENCHES
    for fault in _each_command(bench.driver)
)
NEVER_AUTHORIZED = Fault(
    "a command is never authorized, each of those that a push types",
    Ends.CONFIRMED, RevertedError, causes=(AuthorizationError,),
)  # fmt: skip
_NEVER = {
    "saved": Fault(
        "to write the startup configuration is never authorized",
        Ends.UNSAVED, StateUnknownError, AuthorizationError,
    ),
    "deleted": Fault(
        "to delete the copy of the old configuration is never authorized",
        Ends.UNTIDY, StateUnknownError, AuthorizationError,
    ),
}  # fmt: skip
UNAUTHORIZED_AT_THE_END = (
    *((bench, "write memory", _NEVER["saved"]) for bench in IOS),
    *((bench, "delete /force", _NEVER["deleted"]) for bench in IOS),
    (NEXUS, "copy running-config startup-config", _NEVER["saved"]),
    (EOS, "write memory", _NEVER["saved"]),
    (NEXUS, "no checkpoint", _NEVER["deleted"]),
)
UNDELETED = Fault(
    "to delete the file that names the session is never authorized",
    Ends.NEW, faults=Faults(unauthorized="file delete"),
)  # fmt: skip
_SLOW = Faults(noise=Noise(echo_delay_s=ECHO_S))
LONG_ENOUGH = Fault("each line is echoed after 20 s, an hour to confirm", Ends.NEW, faults=_SLOW)
TOO_SHORT = Fault(
    "each line is echoed after 20 s, five minutes to confirm",
    Ends.OLD, RevertedError, faults=_SLOW,
)  # fmt: skip

# Those are about a line whose number is another on a device that has other lines to enter: that
# line is one of the commands above.
_BY_NUMBER = ("the candidate fails its check", "connection reset behind `commit confirmed`")


def _of_sibling(fault: junos.JunosFault) -> junos.JunosFault:
    if fault.name != "another product line":
        return fault
    return replace(fault, prepare=lambda scene: setattr(scene.device, "model", "mx204"))


SIBLINGS = tuple(
    _of_sibling(fault)
    for fault in (*junos.ONCE, junos.CHANGED_ELSEWHERE)
    if fault.name not in _BY_NUMBER
)
CASES = (
    *((bench.driver, fault) for bench, fault in EACH_COMMAND),
    *((bench.driver, NEVER_AUTHORIZED) for bench in BENCHES),
    *((bench.driver, fault) for bench, _, fault in UNAUTHORIZED_AT_THE_END),
    *((bench.driver, UNDELETED) for bench in JUNOS),
    *((bench.driver, LONG_ENOUGH) for bench in BENCHES),
    *((bench.driver, TOO_SHORT) for bench in OWN_TIMER),
    *((bench.driver, fault) for bench in JUNOS[1:] for fault in SIBLINGS),
)
