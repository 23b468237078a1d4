"""The package gives each name of `__all__`, and nothing is loaded before it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

from translator import plan


@pytest.mark.parametrize("name", plan.__all__)
def test_name_is_there(name):
    assert getattr(plan, name) is not None
    assert name in dir(plan)


def test_no_other_name_is():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        plan.nonsense  # noqa: B018


def test_the_model_loads_no_yaml():
    code = "import sys, translator.plan.model; sys.exit('yaml' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
