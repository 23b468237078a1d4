"""Types lines into a shell of a device, without any network."""

from __future__ import annotations

from .device import Device
from .session import Session

__all__ = ["Typist"]


class Typist:
    """One shell of its own; a call types lines and returns what is answered."""

    def __init__(self, device: Device, user: str = "admin") -> None:
        self.device = device
        self.shell: Session = device.attach(user)

    def __call__(self, *lines: str) -> str:
        return "".join(self.device.receive(self.shell, line).text for line in lines)

    @property
    def prompt(self) -> str:
        """The prompt, or the open question."""
        return self.shell.shown_prompt()
