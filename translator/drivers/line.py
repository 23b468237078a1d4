"""One kind of configuration line, stated once, written and read by the same statement."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from translator.errors import DriverError

__all__ = ["Line", "safe"]

_FIELD: Final = re.compile(r"\{(\w+):(\w+)\}")
_KINDS: Final = {
    "int": r"\d+",
    "word": r"\S+",
    "rest": r"\S.*?",
}


class Line:
    """A line such as `permit {protocol:word} any range {low:int} {high:int} any`.

    Kinds of fields: `int` (decimal), `word` (no blank), `rest` (to the end of the line). When
    reading, any run of blanks separates words and keywords are case-insensitive.
    """

    __slots__ = ("_pattern", "_template", "form")

    def __init__(self, form: str) -> None:
        self.form = form
        self._template = _FIELD.sub(lambda found: "{" + found[1] + "}", form)
        self._pattern = _compile(form)

    def write(self, **values: int | str) -> str:
        """Return the line with the fields filled in; every value is checked to be one line.

        Raises:
            DriverError: a value would break out of its field.
        """
        for name, value in values.items():
            if isinstance(value, str):
                safe(value, name)
        return self._template.format(**values)

    def read(self, text: str) -> dict[str, str] | None:
        """Return the fields as text, or None when `text` is another kind of line."""
        found = self._pattern.fullmatch(text.strip())
        return None if found is None else found.groupdict()

    def __repr__(self) -> str:
        return f"Line({self.form!r})"


def safe(value: str, what: str) -> str:
    """Return `value` if it can stand inside one configuration line.

    Raises:
        DriverError: it is empty or holds a control, line or paragraph separator character.
    """
    if not value or not value.isprintable():
        raise DriverError(
            f"{what} {value!r} cannot stand in a configuration line",
            hint="use printable characters only, on one line",
        )
    return value


@lru_cache(maxsize=1024)
def _compile(form: str) -> re.Pattern[str]:
    parts: list[str] = []
    end = 0
    for found in _FIELD.finditer(form):
        parts.append(_literal(form[end : found.start()]))
        parts.append(f"(?P<{found[1]}>{_KINDS[found[2]]})")
        end = found.end()
    parts.append(_literal(form[end:]))
    return re.compile("".join(parts), re.IGNORECASE)


def _literal(text: str) -> str:
    return re.sub(r"(\\ )+", r"\\s+", re.escape(text))
