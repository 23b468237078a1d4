"""Files that are broken or hostile: one error with its place, quickly, and never another kind."""

from __future__ import annotations

import re
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.errors import PlanError
from translator.plan.importer import import_table
from translator.plan.load import load_plan, load_preset, parse_plan
from translator.plan.table_plan import read_csv_plan

STANDARD = load_preset("lync-2013")
HEADER = "component,communication type,executable,dscp,protocol,source ports,destination ports\n"
ROW = "Lync 2013,Audio,lync.exe,46,UDP,20000-20039,\n"
HOSTILE = {
    "newline": "a\nb",
    "NUL": "a\0b",
    "escape": "a\x1b[31mb",
    "line separator": "a\u2028b",
    "right to left": "a\u202eb",
    "300 characters": "a" * 300,
}


def refused(text, file="p.yaml"):
    with pytest.raises(PlanError) as caught:
        parse_plan(text, file)
    return caught.value


def test_latin_1_is_named_with_its_line(tmp_path):
    path = tmp_path / "plan.csv"
    path.write_bytes((HEADER + "Büro,Audio,,46,UDP,20000-20039,\n").encode("latin-1"))
    with pytest.raises(PlanError, match="0xfc is not UTF-8") as caught:
        load_plan(path)
    assert caught.value.where.line == 2
    assert "UTF-8" in caught.value.hint


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_utf_16_is_refused(tmp_path, encoding):
    path = tmp_path / "plan.csv"
    path.write_bytes((HEADER + ROW).encode(encoding))
    with pytest.raises(PlanError):
        load_plan(path)


def test_a_folder_and_a_missing_file(tmp_path):
    for path in (tmp_path, tmp_path / "none.yaml", "a\0b.yaml", "x" * 5000 + ".yaml"):
        with pytest.raises(PlanError, match="cannot be read") as caught:
            load_plan(path)
        assert caught.value.hint


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_an_empty_file(text):
    assert refused(text).where.file == "p.yaml"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("rows:\n  - {id: A1, media: audio", 2),
        ("rows:\n\t- id: A1\n", 2),
        ("name: 'open\nrows: []\n", 3),
        ("name: a\n---\nname: b\n", 2),
        ("name: !!python/object:os.system x\n", 1),
        ("name: *nowhere\n", 1),
        ("? [a, b]\n: c\n", 1),
    ],
)
def test_broken_yaml_is_told_with_its_line(text, line):
    error = refused(text)
    assert error.where.line is not None
    assert abs(error.where.line - line) <= 1


@pytest.mark.parametrize("text", ["just words", "[a, b]", "12"])
def test_yaml_that_is_no_mapping(text):
    assert "no mapping" in str(refused(text))


def test_duplicate_keys_deep_inside():
    error = refused("rows:\n  - id: A1\n    media: audio\n    media: video\n")
    assert "'media' stands twice" in str(error)
    assert error.where.line == 4
    assert "line 3" in error.hint


def test_an_alias_bomb_ends_quickly():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    started = time.monotonic()
    error = refused("\n".join(lines))
    assert "more than" in str(error)
    assert time.monotonic() - started < 2


def test_many_aliases_are_refused():
    assert "aliases" in str(refused("a: &a x\nb: [" + "*a, " * 101 + "]\n"))


@pytest.mark.parametrize("text", ["[" * 50_000, "{a: " * 50_000, "- " * 50_000])
def test_deep_nesting_is_refused_quickly(text):
    started = time.monotonic()
    error = refused(text)
    assert "nested deeper" in str(error) or "YAML" in str(error)
    assert time.monotonic() - started < 5


def test_a_file_of_five_megabytes_is_refused(tmp_path):
    path = tmp_path / "big.yaml"
    path.write_bytes(b"# " + b"x" * 5_000_000)
    with pytest.raises(PlanError, match="larger than 4 MiB"):
        load_plan(path)


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("field", ["id", "component", "executable", "name", "title", "group"])
def test_hostile_text_is_refused_at_load(what, field):
    quoted = '"' + "".join(
        char if char.isascii() and char.isprintable() else f"\\u{ord(char):04x}"
        for char in HOSTILE[what]
    ) + '"'  # fmt: skip
    row = {"id": "A1", "media": "audio", "code_point": "ef", "protocols": "udp"}
    top = {"name": "plan", "title": "t"}
    groups = "clients"
    if field == "group":
        groups = quoted
    elif field in ("name", "title"):
        top[field] = (
            quoted if what != "300 characters" or field == "name" else '"' + "a" * 3000 + '"'
        )
    else:
        row[field] = quoted
    text = "".join(f"{key}: {value}\n" for key, value in top.items())
    text += f"groups: {{{groups}: 10.0.0.0/8}}\n"
    text += "rows:\n  - {" + ", ".join(f"{key}: {value}" for key, value in row.items()) + "}\n"
    error = refused(text)
    assert error.where.line is not None
    assert str(error).isprintable()
    assert len(str(error)) < 300


