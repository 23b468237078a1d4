"""What of a plan the files of servers and hosts hold: an import of them alone gives exactly that.

They cannot hold, and an import therefore takes from the exported plan beside them, else from its
base, or leaves empty:

- titles, notes, sources, status and confidence of rows; of a component its first 100 characters,
  in the characters of a policy's name;
- the order of rows: Windows decides between two policies by what they say (`policy.precedence`);
- queues, and the options that are about the network alone: `tcp`, `server_tcp` and
  `allowed_code_points`;
- how a router narrows a row (`narrow`), and without which groups it must not match (`needs`);
- which group an address belongs to where a row names several, and the addresses of senders where
  the program says who they are;
- rows that are left out, such as those without an executable: of rows of the base the choice is
  kept, what the plan changed in them is not, and rows of the owner's own are lost;
- ports by number of rows without a policy, such as those of phones;
- `EnableQoS`, which follows from rows of Windows XP and Macs;
- port settings that are not set, or that no cmdlet sets; that a row of several ranges names one of
  them by number and not by its setting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from translator.endpoint.derive import derive
from translator.endpoint.policy.names import SaidRow, said_rows
from translator.endpoint.settings import HostPolicy, MediaQos, Setting
from translator.plan.groups import Bindings
from translator.plan.model import Plan
from translator.plan.select import chosen_rows

__all__ = ["NOT_CARRIED", "Carried", "carried", "said_of"]

NOT_CARRIED: Final = (
    "titles, notes and sources, and components beyond the names of policies",
    "the order of rows: Windows decides by what policies say",
    "queues, and the options tcp, server_tcp and allowed_code_points",
    "narrow and needs of rows, and the names of address groups",
    "what the plan changed in rows that are left out, and the rows that it added and left out",
    "ports of rows without a policy, such as those of phones, beyond the ports of their setting",
    "port settings that are not set",
)


@dataclass(frozen=True, slots=True)
class Carried:
    """A plan as far as the endpoint side holds it; two plans with the same are one there.

    Attributes:
        rows: the rows that policies say, each by its id.
        others: ports, switches, and the marks of phones and of Windows XP.
        chosen: ids of the rows of the base that the options choose.
    """

    rows: Mapping[str, SaidRow]
    others: frozenset[Setting]
    chosen: frozenset[str]


def carried(plan: Plan, bindings: Bindings, base: Plan) -> Carried:
    """Return what of a plan that extends `base` comes back from its export.

    Raises:
        PlanError: as `derive`.
    """
    settings = derive(plan, bindings).settings
    known = {row.id for row in base.rows}
    return Carried(
        rows=said_of(settings),
        others=frozenset(item for item in settings if not isinstance(item, HostPolicy | MediaQos)),
        chosen=frozenset(row.id for row in chosen_rows(plan) if row.id in known),
    )


def said_of(settings: Iterable[Setting]) -> dict[str, SaidRow]:
    """Return what policies say of rows, each by its id, so that equal rows say the same."""
    policies = [item for item in settings if isinstance(item, HostPolicy)]
    return {name: _unordered(row) for name, row in said_rows(policies).items()}


def _unordered(row: SaidRow) -> SaidRow:
    """The row with prefixes and ports in one order, and without the names of its policies."""
    return replace(
        row,
        policies=(),
        source_ports=tuple(sorted(row.source_ports, key=lambda ports: (ports.low, ports.high))),
        destination_ports=tuple(
            sorted(row.destination_ports, key=lambda ports: (ports.low, ports.high))
        ),
        source_prefixes=tuple(sorted(row.source_prefixes, key=str)),
        destination_prefixes=tuple(sorted(row.destination_prefixes, key=str)),
    )
