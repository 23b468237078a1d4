"""Modules are small, say what they hold, and say what is meant for others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ("translator", "benchmarks", "docs/make")
MODULES = [
    path.relative_to(ROOT)
    for part in (*CODE, "tests")
    for path in sorted((ROOT / part).rglob("*.py"))
]
PRODUCT = [module for module in MODULES if module.parts[0] != "tests"]
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60
# Names that would fit any module: what such a one holds has a better place.
SAYS_NOTHING = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "misc",
    "lib",
    "tools",
    "base_utils",
}

each_module = pytest.mark.parametrize("module", MODULES, ids=str)
each_module_of_the_product = pytest.mark.parametrize("module", PRODUCT, ids=str)


def _structs(module: Path) -> Iterator[ast.ClassDef]:
    for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and any(
            isinstance(base, ast.Name) and base.id == "Struct" for base in node.bases
        ):
            yield node


def test_structs_that_pass_between_packages_are_frozen() -> None:
    """Below drivers, private ones hold a section while its lines are read."""
    packages = [module for module in PRODUCT if "drivers" not in module.parts]
    structs = [node for module in packages for node in _structs(module)]
    changeable = [
        node.name
        for node in structs
        if not any(item.arg == "frozen" and ast.literal_eval(item.value) for item in node.keywords)
    ]
    assert structs
    assert not changeable


@cache
def text_of(module: Path) -> str:
    return (ROOT / module).read_text(encoding="utf-8")


def too_long(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                yield f"line {node.lineno}: {node.name} has {lines} lines"


def assigned(tree: ast.Module) -> set[str]:
    targets = [
        target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets
    ]
    return {target.id for target in targets if isinstance(target, ast.Name)}


@each_module
def test_modules_and_functions_are_small(module):
    text = text_of(module)
    assert text.count("\n") <= MOST_LINES
    assert list(too_long(ast.parse(text))) == []


@each_module
def test_names_say_something(module):
    assert not SAYS_NOTHING & set(module.with_suffix("").parts)


@each_module_of_the_product
def test_it_says_what_it_holds_and_what_is_for_others(module):
    tree = ast.parse(text_of(module))
    assert ast.get_docstring(tree)
    holds_something = any(
        isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ImportFrom) for node in tree.body
    )
    if holds_something and module.name != "__main__.py":
        assert "__all__" in assigned(tree)


def test_a_long_function_is_seen():
    body = "    pass\n" * MOST_LINES_OF_A_FUNCTION
    assert list(too_long(ast.parse(f"def short():\n{body[9:]}"))) == []
    assert list(too_long(ast.parse(f"def long():\n{body}"))) == ["line 1: long has 61 lines"]


def test_the_contributing_guide_names_every_package_and_folder_of_tests():
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `((?:translator|tests)/\w+)` \|", guide, re.MULTILINE))
    packages = {f"translator/{module.parts[1]}" for module in PRODUCT if is_in_package(module)}
    folders = {f"tests/{module.parts[1]}" for module in MODULES if is_in_folder_of_tests(module)}
    alike = {package.replace("translator/", "tests/") for package in packages}
    assert named == packages | folders - alike


def is_in_package(module: Path) -> bool:
    return module.parts[0] == "translator" and len(module.parts) > 2


def is_in_folder_of_tests(module: Path) -> bool:
    return module.parts[0] == "tests" and len(module.parts) > 2
