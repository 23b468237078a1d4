"""What the fields of a host may hold; whatever would mean something to a shell or a device may not.

The values end up in file names, in commands of a session and on terminals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from translator.errors import InventoryError

__all__ = [
    "ADDRESS",
    "GROUP",
    "HOST_NAME",
    "PLATFORM",
    "SERIAL",
    "TRANSPORT",
    "USERNAME",
    "Form",
    "check_port",
]


@dataclass(frozen=True, slots=True)
class Form:
    """The form of one kind of text."""

    what: str
    pattern: re.Pattern[str]
    hint: str

    def check(self, text: str) -> str:
        """Return the text if it has the form.

        Raises:
            InventoryError: it has not; without a place.
        """
        if not self.pattern.fullmatch(text):
            shown = repr(text) if len(text) <= 80 else f"{text[:60]!r}... ({len(text)} characters)"
            raise InventoryError(f"{shown} is no {self.what}", hint=self.hint)
        return text


# A host name becomes a file name and a comment, so it is stricter than DNS: no leading dot or
# dash, no slash, and nothing that a shell or a terminal would interpret.
HOST_NAME: Final = Form(
    "host name",
    re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}"),
    "letters, digits and . _ - only, starting with a letter or digit",
)
# A leading dash would be an option of ssh; % stands before the zone of a link-local address.
ADDRESS: Final = Form(
    "address of a host",
    re.compile(r"[A-Za-z0-9_:][A-Za-z0-9._:%-]{0,254}"),
    "write a DNS name in ASCII, an IPv4 or an IPv6 address, without brackets and port",
)
PLATFORM: Final = Form(
    "platform name",
    re.compile(r"[A-Za-z0-9][A-Za-z0-9._ /+-]{0,99}"),
    "write a name of ours, of Netmiko, NAPALM or Ansible: cisco_ios",
)
USERNAME: Final = Form(
    "user name",
    re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@\\+-]{0,63}"),
    "letters, digits and . _ @ \\ + - only, at most 64 characters",
)
SERIAL: Final = Form(
    "serial number",
    re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:/+#=-]{0,63}"),
    "letters, digits, blanks and . _ : / + # = - only, at most 64 characters",
)
TRANSPORT: Final = Form("transport", re.compile("netmiko|napalm"), "write netmiko or napalm")
# No slash: Ansible looks for a file of the group's name; no sign that a host pattern reserves.
GROUP: Final = Form(
    "group name",
    re.compile(r"\w(?:[\w .@+-]{0,198}[\w.@+-])?"),
    "letters, digits, blanks inside and . _ @ + - only, at most 200 characters",
)


def check_port(number: int) -> int:
    """Return a TCP port.

    Raises:
        InventoryError: not within 1-65535.
    """
    if not 1 <= number <= 65535:
        raise InventoryError(f"port {number} is not within 1-65535", hint="SSH listens on 22")
    return number
