"""The bytes of a capture from a file or a pipe, unpacked, in chunks and never as a whole."""

from __future__ import annotations

import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from gzip import BadGzipFile, GzipFile
from io import BufferedReader, FileIO
from typing import Final

from translator.errors import CaptureError, UsageError, Where

__all__ = ["PIPE", "Advance", "Stream", "opened"]

PIPE: Final = "-"
Advance = Callable[[int, int], None]
_CHUNK: Final = 1 << 20
_GZIP: Final = b"\x1f\x8b"
_HINT: Final = "save it anew in Wireshark (or: tcpdump -w FILE), as pcap or pcapng"


class Stream:
    """A capture from its beginning to its end.

    Attributes:
        offset: where the bytes that `take` last returned begin, in the unpacked capture.
    """

    def __init__(
        self, name: str, file: BufferedReader[FileIO], advance: Advance | None = None
    ) -> None:
        self.name = name
        self.offset = 0
        self._raw = file
        self._size = _size_of(file)
        self._advance = advance
        self._read: Callable[[int], bytes] = file.read
        self._failure: CaptureError | UsageError | None = None
        if file.peek(len(_GZIP)).startswith(_GZIP):
            # read1: what was unpacked before a damaged place is not lost.
            self._read = GzipFile(fileobj=file, mode="rb").read1

    def take(self, data: bytes, used: int, least: int) -> bytes:
        """Return what of `data` is not used yet and what follows; less than `least` at the end.

        Raises:
            CaptureError: the file cannot be read on, or its compression is damaged.
        """
        self.offset += used
        parts = [data[used:]]
        held = len(parts[0])
        while held < least and (more := self._more()):
            parts.append(more)
            held += len(more)
        if held < least and self._failure is not None:
            raise self._failure
        return b"".join(parts)

    def damaged(self, what: str, at: int, frame: int) -> CaptureError:
        """Return the error of a place in the bytes that were taken last, in or before a frame."""
        return CaptureError(
            f"frame {frame}, at byte {self.offset + at}: {what}",
            where=Where(self.name),
            hint="what was read before it counts; " + _HINT,
        )

    def _more(self) -> bytes:
        """Return the next bytes; none at the end, and where the file cannot be read on."""
        try:
            more = self._read(_CHUNK)
        except (BadGzipFile, EOFError, zlib.error) as error:
            self._failure = CaptureError(
                f"its compression is damaged: {error}",
                where=Where(self.name),
                hint="what was read before it counts; copy the file anew",
            )
            return b""
        except OSError as error:
            self._failure = _unreadable(self.name, error)
            return b""
        if self._advance is not None and self._size:
            self._advance(self._raw.tell(), self._size)
        return more


@contextmanager
def opened(name: str, advance: Advance | None = None) -> Iterator[Stream]:
    """Give the stream of a file, or of stdin for `-`; packed with gzip or not.

    Args:
        advance: is called with (bytes read, bytes in all) where the size is known.

    Raises:
        UsageError: there is no such file, or it may not be read.
    """
    if name == PIPE:
        if sys.stdin is None:
            raise UsageError("stdin is closed", hint="name a file instead of -")
        with BufferedReader(FileIO(sys.stdin.fileno(), closefd=False)) as pipe:
            yield _begun("<stdin>", pipe, advance)
        return
    with _file(name) as file:
        yield _begun(name, file, advance)


def _file(name: str) -> BufferedReader[FileIO]:
    try:
        return BufferedReader(FileIO(name))
    except OSError as error:
        raise _unreadable(name, error) from None
    except ValueError:
        raise UsageError(
            f"{name!r} is no file name", hint="a file name holds no NUL character"
        ) from None


def _begun(name: str, file: BufferedReader[FileIO], advance: Advance | None) -> Stream:
    try:
        return Stream(name, file, advance)
    except OSError as error:
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: OSError) -> UsageError:
    return UsageError(
        f"cannot be read: {error.strerror}",
        where=Where(name),
        hint="name a capture file (pcap, pcapng), or - for stdin",
    )


def _size_of(file: BufferedReader[FileIO]) -> int:
    """The size of a regular file, 0 of a pipe."""
    try:
        status = os.fstat(file.fileno())
    except (OSError, ValueError):
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0