def test_raw_control_characters_are_refused():
    for char in "\0\x1b\x7f\x85":
        error = refused(f"name: a\ntitle: b{char}c\nrows: []\n")
        assert str(error).isprintable()


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_cells_are_refused(what):
    cell = '"' + HOSTILE[what] + '"'
    for text in (HEADER + ROW.replace("Lync 2013", cell), HEADER + ROW.replace("lync.exe", cell)):
        for read in (lambda t: read_csv_plan(t, "p.csv", STANDARD), lambda t: import_table(t, "p")):
            with pytest.raises(PlanError) as caught:
                read(text)
            assert str(caught.value).isprintable()
            assert caught.value.where.line == 2


def test_a_million_rows_end_quickly(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text(HEADER + ROW * 1_000_000, encoding="utf-8")
    started = time.monotonic()
    with pytest.raises(PlanError, match="larger than 4 MiB"):
        load_plan(path)
    assert time.monotonic() - started < 2


def test_more_rows_than_a_plan_has():
    with pytest.raises(PlanError, match="more than 2000 rows") as caught:
        import_table(HEADER + ROW * 50_000, "p.csv")
    assert caught.value.where.line == 2002


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (HEADER + 'Lync,"Audio,lync.exe,46,UDP,1-2,\n', "broken CSV"),
        (HEADER, "no rows"),
        ("\n\n", "no table"),
        ("hello\nworld\n", "column 'hello' is not known"),
        (HEADER.replace("dscp", "dscpp") + ROW, "column 'dscpp' is not known"),
        (HEADER.replace("dscp,", "") + ROW, "no column code_point"),
        (HEADER.replace("executable", "dscp") + ROW, "code_point stands twice"),
        (HEADER + ROW.replace("46", "EFF"), "'EFF' is no code point"),
        (HEADER + ROW.replace("UDP", "ICMP"), "protocol 'ICMP' is not known"),
        (HEADER + ROW.replace("Audio", "Smell"), "'Smell' is not known"),
        (HEADER + ROW.replace("20000-20039", "20000:200039"), "20000:200039 ends after"),
        (HEADER + ROW.replace("20000-20039", "20039-20000"), "20039-20000 runs backwards"),
        (HEADER + ROW.replace(",\n", ",,,x\n"), "a cell too many"),
    ],
)
def test_broken_tables(text, problem):
    for read in (lambda t: read_csv_plan(t, "p.csv", STANDARD), lambda t: import_table(t, "p.csv")):
        with pytest.raises(PlanError, match=re.escape(problem)) as caught:
            read(text)
        assert caught.value.hint


@given(st.text(max_size=200))
def test_any_text_is_a_plan_or_one_plan_error(text):
    for read in (lambda t: parse_plan(t, "p"), lambda t: import_table(t, "p")):
        with suppress(PlanError):
            assert read(text)


WORDS = st.sampled_from(
    ["rows", "id", "media", ":", " ", "\n", "- ", "[", "]", "{", "}", "audio", "ef", "&a", "*a",
     "component", ",", "dscp", "46", "20000-20039", "extends", "lync-2013", "groups", "!", '"',
     "|", "'"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=60).map("".join))
def test_plan_like_text_is_a_plan_or_one_plan_error(text):
    for read in (lambda t: parse_plan(t, "p"), lambda t: import_table(t, "p")):
        with suppress(PlanError):
            assert read(text)


def test_a_plan_without_rows_is_refused():
    with pytest.raises(PlanError, match="no rows") as refused:
        parse_plan("name: p\nrows: []\n", "p.yaml")
    assert str(refused.value).startswith("p.yaml:2:")
    assert refused.value.hint
