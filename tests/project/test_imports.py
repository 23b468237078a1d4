"""Data flows one way: an import against the flow, or a platform asked for by name, fails here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "translator"
MODULES = sorted(PACKAGE.rglob("*.py"))
FOUNDATION = {"errors", "codepoint", "collector", "outfile", "ports", "__version__"}
# What each part may import beside itself and the foundation.
MAY_IMPORT = {
    "plan": set(),
    "endpoint": {"plan", "drivers.fsm"},
    "intents": {"plan"},
    "drivers": {"intents"},
    "verify": {"intents", "drivers.base"},
    "inventory": {"plan", "intents", "drivers", "verify"},
    "audit": {"plan", "intents", "drivers", "verify", "inventory"},
    "counters": {"plan", "intents", "drivers", "verify", "inventory", "audit"},
    "push": {"plan", "intents", "drivers", "verify", "inventory", "audit", "counters"},
    "sizing": {"plan", "intents"},
    "capture": {"plan", "intents", "drivers", "verify", "inventory"},
    "cli": {
        "plan",
        "intents",
        "drivers",
        "verify",
        "inventory",
        "audit",
        "counters",
        "push",
        "endpoint",
        "sizing",
        "capture",
    },
}
# Nothing heavy is imported before a command needs it.
HEAVY = {
    "jinja2",
    "rich",
    "netmiko",
    "napalm",
    "nornir",
    "ciscoconfparse",
    "textfsm",
    "ncclient",
    "openpyxl",
} | {"paramiko", "keyring"}


@cache
def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def imports_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: write absolute imports"
            if node.module == "translator":
                # `from translator import cli`; the public names load parts of any height.
                yield from ((node.lineno, f"translator.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module or ""


def part_of(module: Path) -> str:
    return module.relative_to(PACKAGE).with_suffix("").parts[0]


def against_the_flow(part: str, tree: ast.AST) -> list[str]:
    if part in ("__init__", "__main__"):
        return []
    allowed = MAY_IMPORT.get(part, set()) | FOUNDATION
    found = []
    for line, name in imports_of(tree):
        if name.split(".")[0] != "translator":
            continue
        target = name.removeprefix("translator.")
        if target.split(".")[0] in {part, *allowed} or target in allowed:
            continue
        found.append(f"line {line}: translator/{part} imports {name}")
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_follow_the_flow(module):
    assert against_the_flow(part_of(module), tree_of(module)) == []


def test_an_import_against_the_flow_is_seen():
    tree = ast.parse("from translator.drivers.registry import driver\nimport translator.cli.main\n")
    assert len(against_the_flow("plan", tree)) == 2
    assert len(against_the_flow("verify", tree)) == 2
    assert against_the_flow("cli", tree) == []
    for hidden in ("from translator import cli", "from translator import driver"):
        assert len(against_the_flow("plan", ast.parse(hidden))) == 1
    assert len(against_the_flow("plan", ast.parse("import translator"))) == 1


def test_every_part_is_named():
    parts = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert parts == set(MAY_IMPORT)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_libraries_are_imported_where_they_are_used(module):
    tree = tree_of(module)
    at_top = ast.Module([node for node in tree.body if not isinstance(node, ast.If)], [])
    direct = [
        name
        for node in at_top.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for _, name in imports_of(node)
    ]
    assert not HEAVY & {name.split(".")[0] for name in direct}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_asks_for_a_platform_by_name(module):
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            names = {getattr(side, "attr", getattr(side, "id", "")) for side in sides}
            constants = [side for side in sides if isinstance(side, ast.Constant)]
            texts = [side for side in constants if isinstance(side.value, str)]
            assert not ("platform" in names and texts), f"line {node.lineno}"
