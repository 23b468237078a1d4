"""Files in any encoding of Windows are read; what is no text is one clear error."""

from __future__ import annotations

import codecs

import pytest
from endpoint.texts import CLIENT, as_list

from translator.endpoint.files.gather import gather
from translator.endpoint.files.source import files_of, format_of, read_source, source_of
from translator.errors import PlanError

TEXT = as_list({**CLIENT, "HelpdeskInternalUrl": "https://büro.example.com"}).replace("\n", "\r\n")


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        codecs.BOM_UTF8 + TEXT.encode("utf-8"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with a mark", "utf-16 le", "utf-16 be"],
)
def test_every_encoding_of_powershell_is_read(data):
    source = source_of(data, "out.txt")
    assert source.text == TEXT
    assert format_of(source).read(source)[0].where.line == 5


DAMAGED = {
    "empty": (b"", "the file is empty"),
    "blanks": (b" \r\n\t\n", "the file is empty"),
    "only a mark": (codecs.BOM_UTF16_LE, "the file is empty"),
    "a code page": (TEXT.encode("cp1252"), "byte 0xfc is not UTF-8"),
    "half a character": ((codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"))[:-1], "is cut off"),
    "utf-16 without a mark": (TEXT.encode("utf-16-le"), "byte order mark"),
    "binary": (bytes(range(256)) * 40, "no text"),
    "prose": (b"Dear colleagues,\nplease mark audio.\n", "no known format"),
    "a script": (b"#!/bin/sh\nnft -f rules\n", "no known format"),
}


@pytest.mark.parametrize("case", DAMAGED, ids=str)
def test_what_cannot_be_read_is_one_clear_error(case):
    data, problem = DAMAGED[case]
    with pytest.raises(PlanError) as caught:
        format_of(source_of(data, "out.txt"))
    assert problem in caught.value.problem
    assert caught.value.where.file == "out.txt"
    assert caught.value.hint


def test_the_error_of_an_unknown_format_lists_those_that_are_known():
    with pytest.raises(PlanError) as caught:
        format_of(source_of(b"hello\n", "x"))
    words = "\n".join(caught.value.known)
    for word in ("Excel", "web page", "Get-Cs", "CSV"):
        assert word in words


def test_a_huge_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("translator.endpoint.files.source.MAX_BYTES", 1000)
    path = tmp_path / "x"
    path.write_bytes(b"x" * 1001)
    with pytest.raises(PlanError, match="larger than"):
        read_source(path)


def test_a_missing_file_and_a_name_too_long(tmp_path):
    for name in (tmp_path / "nothing", tmp_path / ("x" * 300)):
        with pytest.raises(PlanError, match="cannot be read"):
            read_source(name)


def test_folders_are_read_to_any_depth_and_each_file_once(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("b/2.txt", "1.txt", ".hidden"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    found = files_of([str(tmp_path), str(tmp_path / "1.txt")])
    assert [path.relative_to(tmp_path).as_posix() for path, _ in found] == ["1.txt", "b/2.txt"]
    assert len(gather([str(tmp_path)]).files) == 2


def test_an_empty_folder_and_one_of_other_things(tmp_path):
    with pytest.raises(PlanError, match="holds no files"):
        files_of([str(tmp_path)])
    (tmp_path / "notes").write_text("hello\n", encoding="utf-8")
    with pytest.raises(PlanError, match="no file of the folder"):
        gather([str(tmp_path)])


def test_a_strange_file_is_an_error_by_name_and_a_finding_in_a_folder(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    strange = tmp_path / "notes"
    strange.write_text("hello\n", encoding="utf-8")
    found = gather([str(tmp_path)]).findings
    assert [(item.id, item.places[0].file) for item in found] == [("file-not-read", str(strange))]
    with pytest.raises(PlanError, match="no known format"):
        gather([str(tmp_path / "a.txt"), str(strange)])
