"""One shell from login to logout: lines from a terminal to a session, answers back."""

from __future__ import annotations

from .device import Device
from .session import Fate, Reply, Session
from .terminal import Terminal

__all__ = ["run_shell"]

_INTERRUPTS = ("\x03", "\x04", "\x1a")


async def run_shell(device: Device, session: Session, terminal: Terminal) -> Fate:
    """Serve a shell until one side ends it; return what is to become of the connection."""
    fate = await _served(device, session, terminal)
    await terminal.flush()
    return fate


async def _served(device: Device, session: Session, terminal: Terminal) -> Fate:
    await terminal.say(session.greeting())
    while True:
        terminal.show(session.shown_prompt())
        reply = await _next_reply(device, session, terminal)
        if reply is None:
            return Fate.CLOSES
        if reply.fate is Fate.HANGS:
            await terminal.swallow()
            return Fate.CLOSES
        if reply.fate is Fate.RESETS:
            return Fate.RESETS
        await terminal.say(reply.text, page_lines=session.page_lines)
        if reply.fate is Fate.CLOSES:
            return Fate.CLOSES


async def _next_reply(device: Device, session: Session, terminal: Terminal) -> Reply | None:
    if not await terminal.wait():
        return None
    unit = terminal.peek()
    while session.question is None and (whole := session.collects(unit)) is not None:
        if whole:
            return await _take_unit(device, session, terminal)
        if not await terminal.more_input():
            return None
        unit = terminal.peek()
    secret = session.question is not None and session.question.secret
    line = await terminal.read_line(secret=secret)
    if line is None:
        return None
    if line in _INTERRUPTS:
        with device.lock:
            return session.interrupt(line)
    return device.receive(session, line)


async def _take_unit(device: Device, session: Session, terminal: Terminal) -> Reply | None:
    unit = await terminal.read_unit("")
    if unit is None:
        return None
    terminal.show(unit.replace("\r", "\n"))
    return device.receive(session, unit)
