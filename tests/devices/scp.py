"""The two sides of `scp` that a device plays, on its files in memory.

Source:
    The protocol of OpenSSH's scp -t (sink) and scp -f (source): control lines, a zero byte for yes.
"""

from __future__ import annotations

import shlex

from .device import Device
from .terminal import Reader, Writer

__all__ = ["run_scp"]

_YES = b"\0"


async def run_scp(device: Device, command: str, reader: Reader, writer: Writer) -> int:
    """Serve one `scp` command; return its exit status."""
    if not device.scp_allowed:
        # IOS answers so while `ip scp server enable` is absent.
        writer.write(b"Administratively disabled.\n")
        return 1
    words = shlex.split(command)
    flags = "".join(word[1:] for word in words if word.startswith("-"))
    path = words[-1]
    stream = _Bytes(reader)
    if "t" in flags:
        return await _sink(device, path, stream, writer)
    return await _source(device, path, stream, writer)


async def _sink(device: Device, path: str, stream: _Bytes, writer: Writer) -> int:
    writer.write(_YES)
    while header := await stream.line():
        if header.startswith("T"):
            writer.write(_YES)
            continue
        _, size, _ = header.split(" ", 2)
        writer.write(_YES)
        text = (await stream.exactly(int(size))).decode("latin-1")
        await stream.exactly(1)
        if not device.store(path, text):
            writer.write(b"\x02No space left on device\n")
            return 1
        writer.write(_YES)
    return 0


async def _source(device: Device, path: str, stream: _Bytes, writer: Writer) -> int:
    text = device.files.get(device.file_name(path))
    await stream.exactly(1)
    if text is None:
        writer.write(f"\x02{path}: No such file or directory\n".encode())
        return 1
    data = text.encode("latin-1", "replace")
    writer.write(f"C0644 {len(data)} {path.rsplit('/', 1)[-1]}\n".encode())
    await stream.exactly(1)
    writer.write(data + _YES)
    await stream.exactly(1)
    return 0


class _Bytes:
    """Exact reads from a stream."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._held = b""

    async def exactly(self, size: int) -> bytes:
        """Return that many bytes, fewer only at the end."""
        while len(self._held) < size and (more := await self._reader.read(65536)):
            self._held += more
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    async def line(self) -> str:
        """Return a line without its end, "" at the end."""
        taken = b""
        while (byte := await self.exactly(1)) not in (b"", b"\n"):
            taken += byte
        return taken.decode("latin-1")
