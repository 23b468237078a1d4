"""Audits as bytes and back, without loss: for the cache, and to hold ten thousand in memory."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from translator.audit.model import DeviceAudit

__all__ = ["Packed", "from_plain", "to_plain"]

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(DeviceAudit)
# The first byte of JSON; no MessagePack map begins with it.
_BRACE: Final = b"{"


def to_plain(device: DeviceAudit) -> bytes:
    """Return the audit as bytes; the same audit gives the same bytes."""
    try:
        data = _ENCODER.encode(device)
    except UnicodeEncodeError:
        # A file name that is no UTF-8 holds lone surrogates, which only JSON can spell.
        data = json.dumps(msgspec.to_builtins(device), separators=(",", ":")).encode("ascii")
    # Findings repeat each other: an eighth of the size at the quickest level.
    return zlib.compress(data, 1)


def from_plain(data: bytes) -> DeviceAudit:
    """Return the audit that `to_plain` turned into these bytes.

    Raises:
        ValueError: the bytes are damaged, or of another version of the model.
    """
    try:
        data = zlib.decompress(data)
        if data[:1] == _BRACE:
            return msgspec.convert(json.loads(data), DeviceAudit)
        return _DECODER.decode(data)
    except (msgspec.MsgspecError, RecursionError, zlib.error) as error:
        raise ValueError(f"no audit: {error}") from None


class Packed:
    """Audits held as bytes, much smaller; each iteration decodes them anew, in order."""

    def __init__(self, devices: Iterable[DeviceAudit] = ()) -> None:
        self._held = [to_plain(device) for device in devices]

    def add(self, device: DeviceAudit) -> None:
        """Put one more audit at the end."""
        self._held.append(to_plain(device))

    def add_packed(self, data: bytes) -> None:
        """Put one more audit at the end, as `to_plain` gave it."""
        self._held.append(data)

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[DeviceAudit]:
        return map(from_plain, self._held)
