"""`load`: a text in braces, or of `set` commands, into a configuration."""

from __future__ import annotations

import re

from .config import Config, Item, StatementError, split

__all__ = ["load_braces", "load_sets"]

_TOKENS = re.compile(r'/\*.*?\*/|#[^\n]*|"[^"\n]*"|[{};]|\[[^\]]*\]|[^\s{};\[\]"]+', re.DOTALL)


def load_sets(config: Config, text: str) -> list[str]:
    """Apply `set`, `delete`, `deactivate` and `activate` lines; return what went wrong."""
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        words = split(line)
        if not words or line.lstrip().startswith("#"):
            continue
        verb, path = words[0], words[1:]
        try:
            if verb == "set":
                config.set(path)
            elif verb == "delete":
                config.delete(path)
            elif verb in ("deactivate", "activate"):
                config.find(path)[0][-1].inactive = verb == "deactivate"
            else:
                raise StatementError(-1, verb)
        except StatementError as problem:
            at = line.find(problem.word)
            problems.append(f"terminal:{number}:({at + 1}) syntax error: {problem.word}")
    return problems


def load_braces(config: Config, text: str) -> list[str]:
    """Merge a text in braces; return what went wrong. `replace:` and `inactive:` are heeded."""
    problems: list[str] = []
    path: list[list[str]] = []
    pending: list[str] = []
    comment = ""
    for found in _TOKENS.finditer(text):
        part, line = found[0], text.count("\n", 0, found.start()) + 1
        if part.startswith("/*"):
            comment = part
        elif part.startswith("#"):
            continue
        elif part == "}":
            if not path:
                problems.append(f"terminal:{line}:(1) syntax error: }}")
            else:
                path.pop()
        elif part in ("{", ";"):
            problem = _apply(config, path, pending, comment)
            if problem:
                problems.append(f"terminal:{line}:(1) syntax error: {problem}")
            if part == "{":
                path.append([word for word in pending if word not in _MARKS])
            pending, comment = [], ""
        else:
            pending += ["[", *split(part.strip("[]")), "]"] if part.startswith("[") else [part]
    if path or pending:
        problems.append(f"terminal:{text.count(chr(10)) + 1}:(0) error: unexpected end of input")
    return problems


_MARKS = ("replace:", "inactive:", "delete:")


def _apply(config: Config, path: list[list[str]], pending: list[str], comment: str) -> str:
    """Set one statement; return the word that does not fit, "" when all do."""
    words = [word for word in pending if word not in _MARKS]
    whole = [word for part in path for word in part] + words
    try:
        if "replace:" in pending or "delete:" in pending:
            config.delete(whole)
        if "delete:" in pending or not words:
            return ""
        item = config.set(whole)
    except StatementError as problem:
        return problem.word or whole[-1]
    item.inactive = "inactive:" in pending
    if comment:
        _annotate(config, whole, comment)
    return ""


def _annotate(config: Config, path: list[str], comment: str) -> None:
    target: Item = config.find(path)[0][-1]
    target.comment = comment
