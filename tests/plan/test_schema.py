"""The committed schema is the one the model gives, and plan files fit it."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
import yaml

from translator.plan.build import PLAN_KEYS, ROW_KEYS
from translator.plan.dump import dump_plan
from translator.plan.load import load_preset, preset_names
from translator.plan.schema import SCHEMA_FILE, plan_schema

FOLDER = resources.files("translator.plan")
VALIDATOR = jsonschema.Draft202012Validator(plan_schema())


def test_the_committed_schema_is_the_generated_one(request):
    generated = json.dumps(plan_schema(), indent=2) + "\n"
    path = Path(str(FOLDER / SCHEMA_FILE))
    if request.config.getoption("--update-golden"):
        path.write_text(generated, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == generated, "write it anew with --update-golden"


def test_the_schema_is_one():
    VALIDATOR.check_schema(plan_schema())


def test_schema_and_loader_know_the_same_keys():
    properties = plan_schema()["properties"]
    assert set(properties) == set(PLAN_KEYS)
    assert set(properties["rows"]["items"]["properties"]) == {*ROW_KEYS, "before", "after"}


@pytest.mark.parametrize("name", preset_names())
def test_the_preset_fits(name):
    text = (FOLDER / "presets" / f"{name}.yaml").read_text(encoding="utf-8")
    VALIDATOR.validate(yaml.safe_load(text))


def test_a_dumped_plan_fits():
    VALIDATOR.validate(yaml.safe_load(dump_plan(load_preset("lync-2013"))))


@pytest.mark.parametrize(
    "text",
    [
        "extends: lync-2013\ngroups: {phones: 10.1.0.0/16, clients: [10.2.0.0/16]}\n",
        "extends: lync-2013\nport_settings: {client.audio: {start: 50000, count: 20}}\n",
        "extends: lync-2013\nrows: [{id: A01, code_point: 40, before: A05}]\n",
        "rows: [{id: A, media: audio, code_point: ef, protocols: both, source_ports: 5000}]\n",
    ],
)
def test_files_that_fit(text):
    VALIDATOR.validate(yaml.safe_load(text))


@pytest.mark.parametrize(
    "text",
    [
        "name: x\n",
        "extends: lync-2013\nrow: []\n",
        "extends: lync-2013\nrows: [{media: audio}]\n",
        "extends: lync-2013\nrows: [{id: A01, code_point: 64}]\n",
        "extends: lync-2013\nrows: [{id: 'A 01'}]\n",
        "extends: lync-2013\nqueues: [{media: audio, percent: 101}]\n",
        "extends: lync-2013\nport_settings: {client.audio: {start: 65536, count: 20}}\n",
    ],
)
def test_files_that_do_not_fit(text):
    assert list(VALIDATOR.iter_errors(yaml.safe_load(text)))
