"""QoS on a member of a bundle, or on the bundle, where the platform wants it at the other."""

from __future__ import annotations

from collections.abc import Iterator

from translator.audit.bundles import has_qos
from translator.audit.detectors.scene import Scene, finding
from translator.audit.model import Finding
from translator.intents.device import InterfaceQos

__all__ = ["find"]


def find(scene: Scene) -> Iterator[Finding]:
    """Yield bundles whose QoS stands at the wrong end; one finding for all members alike."""
    found: dict[tuple[str, str, str], list[InterfaceQos]] = {}
    for port in scene.case.ports:
        if not port.qos_at:
            continue
        qos = _bound(scene, port.name)
        if qos is not None:
            policy = qos.egress_policy or qos.ingress_policy or ""
            found.setdefault((port.qos_at, port.bundle, policy), []).append(qos)
    for (place, bundle, policy), members in found.items():
        what = f"policy {policy}" if policy else "QoS"
        where = f"a member of {bundle}" if bundle else "a bundle"
        yield finding(
            "bundle-member",
            f"{what} stands on {where}; the QoS of a bundle belongs to {place}, and here it has "
            "no effect or is refused",
            (item.name for item in members),
            lines=[line for item in members for line in item.lines],
            hint=f"move it to {place}",
        )


def _bound(scene: Scene, name: str) -> InterfaceQos | None:
    """Return the interface if it has QoS of its own, under its name or that of its unit 0."""
    for known in (name, f"{name}.0"):
        qos = scene.case.found.listed(known)
        if qos is not None and has_qos(qos):
            return qos
    return None
