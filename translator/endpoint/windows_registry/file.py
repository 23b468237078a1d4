r"""Registry files as `regedit` writes and reads them: keys, values, and their quoting.

Source:
    Microsoft's article on .reg files (KB310516): header line, an empty line, keys in brackets,
    `"name"="text"`, `dword:` with hexadecimal digits, `[-key]` and `"name"=-` to remove. That
    `\` and `"` have a backslash before them, that version 5 files are UTF-16 with a byte order
    mark and CRLF, and that long binary values go on behind a backslash, is what regedit writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from translator.endpoint.files.encoding import is_utf_16, text_of
from translator.errors import PlanError, Where

__all__ = ["Entry", "is_registry_file", "read_entries", "write_entries"]

_HEADER: Final = "Windows Registry Editor Version 5.00"
_HEADERS: Final = (_HEADER, "REGEDIT4")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_KEY: Final = re.compile(r"\[(-?)(.+)\]")
_TEXT: Final = r'"((?:[^"\\]|\\.)*+)"'
_VALUE: Final = re.compile(rf"(?:@|{_TEXT})[ \t]*=[ \t]*(.*)")
_STRING: Final = re.compile(_TEXT)
_DWORD: Final = re.compile(r"dword:([0-9A-Fa-f]{1,8})", re.IGNORECASE)
_CUT_DWORD: Final = re.compile(r"dword:[0-9A-Fa-f]{1,7}\Z", re.IGNORECASE)
_BINARY: Final = re.compile(r"hex(?:\([0-9A-Fa-f]{1,8}\))?:[0-9A-Fa-f, \t]*", re.IGNORECASE)
_BINARY_BEGINS: Final = re.compile(rf"[ \t]*(?:@|{_TEXT})[ \t]*=[ \t]*hex", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A value below a key; a number is a REG_DWORD, a text a REG_SZ, None another kind.

    Attributes:
        key: the whole path, such as `HKEY_LOCAL_MACHINE\\SOFTWARE\\...`.
        name: of the value; "" for the key's own, None for the key itself.
        removed: the line removes the value, or the key.
    """

    key: str
    name: str | None
    value: str | int | None = None
    where: Where | None = None
    removed: bool = False


def is_registry_file(data: bytes) -> bool:
    """Whether a file begins with one of the two header lines of registry files."""
    encoding = "utf-16" if is_utf_16(data) else "utf-8-sig"
    start = data[:200].decode(encoding, errors="replace").lstrip("\ufeff \t\r\n")
    return start.startswith(_HEADERS)


def read_entries(data: bytes, file: str) -> Iterator[Entry]:
    """Yield the keys and values of a registry file.

    Raises:
        PlanError: another encoding, no header, or a line that is none of a registry file.
    """
    header_seen = False
    key = ""
    for where, text in _lines(_text(data, file), file):
        if not header_seen:
            header_seen = _is_header(text, where)
        elif text.startswith("["):
            entry = _key(text, where)
            key = "" if entry.removed else entry.key
            yield entry
        elif text:
            yield _value(key, text, where)
    if not header_seen:
        raise PlanError(
            "there is no header line", where=Where(file), hint=f"it must begin with {_HEADER}"
        )


def write_entries(keys: Iterable[tuple[str, Iterable[tuple[str, str | int]]]]) -> bytes:
    """Return a registry file of version 5: UTF-16 little-endian with its mark, CRLF."""
    lines = [_HEADER, ""]
    for key, values in keys:
        lines.append(f"[{key}]")
        lines += [f"{_quoted(name)}={_written(value)}" for name, value in values]
        lines.append("")
    return b"\xff\xfe" + "".join(f"{line}\r\n" for line in lines).encode("utf-16-le")


def _written(value: str | int) -> str:
    return f"dword:{value:08x}" if isinstance(value, int) else _quoted(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _text(data: bytes, file: str) -> str:
    text = text_of(data, file)
    if _CUT_DWORD.search(text):
        raise PlanError(
            "the file ends within a number",
            where=Where(file, len(_LINE_END.split(text))),
            hint="regedit writes eight digits and a line end; export it again",
        )
    return text


def _lines(text: str, file: str) -> Iterator[tuple[Where, str]]:
    """Yield lines with their numbers: without comments, and binary values as one line each."""
    first, parts = 0, list[str]()
    for number, line in enumerate(_LINE_END.split(text), 1):
        if not parts and (not line or line.lstrip().startswith(";")):
            continue
        first = first if parts else number
        is_binary = bool(parts) or _BINARY_BEGINS.match(line) is not None
        if is_binary and line.endswith("\\"):
            parts.append(line[:-1].strip(" \t"))
            continue
        yield Where(file, first), "".join((*parts, line.strip(" \t")))
        parts.clear()
    if parts:
        raise PlanError(
            "the last value goes on and nothing follows",
            where=Where(file, first),
            hint="the file may be cut short; export it again",
        )


def _is_header(text: str, where: Where) -> bool:
    if text and text not in _HEADERS:
        raise PlanError(
            f"{text[:60]!a} is no header of a registry file",
            where=where,
            hint=f"it must begin with {_HEADER}",
        )
    return bool(text)


def _key(text: str, where: Where) -> Entry:
    found = _KEY.fullmatch(text)
    if found is None:
        raise PlanError(
            f"{text[:80]!a} is no key",
            where=where,
            hint="a key stands in brackets; the file may be cut short",
        )
    return Entry(found[2], None, where=where, removed=bool(found[1]))


def _value(key: str, text: str, where: Where) -> Entry:
    found = _VALUE.fullmatch(text)
    if found is None:
        raise PlanError(
            f"{text[:80]!a} is no value",
            where=where,
            hint='a line is "name"="text" or "name"=dword:0000002e; the file may be cut short',
        )
    if not key:
        raise PlanError(
            f"{text[:80]!a} stands under no key",
            where=where,
            hint="values stand below a key in brackets",
        )
    name = _plain(found[1] or "")
    if string := _STRING.fullmatch(found[2]):
        return Entry(key, name, _plain(string[1]), where)
    if dword := _DWORD.fullmatch(found[2]):
        return Entry(key, name, int(dword[1], 16), where)
    if found[2] == "-":
        return Entry(key, name, where=where, removed=True)
    if _BINARY.fullmatch(found[2]):
        return Entry(key, name, None, where)
    raise PlanError(
        f"{found[2][:80]!a} is no value of a registry file",
        where=where,
        hint='"text", dword:0000002e and hex:... are; the file may be cut short',
    )


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
