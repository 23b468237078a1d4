"""Policy-based QoS of Windows as a registry file, with the switch that frees it from the domain."""

from __future__ import annotations

from collections.abc import Iterator

from translator.endpoint.formats.registry import EndpointFormat, Source
from translator.endpoint.policy.text import unfit_for_windows
from translator.endpoint.settings import HostPolicy, NlaSwitch, Settings
from translator.endpoint.windows_registry.file import is_registry_file, write_entries
from translator.endpoint.windows_registry.qos import NLA_KEY, NLA_NAME, policy_key, read_registry

__all__ = ["FORMAT"]


def _fits(source: Source) -> bool:
    return is_registry_file(source.data)


def _why_not(setting: object) -> str:
    if not isinstance(setting, HostPolicy):
        return ""
    if setting.throttle_bps is not None:
        return "the unit of the registry's Throttle Rate is not known"
    return unfit_for_windows(setting)


def _holds(setting: object) -> bool:
    if isinstance(setting, NlaSwitch):
        # Written as a number it has no effect, and only as a number of 32 bits can it be one.
        return setting.value.isprintable() if setting.is_text else _is_dword(setting.value)
    return isinstance(setting, HostPolicy) and not _why_not(setting)


def _is_dword(text: str) -> bool:
    return text.isascii() and text.isdigit() and str(int(text)) == text and int(text) < 2**32


def _write(settings: Settings) -> bytes:
    return write_entries(_keys(settings))


def _keys(settings: Settings) -> Iterator[tuple[str, list[tuple[str, str | int]]]]:
    held = [item for item in settings if _holds(item)]
    for policy in held:
        if isinstance(policy, HostPolicy):
            yield policy_key(policy)
    for switch in held:
        if isinstance(switch, NlaSwitch):
            value = switch.value if switch.is_text else int(switch.value)
            yield NLA_KEY, [(NLA_NAME, value)]


FORMAT = EndpointFormat(
    name="reg",
    title="registry file with policy-based QoS (.reg)",
    group="Windows",
    fits=_fits,
    read=read_registry,
    write=_write,
    holds=_holds,
    extension=".reg",
    why_not=_why_not,
)
