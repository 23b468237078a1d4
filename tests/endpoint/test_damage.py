"""Whatever happens to a file on its way, reading it ends in settings or in an error of ours."""

from __future__ import annotations

import codecs

import pytest
from endpoint.texts import CLIENT, as_list, as_table, policy
from endpoint.workbooks import HEADER, ROW, workbook
from hypothesis import given
from hypothesis import strategies as st

from translator.endpoint.files.source import format_of, source_of
from translator.errors import TranslatorError

SERVERS = [
    {"Identity": f"MediationServer:m{n}", "AudioPortStart": "49152", "AudioPortCount": "8348"}
    for n in range(3)
]
CELLS = "".join(f"<td>{text}" for text in HEADER)
WHOLE = {
    "cmdlets": (as_list(CLIENT, policy()) + "PS C:\\> x\n" + as_table(SERVERS)).encode(),
    "utf-16": codecs.BOM_UTF16_LE + as_list(CLIENT).encode("utf-16-le"),
    "page": f"<table><tr>{CELLS}<tr><td rowspan=2>A<td>Audio<td>x<td>46</table>".encode(),
    "csv": b"component,media,executable,dscp,protocol,ports\nA,Audio,x,46,UDP,1-2\n",
    "sheet": workbook(A=[HEADER, ROW]),
}


def refusal(data: bytes) -> TranslatorError | None:
    """Read bytes as `plan import` would; errors of ours are answers."""
    try:
        source = source_of(data, "x")
        found = format_of(source)
        (found.read or found.cells)(source)
    except TranslatorError as error:
        return error
    return None


def read(data: bytes) -> None:
    error = refusal(data)
    assert error is None or (error.problem and error.hint)


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_cut_anywhere(name):
    data = WHOLE[name]
    for end in range(0, len(data), max(1, len(data) // 150)):
        read(data[:end])


@given(
    st.sampled_from(sorted(WHOLE)),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=3)), min_size=1, max_size=5),
)
def test_a_file_with_other_bytes_in_it(name, changes):
    data = bytearray(WHOLE[name])
    for at, piece in changes:
        place = at % len(data)
        data[place : place + len(piece)] = piece
    read(bytes(data))


@given(st.permutations(range(30)), st.integers(0, 30))
def test_lines_in_any_order(order, kept):
    lines = WHOLE["cmdlets"].decode().split("\n")
    read("\n".join(lines[at % len(lines)] for at in order[:kept]).encode())
