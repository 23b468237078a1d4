"""qos-translator: a QoS plan in, proven device configurations out, and back.

The names in `__all__` are the public interface. Each is loaded when it is first used, so that
importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from translator.audit.audit import Auditor, Subject
    from translator.audit.case import Settings
    from translator.audit.model import DeviceAudit, Finding
    from translator.audit.repair import repair
    from translator.audit.semdiff import semdiff
    from translator.codepoint import CodePoint
    from translator.drivers.base import Driver, Rendered
    from translator.drivers.registry import driver, driver_names
    from translator.errors import TranslatorError
    from translator.intents.capabilities import Capabilities, Feature
    from translator.intents.compile import InterfaceSpec, compile_intents
    from translator.intents.device import DeviceQos
    from translator.intents.lower import lower
    from translator.intents.model import DeviceIntents, Role
    from translator.inventory.load import load_inventory
    from translator.inventory.select import select
    from translator.plan.load import load_plan
    from translator.plan.model import Plan
    from translator.verify.explain import Explanation, explain
    from translator.verify.packet import Packet
    from translator.verify.prove import Proof, prove, render_proven

__version__ = "0.1.0"

__all__ = [
    "Auditor",
    "Capabilities",
    "CodePoint",
    "DeviceAudit",
    "DeviceIntents",
    "DeviceQos",
    "Driver",
    "Explanation",
    "Feature",
    "Finding",
    "InterfaceSpec",
    "Packet",
    "Plan",
    "Proof",
    "Rendered",
    "Role",
    "Settings",
    "Subject",
    "TranslatorError",
    "compile_intents",
    "driver",
    "driver_names",
    "explain",
    "load_inventory",
    "load_plan",
    "lower",
    "prove",
    "render_proven",
    "repair",
    "select",
    "semdiff",
]

_HOME: Final = {
    "Auditor": "translator.audit.audit",
    "Capabilities": "translator.intents.capabilities",
    "CodePoint": "translator.codepoint",
    "DeviceAudit": "translator.audit.model",
    "DeviceIntents": "translator.intents.model",
    "DeviceQos": "translator.intents.device",
    "Driver": "translator.drivers.base",
    "Explanation": "translator.verify.explain",
    "Feature": "translator.intents.capabilities",
    "Finding": "translator.audit.model",
    "InterfaceSpec": "translator.intents.compile",
    "Packet": "translator.verify.packet",
    "Plan": "translator.plan.model",
    "Proof": "translator.verify.prove",
    "Rendered": "translator.drivers.base",
    "Role": "translator.intents.model",
    "Settings": "translator.audit.case",
    "Subject": "translator.audit.audit",
    "TranslatorError": "translator.errors",
    "compile_intents": "translator.intents.compile",
    "driver": "translator.drivers.registry",
    "driver_names": "translator.drivers.registry",
    "explain": "translator.verify.explain",
    "load_inventory": "translator.inventory.load",
    "load_plan": "translator.plan.load",
    "lower": "translator.intents.lower",
    "prove": "translator.verify.prove",
    "render_proven": "translator.verify.prove",
    "repair": "translator.audit.repair",
    "select": "translator.inventory.select",
    "semdiff": "translator.audit.semdiff",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'translator' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
