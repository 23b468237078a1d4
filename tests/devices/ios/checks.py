"""What IOS refuses although each word is right: names that do not exist, or that are still needed.

The wording of these refusals differs from release to release; what stands here is unverified but
for `... not configured`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..grammar import Found
from ..tree import Node
from .editor import Editor

__all__ = ["refusal"]


def refusal(editor: Editor, found: Found, negative: bool) -> str:
    """Return why IOS refuses a line that it can read; "" when it takes it."""
    words = found.words
    if negative:
        return _needed(editor.tree, words)
    defined = _names(editor.tree)
    if (
        words[0] == "class"
        and words[1] != "class-default"
        and ("class-map", words[1]) not in defined
    ):
        return f"% class map {words[1]} not configured\n"
    if words[0] == "service-policy" and ("policy-map", words[-1]) not in defined:
        return f"% policy map {words[-1]} not configured\n"
    if words[:2] == ("match", "class-map") and ("class-map", words[2]) not in defined:
        return f"% class map {words[2]} not configured\n"
    if editor.mode == "config-pmap-c":
        return _shares(editor, words)
    return ""


def _needed(tree: Node, words: tuple[str, ...]) -> str:
    name = words[-1]
    if words[0] == "class-map" and name in _users(tree, "class"):
        return f"% Class-map {name} is being used\n"
    if words[0] == "policy-map" and name in _users(tree, "service-policy"):
        return f"% Policy-map {name} is being used\n"
    return ""


def _names(tree: Node) -> set[tuple[str, str]]:
    return {
        (words[0], words[-1])
        for node in tree.children.values()
        if (words := node.text.split())[0] in ("class-map", "policy-map")
    }


def _users(tree: Node, verb: str) -> set[str]:
    """The names that some `class` or `service-policy` line, or a nested match, refers to."""
    verbs = (f"{verb} ", "match class-map ") if verb == "class" else (f"{verb} ",)
    return {line.split()[-1] for line in _texts(tree) if line.startswith(verbs)}


def _texts(node: Node) -> Iterator[str]:
    for child in node.children.values():
        yield child.text
        yield from _texts(child)


def _shares(editor: Editor, words: tuple[str, ...]) -> str:
    """The shares of a policy may not exceed the link; one class has one kind of queue."""
    own = editor.here.children
    if words[0] == "bandwidth" and "priority" in own:
        return "% Must deconfigure priority in this class before issuing this command\n"
    if words[0] == "priority" and "bandwidth" in own:
        return "% Must deconfigure bandwidth in this class before issuing this command\n"
    if words[:2] not in (("bandwidth", "percent"), ("priority", "percent")):
        return ""
    policy = editor.path[-2]
    total = int(words[2])
    for each in policy.children.values():
        for child in each.children.values() if each is not editor.here else ():
            parts = child.text.split()
            if parts[:2] in (["bandwidth", "percent"], ["priority", "percent"]):
                total += int(parts[2])
    if total > 100:
        return f"Sum total of class bandwidths exceeds 100 percent (requested {total})\n"
    return ""
