"""What Windows XP and Server 2003 mark by service type, as a registry file."""

from __future__ import annotations

from typing import Final

from translator.endpoint.formats.registry import EndpointFormat, Source
from translator.endpoint.settings import PschedMarking, Settings
from translator.endpoint.windows_registry.file import is_registry_file, write_entries
from translator.endpoint.windows_registry.qos import MAPPING_KEY, POLICIES_KEY, read_registry

__all__ = ["FORMAT"]

_MAPPING: Final = MAPPING_KEY.casefold()
_POLICIES: Final = POLICIES_KEY.casefold()


def _fits(source: Source) -> bool:
    if not is_registry_file(source.data):
        return False
    # Text of any encoding, as far as the ASCII names are concerned.
    text = source.data.replace(b"\0", b"").decode("latin-1").casefold()
    return _MAPPING in text and _POLICIES not in text


def _holds(setting: object) -> bool:
    return isinstance(setting, PschedMarking)


def _write(settings: Settings) -> bytes:
    values = [
        (item.service.value, int(item.code_point))
        for item in settings
        if isinstance(item, PschedMarking)
    ]
    return write_entries([(MAPPING_KEY, values)])


FORMAT = EndpointFormat(
    name="psched",
    title="registry file with what Windows XP and Server 2003 mark (.reg)",
    group="Windows",
    fits=_fits,
    read=read_registry,
    write=_write,
    holds=_holds,
    extension=".reg",
)
