"""Parameters of queues, which z3 knows nothing of, compared by name."""

from __future__ import annotations

from tests.support.values import replace
from translator.intents.device import DeviceQos, Queuing

__all__ = ["other_queues"]


def other_queues(one: DeviceQos, other: DeviceQos) -> str:
    """Return an interface with other parameters of its queues, "" if there is none."""
    for name in sorted({item.name for device in (one, other) for item in device.interfaces}):
        left, right = (_parameters(device.interface(name).queuing) for device in (one, other))
        if left != right:
            return f"queues of {name}"
    return ""


def _parameters(queuing: Queuing | None) -> dict[str, object]:
    """Return what counts of a scheduler, by the names of its classes and without lines."""
    if queuing is None:
        return {}
    bare = {item.name: replace(item, lines=()) for item in queuing.classes}
    return {"": (queuing.shaping_bps, queuing.shaping_percent), **bare}
