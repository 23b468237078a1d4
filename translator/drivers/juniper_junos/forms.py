"""Both forms in which Junos prints its configuration, and CLI sessions in either, as one tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from translator.drivers.juniper_junos.session import (
    DEEPEST,
    SHOW,
    TOO_DEEP,
    Session,
    is_command,
)
from translator.drivers.juniper_junos.tree import MOST_VALUES, Node, Path, Tree
from translator.drivers.juniper_junos.words import (
    COMMAND,
    HEADING,
    PROMPT,
    TOKEN,
    path_of,
    quoted,
    spoken,
)
from translator.errors import ParseError, RefusedError, Where

__all__ = ["KEPT", "deactivated", "flatten", "is_commands", "read_tree"]

# Top-level words of what bears on QoS.
KEPT: Final = frozenset(
    {
        "apply-groups",
        "bridge-domains",
        "class-of-service",
        "dynamic-profiles",
        "firewall",
        "forwarding-options",
        "groups",
        "interfaces",
        "logical-systems",
        "policy-options",
        "routing-instances",
        "services",
        "vlans",
    }
)
_TAGS: Final = frozenset({"inactive:", "protect:", "replace:", "active:", "unprotect:"})
# What a line of one plain statement does not hold; a tag ends in a colon.
_ODD: Final = re.compile(r'["#\[\]{};]|/\*|\*/|^\w+:\s')
_SET_LINE: Final = re.compile(rf"^[ \t]*{COMMAND}", re.MULTILINE)
_TYPED_LINE: Final = re.compile(rf"^[ \t]*(?:{PROMPT})?{COMMAND}", re.MULTILINE)
# What stands before a brace in the line of a command.
_HEAD: Final = re.compile(rf"[ \t]*(?:{PROMPT})?(?:set|delete|deactivate)[ \t]")
_ENGINE: Final = re.compile(r"\{[\w-]{1,20}:[\w-]{1,20}\}")
_MOST_SIGNS: Final = 200  # of braces in commands that are looked at
# What `display xml` and `display json` begin with.
_OTHER_FORM: Final = re.compile(
    r"\s*(?:<rpc-reply[^>]{0,500}>\s*)?<configuration(?:-information)?[\s>]"
    r"|\s*(?:\{\s*)?\"configuration\"\s*:"
)
_COMPARED: Final = re.compile(r"\|\s*(?:display\s+)?compare\b")
_PROMPTED: Final = re.compile(PROMPT)
_ENDS: Final = frozenset("{};")
# What stands for statements that a listing leaves out: `{ ... }`, and that of `apply-flags omit`.
_LEFT_OUT: Final = "..."
_OMITTED: Final = "OMITTED"
_INSIDE: Final = "a command stands inside of braces that do not end before it"


def read_tree(text: str, *, file: str, kept: frozenset[str] = KEPT) -> Tree:
    """Return the tree of a configuration in either form; never fails on text.

    Args:
        kept: top-level words whose statements are wanted.

    Raises:
        ParseError: the input is binary.
    """
    if "\0" in text:
        raise ParseError("this is no text", where=Where(file), hint="give a configuration")
    tree = Tree(kept)
    lines = text.split("\n")
    commanded = _is_commanded(text)
    if commanded and not _has_braces(text):
        session = Session(tree)
        for number, line in enumerate(lines, 1):
            session.read(line, number)
    else:
        _read_curly(tree, lines, commanded=commanded)
    tree.prune()
    if "<configuration" in text or '"configuration"' in text:
        _lose_other_forms(tree, lines)
    return tree


def _lose_other_forms(tree: Tree, lines: Sequence[str]) -> None:
    """Record where a configuration begins in a form that is not read."""
    for number, line in enumerate(lines, 1):
        if _OTHER_FORM.match(line):
            tree.lost[number] = "the configuration is in XML or JSON, which is not read"
            return


def is_commands(text: str) -> bool:
    """Whether a text is made of commands alone, as `display set` prints them."""
    return _is_commanded(text) and not _has_braces(text)


def _is_commanded(text: str) -> bool:
    return bool(_SET_LINE.search(text) or ("# set " in text and _TYPED_LINE.search(text)))


def _has_braces(text: str) -> bool:
    """Whether there are braces outside of commands, or comments, which may hold anything."""
    for sign in ("{", "/*"):
        at, seen = text.find(sign), 0
        while at >= 0:
            if sign == "{" or text[at - 1 : at] in ("", " ", "\t", "\n"):
                start = text.rfind("\n", 0, at) + 1
                seen += 1
                commands = _HEAD.match(text, start, at) or _ENGINE.match(text, at)
                if not commands or seen > _MOST_SIGNS:
                    return True
            at = text.find(sign, at + 1)
    return False


def flatten(text: str) -> list[str]:
    """Return the `set` lines of a curly text, in its order, one per value.

    Words that need quotes keep them. Comments and tags are left out.

    Raises:
        RefusedError: a command stands between the braces.
    """
    lines: list[str] = []
    stack = [["set"]]
    for kind, path, _, _ in _events(text.split("\n"), Session(Tree())):
        if kind == "{":
            stack.append(_longer(stack[-1], path))
        elif kind == ";":
            lines += _longer(stack[-1], path)
        elif kind == "}" and len(stack) > 1:
            del stack[-1]
        elif kind == "command":
            raise RefusedError(
                f"a command stands between the braces of the text: `{path[0]}`",
                hint="give the output of `show configuration`",
            )
    return lines


def deactivated(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the paths of a curly text that are marked inactive, with the words of `flatten`."""
    stack: list[list[str]] = []
    for kind, path, inactive, _ in _events(text.split("\n"), Session(Tree())):
        if inactive and all(isinstance(step, str) for step in path):
            words = [quoted(step) for step in path if isinstance(step, str)]
            yield (*(word for above in stack for word in above), *words)
        if kind == "{":
            stack.append([quoted(step) for step in path if isinstance(step, str)])
        elif kind == "}":
            del stack[-1:]


