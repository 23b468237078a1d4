"""eAPI of an EOS device: JSON-RPC over HTTP on loopback, each request a shell of its own.

Source:
    Arista eAPI, `runCmds`: the first failing command ends the request with error 1002.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from ..server import LOOP, Address, reset_on_close, run_on_loop
from ..session import Fate
from .device import EosDevice
from .session import EosSession

__all__ = ["serving_eapi"]


@contextmanager
def serving_eapi(device: EosDevice) -> Iterator[Address]:
    """Serve the eAPI of a device until the block ends; the address has no host key."""
    with ExitStack() as stack:
        loop = stack.enter_context(LOOP.used())
        server = run_on_loop(loop, asyncio.start_server(_Api(device).connected, "127.0.0.1", 0))
        stack.callback(lambda: run_on_loop(loop, _stop(server)))
        yield Address("127.0.0.1", server.sockets[0].getsockname()[1], "")


async def _stop(server: asyncio.Server) -> None:
    server.close()
    await server.wait_closed()


class _Api:
    def __init__(self, device: EosDevice) -> None:
        self._device = device

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve the requests of one connection."""
        try:
            while await self._request(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if not await reader.readline():
            return False
        headers: dict[str, str] = {}
        while line := (await reader.readline()).decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        user = self._user(headers.get("authorization", ""))
        status = "200 OK" if user else "401 Unauthorized"
        answer, fate = self._answer(json.loads(body), user) if user else ({}, Fate.STAYS)
        if fate is Fate.RESETS:
            reset_on_close(writer.get_extra_info("socket"))
            writer.transport.abort()
            return False
        while fate is Fate.HANGS and await reader.read(4096):
            pass
        data = json.dumps(answer).encode()
        kind = "Content-Type: application/json"
        head = f"HTTP/1.1 {status}\r\n{kind}\r\nContent-Length: {len(data)}\r\n\r\n"
        writer.write(head.encode() + data)
        await writer.drain()
        return True

    def _user(self, authorization: str) -> str:
        """The user who is logged in, "" for nobody."""
        kind, _, token = authorization.partition(" ")
        user, _, password = (
            base64.b64decode(token).decode().partition(":") if kind == "Basic" else ("", "", "")
        )
        return user if self._device.accepts(user, password) else ""

    def _answer(self, request: dict[str, Any], user: str) -> tuple[dict[str, Any], Fate]:
        parameters = request["params"]
        shell = self._device.attach(user)
        assert isinstance(shell, EosSession)
        results: list[Any] = []
        answer: dict[str, Any] = {"jsonrpc": "2.0", "id": request["id"]}
        try:
            for at, command in enumerate(parameters["cmds"], 1):
                line = command["cmd"] if isinstance(command, dict) else command
                text = parameters.get("format") == "text"
                result, error, fate = self._run(shell, line, text=text)
                if fate in (Fate.RESETS, Fate.HANGS):
                    return answer, fate
                if error:
                    count = len(parameters["cmds"])
                    message = f"CLI command {at} of {count} '{line}' failed: invalid command"
                    data = [*results, {"errors": [error]}]
                    problem = {"code": 1002, "message": message, "data": data}
                    return {**answer, "error": problem}, Fate.STAYS
                results.append(result)
        finally:
            self._device.drop(shell)
        return {**answer, "result": results}, Fate.STAYS

    def _run(self, shell: EosSession, line: str, *, text: bool) -> tuple[Any, str, Fate]:
        """Carry out one command; return its result, its error, and what becomes of the request."""
        structured = None if text else shell.structured(line)
        if structured:
            return structured, "", Fate.STAYS
        reply = self._device.receive(shell, line)
        if shell.question:
            shell.question = None
        if reply.refused:
            return None, reply.text.strip().removeprefix("% "), reply.fate
        return ({"output": reply.text} if text else {}), "", reply.fate
