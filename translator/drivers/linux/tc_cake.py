"""The tins of CAKE: which code points it serves before, beside and behind the others.

Source: tables diffserv3, diffserv4 and bulk_order, and cake_select_tin(), of net/sched/sch_cake.c.
Where kernel versions differ (LE since 5.7; CS4, CS5 and 44 of diffserv4 since 6.14) the tin is
unknown; CAKE itself is unverified here, as no kernel at hand had it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from translator.drivers.linux.conditions import NotReadError
from translator.intents.pipeline import Service

__all__ = ["BEST_EFFORT", "DIFFSERV3", "Tins", "tins_of"]


@dataclass(frozen=True, slots=True)
class Tins:
    """The named tins with the code points that they take; best effort takes all others.

    Attributes:
        first: tins as (name, service, code points), strictest first.
        open_points: code points whose tin depends on the version of the kernel.
        order: names of the tins by the minor number of a priority, from 1; "" is best effort.
    """

    first: tuple[tuple[str, Service, tuple[int, ...]], ...] = ()
    open_points: tuple[int, ...] = ()
    order: tuple[str, ...] = ()

    def service(self, name: str) -> Service:
        """Return how a tin is served."""
        return next((item[1] for item in self.first if item[0] == name), Service.BEST_EFFORT)


BEST_EFFORT: Final = Tins()
_BULK: Final = ("bulk", Service.SCAVENGER, (8,))
_VIDEO: Final = (4, 16, 18, 20, 22, 24, 26, 28, 30, 34, 36, 38)
DIFFSERV3: Final = Tins(
    (("voice", Service.PRIORITY, (4, 44, 46, 48, 56)), _BULK), (1,), ("bulk", "", "voice")
)
_DIFFSERV4: Final = Tins(
    (("voice", Service.PRIORITY, (46, 48, 56)), ("video", Service.GUARANTEED, _VIDEO), _BULK),
    (1, 32, 40, 44),
    ("bulk", "", "video", "voice"),
)
_MODES: Final = {"besteffort": BEST_EFFORT, "diffserv3": DIFFSERV3, "diffserv4": _DIFFSERV4}


def tins_of(options: Sequence[str]) -> Tins | None:
    """Return the tins of the mode that these options name, None where they name none.

    Raises:
        NotReadError: a mode whose tins are not known here, or tins chosen by mark.
    """
    for word in options:
        if word in ("diffserv8", "precedence", "fwmark"):
            raise NotReadError(f"the tins of cake by {word}")
    return next((_MODES[word] for word in options if word in _MODES), None)
