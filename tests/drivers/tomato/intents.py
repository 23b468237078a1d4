"""What the tests ask of a router: the preset's plan on a small office's line."""

from __future__ import annotations

from translator.intents.compile import InterfaceSpec, compile_intents
from translator.intents.match import prefix_of
from translator.intents.model import DeviceIntents
from translator.plan import load_plan

HOME = ("br0=client", "vlan2=internet:10M")


def intents(*specs: str, **addresses: str) -> DeviceIntents:
    """The intents of interfaces such as `br0=client`, with groups bound to one prefix each."""
    bindings = {group: (prefix_of(prefix),) for group, prefix in addresses.items()}
    wanted = [InterfaceSpec.of(spec) for spec in specs or HOME]
    return compile_intents(load_plan("lync-2013"), "home", wanted, bindings)
