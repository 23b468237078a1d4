"""Takes secrets out of text that people, logs or files are going to see.

Two nets, one behind the other: the values of the credentials in use, whatever stands around them,
and the places where vendors' configurations hold secrets, whatever the value.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from typing import Final

from translator.push.secret import Secret

__all__ = ["LOGGERS", "MASK", "Redactor", "redacted", "redacting", "watch_logs"]

MASK: Final = "<secret>"
_SHORTEST: Final = 4
"""A shorter value would be found everywhere; it is masked only where it stands as a word."""

# A value: a quoted string, in XML too, or one word. The keywords before it are kept, so that a
# reader sees what was taken out. Source of each syntax: the vendors' command references; types
# 0 5 6 7 8 9 of IOS.
_VALUE: Final = r"(?:\"[^\"\n]*\"|'[^'\n]*'|&quot;[^\n]*?&quot;|[^\s;\"']+)"
_KIND: Final = r"(?:(?:[0-9]|sha512|sha256|sha1|md5|scrypt|clear|cipher|simple|encrypted|hash)\s+)?"
_PLACES: Final = re.compile(
    "|".join(
        (
            # IOS family: enable secret, username ... password/secret, line password
            rf"\b(?:enable\s+|username\s+\S+\s[^\n]*?)?(?:secret|password)\s+{_KIND}",
            r"\bsnmp-server\s+community\s+|\bsnmp-server\s+host\s+\S+\s[^\n]*?version\s+\S+\s+",
            rf"\b(?:tacacs-server|radius-server)\s[^\n]*?key\s+{_KIND}",
            rf"^[^\S\n]*(?:server-private\s[^\n]*?\s)?key\s+(?!chain\b|\d{{1,10}}\s*$){_KIND}",
            rf"\b(?:key-string|pre-shared-key|authentication-key|wpa-psk|passphrase)\s+"
            rf"(?:ascii(?:-text)?\s+|hexadecimal\s+|local\s+|remote\s+|address\s+\S+\s+key\s+)?{_KIND}",
            rf"\bmessage-digest-key\s+\d+\s+md5\s+{_KIND}|\bcrypto\s+isakmp\s+key\s+{_KIND}",
            rf"\bneighbor\s+\S+\s+password\s+{_KIND}",
            # Junos
            r"\b(?:encrypted-password|plain-text-password-value|ascii-text|shared-secret)\s+",
            r"\bsnmp\s+community\s+|^[^\S\n]*community\s+(?=\S+\s*\{)",
            # Tomato and other nvram, shell and YAML forms
            r"\b\w*(?:passw(?:or)?d|secret|passphrase|_psk|_key)\w*\s*[=:]\s*",
            r"\bNET_(?:PASSWORD|SECRET)=",
        )
    ),
    re.MULTILINE | re.IGNORECASE,
)
_PLACE_AND_VALUE: Final = re.compile(rf"({_PLACES.pattern}){_VALUE}", re.MULTILINE | re.IGNORECASE)
# One of these stands in each of the places, in whatever case: a fleet's texts are long, and few
# hold any. Letters that only Unicode counts as equal are folded as the expression folds them.
_SIGNS: Final = ("secret", "passw", "passphrase", "key", "psk", "snmp", "commun", "-text")
# Hashes show by themselves what they are: crypt(3), and types 8 and 9 of Junos and IOS.
_HASHES: Final = re.compile(r"\$(?:[0-9a-z]{1,8})\$[./A-Za-z0-9$=_-]{6,}")
_BLOCKS: Final = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
)

LOGGERS: Final = (
    "qos_translator",
    "netmiko",
    "paramiko.transport",
    "paramiko.transport.sftp",
    "napalm",
    "nornir",
    "ncclient.transport.ssh",
    "ncclient.transport.session",
    "ncclient.operations.rpc",
)
"""Our own logger and those of the libraries; a filter does not see what loggers below write."""


class Redactor:
    """Masks secrets; knows the values of the credentials in use."""

    def __init__(self, secrets: Iterable[Secret | None] = ()) -> None:
        values = {item.reveal() for item in secrets if item}
        # The longest first: one secret may be the beginning of another.
        self._values = sorted(values, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        for value in self._values:
            if len(value) >= _SHORTEST:
                text = text.replace(value, MASK)
            else:
                text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", MASK, text)
        text = _BLOCKS.sub(MASK, text)
        folded = text.casefold()
        if any(sign in folded for sign in _SIGNS):
            text = _PLACE_AND_VALUE.sub(lambda found: f"{found[1]}{MASK}", text)
        return _HASHES.sub(MASK, text)


def redacted(error: BaseException, redactor: Redactor) -> None:
    """Take secrets out of an error and of all that it came from: devices echo what they refuse."""
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        at.args = tuple(redactor(item) if isinstance(item, str) else item for item in at.args)
        for name in ("problem", "hint", "command", "message"):
            value = getattr(at, name, None)
            if isinstance(value, str):
                _rewrite(at, name, redactor(value))
        at = at.__cause__ or at.__context__


def _rewrite(error: BaseException, name: str, value: str) -> None:
    try:
        setattr(error, name, value)
    except AttributeError:  # a property; so ncclient shows what a device said
        setattr(error, f"_{name}", value)


class _LogFilter(logging.Filter):
    """Rewrites records before any handler sees them."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = self._redactor(record.getMessage())
        record.args = ()
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = self._redactor(repr(record.exc_info[1]))
            record.exc_info = None
        return True


def redacting(redactor: Redactor) -> logging.Filter:
    """Return a filter that takes secrets out of what passes a logger or a handler."""
    return _LogFilter(redactor)


class watch_logs:  # noqa: N801  # a context manager, used as a function
    """Keep secrets out of what the libraries log, from `with` to its end.

    Where nobody has set up logging, they stay silent: what went wrong is an error of ours.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._filter = _LogFilter(redactor)
        self._nowhere = logging.NullHandler()

    def __enter__(self) -> None:
        for name in LOGGERS:
            logging.getLogger(name).addFilter(self._filter)
            logging.getLogger(name).addHandler(self._nowhere)

    def __exit__(self, *_: object) -> None:
        for name in LOGGERS:
            logging.getLogger(name).removeFilter(self._filter)
            logging.getLogger(name).removeHandler(self._nowhere)
