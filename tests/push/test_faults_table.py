"""`docs/push-faults.md` says what the tests of all platforms hold."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from push.faults import Fault, all_cases, table

from translator.drivers.change import ChangesDevices
from translator.drivers.registry import driver, drivers

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "push-faults.md"


def test_the_table_is_what_is_tested(pytestconfig: pytest.Config):
    text = table()
    if pytestconfig.getoption("update_golden"):
        DOCUMENT.write_text(text, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", ["tomato64", "tomato_old"])
def test_what_is_not_in_the_table_has_the_procedures_of_what_is(name: str):
    procedures = [driver(each).procedures for each in (name, "tomato")]  # type: ignore[attr-defined]
    assert type(procedures[0]) is type(procedures[1])
    tried = {platform for platform, _ in all_cases()}
    changed = {each.platform for each in drivers() if isinstance(each, ChangesDevices)}
    assert changed - tried == {"tomato64", "tomato_old"}


def test_no_platform_states_a_fault_twice():
    names = [(platform, fault.name) for platform, fault in all_cases()]
    assert len(set(names)) == len(names)


def test_each_fault_with_a_name_is_staged_by_a_test_and_in_the_table():
    told = {id(fault) for _, fault in all_cases()}
    for folder in (
        Path(__file__).parent / name
        for name in ("eos", "ios", "junos", "nxos", "every", "lab", "tomato")
    ):
        tests = "".join(file.read_text(encoding="utf-8") for file in folder.glob("test_*.py"))
        module = importlib.import_module(f"push.{folder.name}.cases")
        for name, value in vars(module).items():
            if isinstance(value, Fault):
                assert id(value) in told, name
                assert len(re.findall(rf"\b{name}\b", tests)) > 1, f"{name} is imported at most"
