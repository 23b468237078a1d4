"""What a Tomato router says: a busybox shell with iptables and tc, and `nvram`.

`nvram set`, `unset` and `commit` return 0 and say nothing whatever happens, and `set` cuts what is
longer than its buffer: only reading a setting back tells whether it was taken. Source: FreshTomato,
`nvram/main.c` (the results of `nvram_set` and `nvram_commit` are not looked at).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from translator.drivers.linux.replies import LINUX_TABLE
from translator.drivers.replies import Form, Kind
from translator.drivers.reply_reader import ReplyReader

__all__ = ["TOMATO_REPLIES"]

# Source: FreshTomato, `nvram/main.c`, what it prints before it returns 1.
_NVRAM: Final = (
    Form(Kind.SYNTAX, (r"NVRAM Utility$|[Uu]sage: nvram ",), unchanged=True),
    Form(
        Kind.VALUE,
        (r'Cannot read input file "|Invalid cfg file format for "',),
        unchanged=True,
    ),
    Form(Kind.OTHER, (r'Cannot write to output file "',), unchanged=True),
)

_TABLE: Final = replace(LINUX_TABLE, plain=(*_NVRAM, *LINUX_TABLE.plain))

TOMATO_REPLIES: Final = ReplyReader(_TABLE)
"""Reads the replies of all three Tomato families."""
