"""`plan import`: a plan of several files, findings on stderr, one clear error for bad input."""

from __future__ import annotations

import codecs
import io
import json

import pytest
from endpoint.texts import CLIENT, as_list, policy

from translator.cli.main import main
from translator.endpoint.findings.finding import EndpointFinding
from translator.plan.load import parse_plan

WRONG = {**CLIENT, "ClientMediaPortRangeEnabled": "False"}


@pytest.fixture
def saved(tmp_path, monkeypatch):
    """Save output as Windows PowerShell's `>` does; return the names."""
    monkeypatch.chdir(tmp_path)

    def save(**texts):
        for name, text in texts.items():
            data = codecs.BOM_UTF16_LE + text.replace("\n", "\r\n").encode("utf-16-le")
            (tmp_path / name).write_bytes(data)
        return list(texts)

    return save


def test_a_plan_without_findings_is_0(saved, capsys):
    assert main(["plan", "import", *saved(clients=as_list(CLIENT))]) == 0
    shown = capsys.readouterr()
    assert parse_plan(shown.out, "plan.yaml").row("P01").source_ports
    assert shown.err == ""


def test_errors_and_warnings_are_1_and_the_plan_is_printed(saved, capsys):
    assert main(["plan", "import", *saved(clients=as_list(WRONG))]) == 1
    shown = capsys.readouterr()
    assert not parse_plan(shown.out, "plan.yaml").options.client_port_ranges
    assert shown.err.splitlines() == [
        "clients:5: error: ClientMediaPortRangeEnabled of Global is False: clients use any port "
        "[client-ranges-disabled]",
        "  cure: Set-CsConferencingConfiguration -Identity Global "
        "-ClientMediaPortRangeEnabled $true",
    ]


def test_infos_alone_are_0(saved, capsys):
    assert main(["plan", "import", *saved(p=as_list(policy()))]) == 0
    assert "p:3: info: " in capsys.readouterr().err


def test_findings_as_json_have_every_field(saved, capsys):
    files = saved(clients=as_list(WRONG), p=as_list(policy(DSCPValue="40")))
    assert main(["plan", "import", *files, "--format", "json"]) == 1
    shown = capsys.readouterr()
    parse_plan(shown.out, "plan.yaml")
    found = json.loads(shown.err)
    assert {tuple(item) for item in found} == {tuple(EndpointFinding.__dataclass_fields__)}
    codes = next(item for item in found if item["id"] == "policy-code-point")
    assert codes["places"][0] == {"file": "p", "line": 3}


def test_a_folder_a_base_and_a_scope(saved, tmp_path, capsys):
    branch = {**CLIENT, "Identity": "Site:Branch1", "ClientAudioPort": "21000"}
    saved(a=as_list(CLIENT, branch))
    (tmp_path / "base.yaml").write_text("extends: lync-2013\nname: mine\n", encoding="utf-8")
    (tmp_path / "exports").mkdir()
    (tmp_path / "a").rename(tmp_path / "exports" / "a")
    (tmp_path / "exports" / "notes").write_text("hello\n", encoding="utf-8")
    arguments = ["plan", "import", "exports", "--base", "base.yaml", "--scope", "Site:Branch1"]
    assert main(arguments) == 1
    shown = capsys.readouterr()
    assert "21000-21039" in shown.out
    assert "name: mine-imported" in shown.out
    assert "exports/notes: warning: no known format [file-not-read]" in shown.err


BAD = {
    "no file": ["nothing.txt"],
    "a name too long": ["x" * 300],
    "a hostile name": ["x\x1b[31m\u2028y"],
    "no known format": ["prose"],
    "an empty file": ["empty"],
    "an empty folder": ["folder"],
    "an unknown scope": ["clients", "--scope", "Site:\x1b[31m"],
    "no base": ["clients", "--base", "nothing"],
    "a contradiction": ["clients", "others"],
    "no whole workbook": ["book.xlsx"],
    "a million rows": ["rows.csv"],
}


