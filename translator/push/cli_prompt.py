"""The prompt of a terminal that shows messages of the log among what is typed."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final

from translator.drivers.capture import cleaned
from translator.errors import UnreachableError

if TYPE_CHECKING:
    from paramiko import Channel

__all__ = ["prompt_of"]

_QUIET_S: Final = 0.3
_PIECE: Final = 1 << 16
_PROMPT: Final = re.compile(r"(\w[\w.:/@-]{0,80})[#>$%] ?")


def prompt_of(channel: Channel, device: str, timeout_s: float) -> str:
    """Return the prompt without its mark: what two empty lines in a row are answered with.

    Raises:
        UnreachableError: nothing looks like one, in that time.
    """
    ends = time.monotonic() + timeout_s
    _quiet(channel, ends)
    found: list[str] = []
    while time.monotonic() < ends:
        channel.sendall(b"\n")
        last = _quiet(channel, ends).rstrip("\n").rpartition("\n")[2]
        shown = _PROMPT.fullmatch(last)
        found = [*found[-1:], shown[1]] if shown is not None else []
        if len(found) == 2 and found[0] == found[1]:
            return found[0]
    raise UnreachableError(
        f"{device} lets us in, but shows no prompt that stays the same",
        hint="check `platform` in the inventory, and what the device prints at a login",
    )


def _quiet(channel: Channel, ends: float) -> str:
    """Return what comes until nothing has come for a while."""
    pieces: list[bytes] = []
    heard = time.monotonic()
    while (now := time.monotonic()) < ends and now - heard < _QUIET_S:
        channel.settimeout(_QUIET_S)
        try:
            piece = channel.recv(_PIECE)
        except TimeoutError:
            break
        if not piece:
            break
        pieces.append(piece)
        heard = time.monotonic()
    return cleaned(b"".join(pieces).decode("utf-8", "replace"))
