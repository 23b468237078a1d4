"""Ports as cmdlets print them: a start and a count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from translator.endpoint.cmdlets.printed import Printed
from translator.endpoint.settings import MediaPorts
from translator.errors import PlanError
from translator.ports import PortBlock

__all__ = ["media_ports"]


def media_ports(
    found: Printed, names: Mapping[str, tuple[str, str]], scope: str
) -> Iterator[MediaPorts]:
    """Yield the ports of each medium that was printed.

    Args:
        names: canonical names of the properties that hold start and count, by the name of the
            setting (`client.audio`).

    Raises:
        PlanError: a start without its count or the reverse, no numbers, or more ports than are.
    """
    for name, (start_name, count_name) in names.items():
        start = found.number(start_name, 0, 65535)
        count = found.number(count_name, 0, 2**32 - 1)
        if start is None and count is None:
            continue
        where = found.where_of(start_name)
        if start is None or count is None:
            there, missing = (start_name, count_name) if count is None else (count_name, start_name)
            raise PlanError(
                f"{found.properties[there].name} stands without {missing}, its other half",
                where=found.where_of(there),
                hint="print both: ... | Format-List",
            )
        if count and (start == 0 or start + count - 1 > 65535):
            raise PlanError(
                f"{count} ports from {start} are not within 1-65535",
                where=found.where_of(count_name),
                hint=_hint(start, count),
            )
        yield MediaPorts(name, PortBlock(start, count) if count else None, scope, where)


def _hint(start: int, count: int) -> str:
    if start and start <= count <= 65535:
        return f"the range is a count of ports: to end at {count} it has to be {count - start + 1}"
    return "the last port is 65535"