@pytest.mark.parametrize("case", BAD, ids=str)
def test_bad_input_is_one_error_and_no_plan(case, saved, tmp_path, capsys):
    saved(clients=as_list(CLIENT), others=as_list({**CLIENT, "ClientAudioPort": "21000"}))
    (tmp_path / "prose").write_text("hello\n", encoding="utf-8")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04 cut off")
    row = "Audio,46,UDP,1\n" * 400_000
    (tmp_path / "rows.csv").write_text(f"media,dscp,protocol,ports\n{row}", encoding="utf-8")
    assert main(["plan", "import", *BAD[case]]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    lines = shown.err.splitlines()
    assert lines[0].startswith("error: ")
    assert lines[1].startswith("  hint: ")
    # Only the list of formats is longer than a line.
    assert len(lines) == 2 or lines[1].endswith("these are read:")
    assert all(line.isprintable() for line in lines)


def test_hostile_text_of_a_file_is_no_text_of_the_terminal(saved, capsys):
    one = policy(Name="x" * 60, AppPathName="y.exe", IPSrcPortStart="30000", IPSrcPortEnd="30009")
    assert main(["plan", "import", *saved(p=as_list({**one, "AppPathName": "\x1b]0;a\x07"}))]) == 2
    assert all(line.isprintable() for line in capsys.readouterr().err.splitlines())
    assert main(["plan", "import", *saved(p=as_list({**one, "Description": "\x1b[31m"}))]) == 0
    shown = capsys.readouterr()
    assert "\x1b" not in shown.out + shown.err


class Piped:
    def __init__(self, data):
        self.buffer = io.BytesIO(data)


def test_stdin_is_read_in_any_encoding(monkeypatch, capsys):
    data = codecs.BOM_UTF16_LE + as_list(CLIENT).encode("utf-16-le")
    monkeypatch.setattr("sys.stdin", Piped(data))
    assert main(["plan", "import", "-"]) == 0
    assert "\nsource: imported from -\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("stdin", "names", "problem"),
    [
        (Piped(b""), ["-"], "-: the file is empty"),
        (Piped(b"x"), ["-", "-"], "stdin can be read once"),
        (Piped(b"x" * (9 << 20)), ["-"], "-: larger than 8 MiB"),
        (None, ["-"], "-: stdin is closed"),
    ],
)
def test_what_stdin_cannot_be_is_one_error(stdin, names, problem, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", stdin)
    assert main(["plan", "import", *names]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines()[0] == f"error: {problem}"
    assert shown.err.splitlines()[1].startswith("  hint: ")


TYPED = """\
PS C:\\> Set-CsConferencingConfiguration -ClientAudioPort 21000 -ClientAudioPortRange 40
[pool01.example.com]: PS C:\\Users> Set-CsUCPhoneConfiguration -Identity Global -VoiceDiffServTag 46
"""


def test_commands_behind_prompts_are_a_script(saved, capsys):
    assert main(["plan", "import", *saved(typed=TYPED)]) == 0
    shown = capsys.readouterr()
    assert "21000-21039" in shown.out
    assert "typed:2: info: every scope marks 46" in shown.err


@pytest.mark.parametrize(
    "table",
    [
        "component,media,dscp,protocol,source ports,colour\nLync,Audio,46,UDP,20000-20039,red\n",
        "media,dscp,colour,size,weight\nAudio,46,red,1,2\n",
        "| Component | Colour |\n|---|---|\n| Lync | red |\n",
    ],
)
def test_an_unknown_column_is_named(table, tmp_path, capsys):
    (tmp_path / "t").write_text(table, encoding="utf-8")
    assert main(["plan", "import", str(tmp_path / "t")]) == 2
    assert "t:1: column 'colour' is not known" in capsys.readouterr().err.lower()


def test_the_command_for_a_site_can_be_typed(saved, capsys):
    branch = {**CLIENT, "Identity": "Site:Branch1", "ClientAudioPort": "21000"}
    assert main(["plan", "import", *saved(a=as_list(CLIENT, branch))]) == 1
    cure = "  cure: qos-translator plan import a --scope Site:Branch1 > site.yaml"
    assert cure in capsys.readouterr().err.splitlines()


def test_the_help_names_every_format(capsys):
    from translator.endpoint.formats.registry import all_formats

    assert main(["plan", "import", "--help"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    for word in ("Set-Cs...", "New-NetQosPolicy", "registry", "Windows XP", "Intune", "Excel"):
        assert word in words
    assert len(all_formats()) == 12, "a new format has to be named in the help"
