"""The terminal line between a client and a session: echo, line editing, pages, and noise."""

from __future__ import annotations

import asyncio
import re
from typing import Protocol

from .clock import Clock
from .faults import Noise

__all__ = ["Reader", "Terminal", "Writer"]

_MORE = " --More-- "
_ERASE = "\b" * 9 + " " * 8 + "\b" * 9  # what IOS sends to wipe the word away
_INTERRUPTS = "\x03\x04\x1a"  # ^C, ^D, ^Z
_RUBOUTS = "\b\x7f"


class Reader(Protocol):
    """Where bytes come from; b"" is the end."""

    async def read(self, n: int) -> bytes: ...


class Writer(Protocol):
    """Where bytes go."""

    def write(self, data: bytes) -> None: ...

    async def drain(self) -> None: ...


class Terminal:
    """Bytes are taken as Latin-1, so that each byte a client sends is kept as it is.

    What is written in one go leaves in one packet, when the line waits for input: so sshd passes on
    what it finds in a terminal.
    """

    def __init__(self, reader: Reader, writer: Writer, noise: Noise, clock: Clock) -> None:
        self._reader = reader
        self._writer = writer
        self._noise = noise
        self._clock = clock
        self._pending = ""
        self._written: list[str] = []
        self._after_return = False
        self._quiet = False

    async def say(self, text: str, *, page_lines: int = 0) -> None:
        """Write what a device says, page by page where it has pages."""
        if text and self._noise.syslog and not self._noise.syslog_at:
            rows = text.splitlines(keepends=True)
            text = "".join([*rows[: len(rows) // 2], self._log_line(), *rows[len(rows) // 2 :]])
        lines = self._wrapped(text).splitlines(keepends=True)
        room = page_lines - 1 if page_lines else len(lines)
        while lines:
            self._send("".join(lines[:room]))
            del lines[:room]
            if lines:
                key = await self._ask_for_more()
                if key in ("", "q", "Q", "\x03"):
                    return
                room = 1 if key in "\r\n" else page_lines - 1

    def show(self, prompt: str) -> None:
        """Write a prompt."""
        self._send(f"\x1b[0m\x1b[K{prompt}\x1b[m" if self._noise.ansi else prompt)

    async def flush(self) -> None:
        """Send what was written."""
        if self._written:
            text = "".join(self._written).replace("\n", self._noise.newline)
            self._written.clear()
            self._writer.write(text.encode("latin-1", "replace"))
            await self._writer.drain()

    async def read_line(self, *, secret: bool) -> str | None:
        """Return a line without its end, a lone control character, or None at the end.

        A return ends a line; a line feed right after it belongs to it (a client's CRLF is one end).
        """
        self._quiet = secret or not self._noise.echo
        line = ""
        delayed = False
        while True:
            if not self._pending and not await self._fill():
                return None
            if not delayed and self._noise.echo_delay_s:
                await self.flush()
                await self.pause(self._noise.echo_delay_s)
                delayed = True
            found = re.search(r"[\r\n\x00\x03\x04\x08\x15\x1a\x7f]", self._pending)
            end = found.start() if found else len(self._pending)
            plain, self._pending = self._pending[:end], self._pending[end:]
            if plain:
                self._after_return = False
                self._echo(plain)
                line += plain
            if not found:
                continue
            key, self._pending = self._pending[0], self._pending[1:]
            if key == "\n" and self._after_return:
                self._after_return = False
            elif key in "\r\n":
                self._after_return = key == "\r"
                self._send("\n")
                return line
            elif key in _INTERRUPTS:
                return key
            else:
                line = self._edit(line, key)

    async def read_unit(self, first: str) -> str | None:
        """Return raw input as it is, at least one read of it; None at the end."""
        if not first and not self._pending and not await self._fill():
            return None
        taken, self._pending = self._pending, ""
        return first + taken

    def peek(self) -> str:
        """Return what has come but is not read yet."""
        return self._pending

    async def wait(self) -> bool:
        """Wait for input; False at the end."""
        return bool(self._pending) or await self._fill()

    async def more_input(self) -> bool:
        """Wait for input beyond what is pending; False at the end."""
        return await self._fill()

    async def swallow(self) -> None:
        """Take everything and answer nothing, until the client goes."""
        await self.flush()
        while await self._reader.read(4096):
            pass

    async def pause(self, seconds: float) -> None:
        """Let time pass before what was typed is echoed."""
        await asyncio.sleep(seconds)

    async def _fill(self) -> bool:
        await self.flush()
        data = await self._reader.read(4096)
        self._pending += data.decode("latin-1")
        return bool(data)

    def _edit(self, line: str, key: str) -> str:
        if key in _RUBOUTS and line:
            self._echo("\b \b", plain=False)
            return line[:-1]
        if key == "\x15":
            self._echo("\b \b" * len(line), plain=False)
            return ""
        return line

    async def _ask_for_more(self) -> str:
        self._send(_MORE)
        if not self._pending and not await self._fill():
            return ""
        key, self._pending = self._pending[0], self._pending[1:]
        self._send(_ERASE)
        return key

    def _echo(self, text: str, *, plain: bool = True) -> None:
        if self._quiet:
            return
        logs = self._noise.syslog and self._noise.syslog_at in text
        if plain and logs and len(text) > 1:
            half = len(text) // 2
            text = f"{text[:half]}\n{self._log_line()}{text[half:]}"
        if plain and self._noise.ansi:
            text = f"\x1b[1m{text}\x1b[0m"
        self._send(text)

    def _log_line(self) -> str:
        stamp = self._clock.now().strftime("%b %e %H:%M:%S.%f")[:-3]
        what = "%LINEPROTO-5-UPDOWN: Line protocol on Interface Vlan7, changed state to up"
        return f"*{stamp}: {what}\n"

    def _wrapped(self, text: str) -> str:
        columns = self._noise.columns
        if not columns:
            return text
        return re.sub(rf"([^\n]{{{columns}}})(?=[^\n])", r"\1\n", text)

    def _send(self, text: str) -> None:
        self._written.append(text)
