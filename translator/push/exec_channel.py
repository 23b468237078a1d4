"""Commands and files over exec channels: exact output, an exit status, no prompt, no echo."""

from __future__ import annotations

import shlex
import time
from contextlib import closing
from typing import TYPE_CHECKING, Final

from translator.drivers.change import Command, Download, Upload
from translator.drivers.replies import Reply
from translator.errors import ConnectionLostError, DeadlineError, DriverError

if TYPE_CHECKING:
    from paramiko import Channel, Transport

__all__ = ["ExecChannel"]

_PIECE: Final = 1 << 16
_MOST_BYTES: Final = 64 << 20
_NO_STATUS: Final = -1


class ExecChannel:
    """Carries out requests on a transport whose login stands."""

    def __init__(self, transport: Transport, device: str) -> None:
        self._transport = transport
        self._device = device

    def command(self, request: Command) -> Reply:
        """Run a command; both its streams are the text."""
        output, status = self._run(request.text, b"", request.timeout_s)
        text = output.decode("utf-8", "replace").replace("\r\n", "\n")
        return Reply(text, status)

    def upload(self, request: Upload) -> Reply:
        """Write a file beside its name and rename it, so that it is whole or not there.

        Through `cat`, which even a dropbear without an SFTP server has; the content travels as
        standard input, so nothing of it can reach the shell.
        """
        part = shlex.quote(request.path + ".part")
        script = (
            f"umask 077 && cat > {part} && chmod {request.mode:o} {part} "
            f"&& mv -f {part} {shlex.quote(request.path)}"
        )
        output, status = self._run(script, request.data, request.timeout_s)
        return Reply(output.decode("utf-8", "replace"), status)

    def download(self, request: Download) -> Reply:
        """Read a file."""
        output, status = self._run(
            f"cat {shlex.quote(request.path)}", b"", request.timeout_s, request.most_bytes
        )
        return Reply("", status, output if status == 0 else b"")

    def _run(
        self, text: str, data: bytes, timeout_s: float, most_bytes: int = _MOST_BYTES
    ) -> tuple[bytes, int]:
        ends = time.monotonic() + timeout_s
        with closing(self._transport.open_session(timeout=timeout_s)) as channel:
            # Of a file only the content counts; of a command also what it says of errors.
            channel.set_combine_stderr(True)
            channel.exec_command(text)
            self._feed(channel, data, ends)
            output = self._drain(channel, ends, most_bytes)
            if not channel.status_event.wait(max(0.0, ends - time.monotonic())):
                raise self._late(text)
            status = channel.exit_status
        if status == _NO_STATUS and not self._transport.is_active():
            raise ConnectionLostError(
                f"the connection with {self._device} was lost while it ran a command",
                hint="what the command did meanwhile is read back before anything else",
            )
        return output, status

    def _feed(self, channel: Channel, data: bytes, ends: float) -> None:
        for start in range(0, len(data), _PIECE):
            self._limited(channel, ends)
            channel.sendall(data[start : start + _PIECE])
        channel.shutdown_write()

    def _drain(self, channel: Channel, ends: float, most_bytes: int) -> bytes:
        pieces: list[bytes] = []
        total = 0
        while True:
            self._limited(channel, ends)
            piece = channel.recv(_PIECE)
            if not piece:
                return b"".join(pieces)
            total += len(piece)
            if total > most_bytes:
                raise DriverError(
                    f"{self._device} sent more than {most_bytes} bytes for one command",
                    hint="no configuration of ours is that long",
                )
            pieces.append(piece)

    def _limited(self, channel: Channel, ends: float) -> None:
        rest = ends - time.monotonic()
        if rest <= 0:
            raise self._late("")
        channel.settimeout(rest)

    def _late(self, text: str) -> DeadlineError:
        return DeadlineError(
            f"{self._device} did not finish in time{': ' + text[:60] if text else ''}",
            hint="what it did meanwhile is read back before anything else",
        )
