"""Output of cmdlets: the Lync, Skype for Business and Teams modules, and Get-NetQosPolicy.

One file may hold the output of several of them, with prompts and typed commands between.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from translator.endpoint.cmdlets import client, media, netqos, phone, service
from translator.endpoint.cmdlets.console import colourless, objects_of
from translator.endpoint.cmdlets.printed import Printed
from translator.endpoint.formats.registry import EndpointFormat, Source
from translator.endpoint.settings import Remark, Setting, Settings
from translator.errors import PlanError, Where

__all__ = ["FORMAT"]


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of object: how it is told from the others, and how it is read."""

    fits: Callable[[Printed], bool]
    read: Callable[[Printed], Iterator[Setting]]


# Asked in this order: a Teams tenant has EnableQoS beside its ports, a policy its own names.
_KINDS: Final = (
    _Kind(netqos.fits, netqos.read),
    _Kind(client.fits, client.read),
    _Kind(service.fits, service.read),
    _Kind(phone.fits, phone.read),
    _Kind(media.fits, media.read),
)
_KNOWN: Final = (
    netqos.PROPERTIES | client.PROPERTIES | service.PROPERTIES | phone.PROPERTIES | media.PROPERTIES
)
_ALSO_PRINTED: Final = ("clienttransferportrange", "dscpaction")
_WORDS: Final = "|".join(sorted((*_KNOWN, *_ALSO_PRINTED), key=len, reverse=True))
_IN_LIST: Final = re.compile(rf"\b(?:{_WORDS})(?:matchcondition)?[ \t]+:(?:\s|$)")
_WORD: Final = re.compile(rf"\b(?:{_WORDS})\b")
_RULE: Final = re.compile(r"[ \t]*-{2,}(?: +-{2,})*[ \t]*")
# Names that look like ports or marks of media, so that a new property is told, not passed over.
_MEDIA: Final = re.compile("audio|video|appsharing|filetransfer|mediacommunication|clientmedia")
_PORTS: Final = re.compile("port|range|count")
_MARKS: Final = re.compile("qos|diffserv|dscp|8021")


def _fits(source: Source) -> bool:
    text = colourless(source.text).replace("\r\n", "\n").lower()
    if not any(word in text for word in (*_KNOWN, *_ALSO_PRINTED)):
        return False  # spares long texts the patterns
    return _IN_LIST.search(text) is not None or _has_header(text)


def _has_header(text: str) -> bool:
    """Whether a line above a rule of dashes, as tables have it, holds one of the words."""
    return any(
        "--" in below and "|" not in line and _RULE.fullmatch(below) and _WORD.search(line)
        for line, below in pairwise(text.split("\n"))
    )


def _is_like_qos(name: str) -> bool:
    media = _MEDIA.search(name)
    ports = media and _PORTS.search(name, media.end())
    return ports is not None or _MARKS.search(name) is not None


def _read(source: Source) -> Settings:
    found: list[Setting] = []
    for item in objects_of(source.text, source.file, _KNOWN):
        kind = next((kind for kind in _KINDS if kind.fits(item)), None)
        if kind is not None:
            found += kind.read(item)
        found += _strangers(item)
    if not found:
        raise PlanError(
            "no object with a setting of QoS",
            where=Where(source.file),
            hint="give the output of Get-CsConferencingConfiguration, Get-CsService, "
            "Get-CsUCPhoneConfiguration, Get-CsMediaConfiguration or Get-NetQosPolicy",
        )
    return tuple(found)


def _strangers(item: Printed) -> Iterator[Remark]:
    if netqos.fits(item):
        return
    for name, value in item.properties.items():
        if name not in _KNOWN and _is_like_qos(name):
            yield Remark(
                "property-unknown", f"property {value.name[:60]} is not known", value.where
            )


FORMAT: Final = EndpointFormat(
    name="cmdlets",
    title="output of Get-Cs... and Get-NetQosPolicy",
    group="PowerShell",
    fits=_fits,
    read=_read,
    write=None,
    holds=lambda _setting: False,
    extension=".txt",
)