def _longer(starts: list[str], path: Path) -> list[str]:
    for step in path:
        words = (step,) if isinstance(step, str) else step
        if len(starts) > 1 and len(starts) * len(words) > MOST_VALUES:
            starts = [f"{start} [ {' '.join(map(quoted, words))} ]" for start in starts]
            continue
        starts = [f"{start} {quoted(word)}" for start in starts for word in words]
    return starts


def _events(
    lines: Sequence[str], session: Session, *, commanded: bool = False
) -> Iterator[tuple[str, Path, bool, int]]:
    """Yield what a curly text says: kind, words, whether marked inactive, and the line.

    Kinds: "{" opens a hierarchy, "}" closes it, ";" is a statement, "show" a prompt or heading
    that says which hierarchy the listing after it belongs to, "command" a line that is typed
    between listings, "inside" one that stands where none can.

    Args:
        session: in which the commands are carried out meanwhile.
        commanded: whether lines look like commands that stand alone.
    """
    words: list[str] = []
    comment, depth, compared = False, 0, False
    for number, raw in enumerate(lines, 1):
        line, text = raw, raw.strip()
        end = text[-1:]
        if not depth and not comment:
            if compared and not _PROMPTED.match(text):
                continue  # differences are no statements
            compared = False
            if not words and end != "{" and is_command(text):
                yield "command", [text], False, number
                continue
        if not words and not comment and end in _ENDS and not _ODD.search(text, 0, len(text) - 1):
            path: Path = [*text[:-1].split()]
            if path or end != ";":
                yield ";" if path and end == "}" else end, path, False, number
            if path and end == "}":
                yield end, [], False, number
            depth = _deeper(depth, end)
            continue
        if comment or "/*" in raw:
            line, comment = _uncommented(raw, comment)
        place = None if end in _ENDS else _listing(line, session)
        if place is not None:
            words, depth, compared = [], 0, _COMPARED.search(line) is not None
            yield "show", [*place], False, number
            continue
        if commanded and depth and not words and _TYPED_LINE.match(line):
            yield "inside", [text], False, number
        if not depth and words and words[0] not in KEPT:
            words = []  # a heading or prompt between two listings
        for piece in TOKEN.findall(line):
            if piece[0] == "#":
                break
            if piece not in _ENDS:
                words.append(piece)
            else:
                yield from _ended(words, piece, number)
                words = []
                depth = _deeper(depth, piece)


def _uncommented(line: str, comment: bool) -> tuple[str, bool]:
    """Return a line without its comments, and whether one goes on behind it.

    Args:
        comment: whether one goes on from the line before.
    """
    kept: list[str] = []
    at = 0
    while True:
        if comment:
            end = line.find("*/", at)
            if end < 0:
                return " ".join(kept), True
            if line[at:end].strip() == _OMITTED:
                kept.append(f"{_LEFT_OUT};")
            at = end + 2
        signs = (found for found in TOKEN.finditer(line, at) if found[0][0] in "#/")
        sign = next((found for found in signs if found[0] == "/*" or found[0][0] == "#"), None)
        if sign is None or sign[0] != "/*":
            kept.append(line[at:])
            return " ".join(kept), False
        kept.append(line[at : sign.start()])
        at, comment = sign.end(), True


def _deeper(depth: int, end: str) -> int:
    return depth + 1 if end == "{" else max(0, depth - 1) if end == "}" else depth


def _ended(words: list[str], end: str, number: int) -> Iterator[tuple[str, Path, bool, int]]:
    """Yield the statement or hierarchy that a sign ends; a last one may lack its semicolon."""
    if words:
        path = path_of([word for word in words if word not in _TAGS])
        yield end if end == "{" else ";", path, "inactive:" in words, number
    elif end == "{":
        yield end, [], False, number
    if end == "}":
        yield end, [], False, number


def _listing(line: str, session: Session) -> list[str] | None:
    """Return the hierarchy that a prompt or heading names; None where the line is neither."""
    if "show" in line and (shown := SHOW.search(line)):
        return session.shown(shown)
    heading = HEADING.match(line) if "[edit" in line else None
    if heading is None:
        return None
    session.base = spoken(heading[1])
    return session.base


def _read_curly(tree: Tree, lines: Sequence[str], *, commanded: bool) -> None:
    base: Path = []
    stack: list[list[Node]] = []
    session = Session(tree)
    for kind, words, inactive, number in _events(lines, session, commanded=commanded):
        if kind == "show":
            base = words
            stack.clear()
        elif kind == "command":
            base = []
            stack.clear()
            session.read(str(words[0]), number)
        elif kind == "inside":
            tree.lost[number] = _INSIDE
        elif kind == "}":
            del stack[-1:]
        else:
            path = words if stack or not base else [*base, *words]
            ends = _added(tree, stack, path, number)
            for node in ends if inactive else ():
                node.inactive = tree.has_inactive = True
            if kind == "{":
                stack.append(ends)


def _added(tree: Tree, stack: list[list[Node]], path: Path, number: int) -> list[Node]:
    first = path[0] if path else ""
    start = stack[-1] if stack else [tree.root]
    if not start or not (stack or (isinstance(first, str) and first in tree.kept)):
        return []
    if first == _LEFT_OUT:
        tree.lost[number] = "what stands here is left out of the text"
        return []
    if len(stack) > DEEPEST or len(path) > DEEPEST:
        tree.lost[number] = TOO_DEEP
        return []
    return tree.add(path, number, start) if path else start
