"""A host that is given on the command line instead of in an inventory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from translator.drivers.registry import driver
from translator.errors import UsageError
from translator.intents.compile import InterfaceSpec
from translator.intents.match import Prefix, prefix_of
from translator.inventory.model import Host

__all__ = ["adhoc_host", "read_bindings", "specs_of", "with_bindings"]


def adhoc_host(
    platform: str, interfaces: Iterable[str], bindings: Iterable[str], *, name: str = "device"
) -> Host:
    """Return the host of `--platform`, `--interface NAME=ROLE[:RATE]`, `--address GROUP=PREFIX`.

    Raises:
        UsageError: no interface, or a value of another form.
        DriverError: there is no driver for the platform.
    """
    return Host(
        name=name,
        platform=platform,
        driver=driver(platform).platform,
        interfaces=specs_of(interfaces),
        addresses=tuple(read_bindings(bindings).items()),
    )


def specs_of(texts: Iterable[str]) -> tuple[InterfaceSpec, ...]:
    """Return the interfaces of `--interface NAME=ROLE[:RATE]`.

    Raises:
        UsageError: none, one twice, or a value of another form.
    """
    specs = tuple(_spec(text) for text in texts)
    if not specs:
        raise UsageError(
            "no interface is given", hint="add --interface Gi0/1=wan:10M (NAME=ROLE[:RATE])"
        )
    names = [spec.name for spec in specs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"interface {twice} is given twice", hint="give each interface one role")
    return specs


def _spec(text: str) -> InterfaceSpec:
    if text.rstrip().endswith(":"):
        raise UsageError(f"{text!r} has a colon but no rate", hint="write NAME=wan:10M or NAME=wan")
    return InterfaceSpec.of(text)


def read_bindings(texts: Iterable[str]) -> dict[str, tuple[Prefix, ...]]:
    """Return the prefixes by group of `servers=10.1.1.0/24`; the same group twice adds up.

    Raises:
        UsageError: another form, or no prefix.
    """
    found: dict[str, tuple[Prefix, ...]] = {}
    for text in texts:
        group, equals, prefixes = text.partition("=")
        if not equals or not group.strip():
            raise UsageError(
                f"{text!r} binds no address group", hint="write --address servers=10.1.1.0/24"
            )
        items = tuple(prefix_of(item) for item in prefixes.split(","))
        found[group.strip()] = (*found.get(group.strip(), ()), *items)
    return found


def with_bindings(host: Host, bindings: dict[str, tuple[Prefix, ...]]) -> Host:
    """Return the host with the given groups bound instead of what the inventory says of them."""
    if not bindings:
        return host
    return replace(host, addresses=tuple({**host.bindings, **bindings}.items()))
