"""What is exported and imported again is the plan; its files alone, as far as they can hold it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from endpoint.random_plans import CMDLET_PORTS, IDS, LYNC, plans
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.cli.plan_export_output import write_all_formats, write_format
from translator.codepoint import CodePoint
from translator.endpoint.carried import NOT_CARRIED, carried
from translator.endpoint.derive import derive
from translator.endpoint.merge.assemble import ImportedPlan, import_files
from translator.errors import PlanError
from translator.plan.check import Severity
from translator.plan.dump import dump_plan
from translator.plan.groups import Bindings
from translator.plan.load import load_preset, parse_plan
from translator.plan.model import Plan, PlanRow
from translator.ports import PortRange

# Zoom has programs, but none of its rows names one.
PRESETS = ("lync-2013", "lync-2010", "skype-for-business", "microsoft-teams", "webex")
OTHER_PORTS = "policy-other-ports"


def there_and_back(
    plan: Plan, base: str | None = "lync-2013", bindings: Bindings | None = None
) -> ImportedPlan:
    with tempfile.TemporaryDirectory() as folder:
        write_all_formats(plan, derive(plan, bindings or {}), None, folder, read=plan.name)
        done = import_files([folder], base=base)
    text = dump_plan(done.plan)
    assert dump_plan(parse_plan(text, "again.yaml")) == text
    return done


def told(done: ImportedPlan) -> list[str]:
    return [f"{item}" for item in done.findings if item.severity is not Severity.INFO]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_comes_back_as_it_is(name):
    preset = load_preset(name)
    done = there_and_back(preset, name)
    assert done.plan.rows == preset.rows
    assert done.plan.options == preset.options
    assert done.plan.port_settings == preset.port_settings
    assert done.plan.groups == preset.groups
    assert done.plan.queues == preset.queues
    assert done.plan.name == preset.name
    assert told(done) == []


@given(plans(in_files=True))
def test_any_plan_comes_back_as_far_as_the_endpoint_side_holds_it(text):
    plan = parse_plan(text, "mine.yaml")
    done = there_and_back(plan)
    assert carried(done.plan, {}, LYNC) == carried(plan, {}, LYNC)
    assert not [item for item in done.findings if item.id.startswith(("policy-", "export-"))]
    known = {item.name: item.block for item in plan.port_settings if item.name in CMDLET_PORTS}
    back = {item.name: item.block for item in done.plan.port_settings}
    assert {name: block for name, block in known.items() if block} == {
        name: back[name] for name, block in known.items() if block
    }


ROWS_OF_NO_FILE = {
    "N1": "component: Door phone, media: audio, code_point: ef, source_ports: 7000-7009",
    "N2": "component: Nobody, media: any, code_point: null, note: unused, opt_in: true",
    "N3": "component: Phone, media: any, code_point: 63, match_code_point: cs5, sources: [phones]",
}


@settings(max_examples=25)
@given(
    plans(),
    st.sets(st.sampled_from(sorted(ROWS_OF_NO_FILE))),
    st.randoms(use_true_random=False),
    st.booleans(),
)
def test_any_plan_is_itself_after_there_and_back(text, more, random, is_changed):
    """With what no file of hosts holds: order, queues, rows without a program, words."""
    head, _, rows = text.partition("rows: [")
    others = [f"{{id: {name}, protocols: udp, {ROWS_OF_NO_FILE[name]}}}" for name in more]
    rows = ", ".join([*others, *([rows.removesuffix("]\n")] if rows else [])])
    plan = parse_plan(f"{head}rows: [{rows}]\n", "mine.yaml")
    shuffled = random.sample(plan.rows, len(plan.rows))
    plan = replace(plan, rows=tuple(shuffled), title="Mine", source="a talk in the hall")
    if is_changed:
        queues = tuple(reversed(plan.queues))
        plan = replace(plan, queues=queues, rows=tuple(_noted(row) for row in plan.rows))
    done = there_and_back(plan, None)
    assert dump_plan(done.plan) == dump_plan(plan)
    assert not [item for item in done.findings if item.id.startswith(("policy-", "export-"))]


def _noted(row: PlanRow) -> PlanRow:
    """The row with another word, and with another code point where no file tells it."""
    is_nowhere = (
        row.code_point is not None
        and row.executable is None
        and "phones" not in (*row.sources, *row.destinations)
    )
    row = replace(row, note="seen on Monday")
    return replace(row, code_point=CodePoint(18)) if is_nowhere else row


def test_what_a_file_says_goes_before_the_exported_plan(tmp_path):
    plan = parse_plan(MINE, "mine.yaml")
    write_all_formats(plan, derive(plan, {}), None, str(tmp_path), read=plan.name)
    for name in ("netqospolicy.ps1", "intune.json"):
        (tmp_path / name).unlink()
    path = tmp_path / "reg.reg"
    text = path.read_bytes().decode("utf-16")
    path.write_bytes(text.replace("30000:30009", "31000:31009").encode("utf-16"))
    back = import_files([str(tmp_path)]).plan
    assert back.row("X1").source_ports[0] == PortRange(31000, 31009)
    was = {"X1": plan.row("X1")}
    rows = tuple(was.get(row.id, row) for row in back.rows)
    assert dump_plan(replace(back, rows=rows)) == dump_plan(plan)


def test_ports_that_were_changed_in_one_file_are_held_against_the_policies_of_the_others(tmp_path):
    plan = parse_plan(MINE, "mine.yaml")
    write_all_formats(plan, derive(plan, {}), None, str(tmp_path), read=plan.name)
    path = tmp_path / "powershell-cs.ps1"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("-ClientAudioPort 21000", "-ClientAudioPort 22000"), "utf-8")
    done = import_files([str(tmp_path)])
    now = (PortRange(22000, 22039),)
    assert {done.plan.row(name).source_ports for name in ("A12", "A14", "A15", "C01")} == {now}
    assert done.plan.row("A13") == replace(plan.row("A13"), where=done.plan.row("A13").where)
    others = [item for item in done.findings if item.id == OTHER_PORTS]
    assert any("'QoS A12 Lync 2013 audio'" in item.message for item in others)
    assert all(item.severity is not Severity.INFO for item in others)


def test_a_base_that_is_named_goes_before_the_exported_plan(tmp_path):
    plan = replace(parse_plan(MINE, "mine.yaml"), title="Mine")
    write_all_formats(plan, derive(plan, {}), None, str(tmp_path), read=plan.name)
    assert import_files([str(tmp_path)]).plan.title == "Mine"
    assert import_files([str(tmp_path)], "lync-2013").plan.title == LYNC.title


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text[: len(text) // 2], "queues|row"),
        (lambda text: text.replace("name: mine", "name: other"), "another export"),
        (lambda text: text.replace("code_point: ef", "code_point: \x1b", 1), "U.001B"),
    ],
    ids=["cut short", "another's", "hostile"],
)
def test_a_damaged_exported_plan_is_one_error(change, message, tmp_path):
    plan = parse_plan(MINE, "mine.yaml")
    write_all_formats(plan, derive(plan, {}), None, str(tmp_path), read=plan.name)
    path = tmp_path / "exported-plan.yaml"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    names = [str(item) for item in sorted(tmp_path.iterdir())]
    with pytest.raises(PlanError, match=message) as caught:
        import_files(names)
    assert caught.value.where.file == str(path)
    assert caught.value.hint


MINE = """\
extends: lync-2013
name: mine
options: {include: [B02, B03], exclude: [A10, P03]}
port_settings:
  client.audio: {start: 21000, count: 40}
  conference_server.audio: {start: 50000, count: 1000, policy_range: 50000-51000}
groups:
  edge_internal: [192.0.2.10/32, "2001:db8::10/128"]
rows:
  - {id: A12, code_point: cs5}
  - {id: A15, code_point: cs5}
  - {id: X1, component: Softphone, media: video, code_point: af41, protocols: udp,
     executable: soft.exe, source_ports: [30000-30009, 30020-30029]}
"""


def test_what_the_owner_changed_is_there_row_by_row():
    plan = parse_plan(MINE, "mine.yaml")
    back = there_and_back(plan).plan
    assert set(back.options.include) == {"B02", "B03"}
    assert set(back.options.exclude) == {"A10", "P03"}
    for row_id in ("A12", "A15", "A01", "A03", "B02", "B01"):
        row, was = back.row(row_id), plan.row(row_id)
        assert (row.code_point, row.source_ports, row.destination_ports) == (
            was.code_point,
            was.source_ports,
            was.destination_ports,
        )
        assert (row.sources, row.policy_range_of) == (was.sources, was.policy_range_of)
    own = back.row("X1")
    assert (own.component, own.executable, own.media) == ("Softphone", "soft.exe", "video")
    assert own.source_ports == (PortRange(30000, 30009), PortRange(30020, 30029))
    (edge,) = (group for group in back.groups if group.name == "edge_internal")
    assert [str(prefix) for prefix in edge.prefixes] == ["192.0.2.10/32", "2001:db8::10/128"]


def exported(text: str, name: str, path: Path, bindings: Bindings | None = None) -> str:
    """The file of one format, as nothing else of the export lies beside it."""
    plan = parse_plan(text, "mine.yaml")
    write_format(plan.name, derive(plan, bindings or {}), name, str(path), read=plan.name)
    return str(path)


MOVED = """\
extends: lync-2013
name: mine
port_settings:
  client.audio: {start: 21000, count: 40}
  client.video: {start: 21040, count: 40}
"""


def test_policies_alone_move_the_settings_on_which_they_agree(tmp_path):
    """A row without a policy, such as that of phones, must not stay behind."""
    done = import_files([exported(MOVED, "reg", tmp_path / "x.reg")])
    assert [row.id for row in done.plan.rows] == IDS
    wanted = parse_plan(MOVED, "mine.yaml")
    for row in done.plan.rows:
        assert row.source_ports == wanted.row(row.id).source_ports, row.id
        assert row.destination_ports == wanted.row(row.id).destination_ports, row.id
    moves = [item for item in done.findings if item.id == "policy-moves-row"]
    assert [item.message.partition(" as ")[0] for item in moves] == [
        "client.audio moves from 20000-20039 to 21000-21039,",
        "client.video moves from 20040-20079 to 21040-21079,",
    ]
    assert moves[0].cure == "Get-CsConferencingConfiguration | Format-List > ports.txt"


def test_policies_alone_move_one_row_that_has_ports_of_its_own(tmp_path):
    text = "extends: lync-2013\nname: x\nrows: [{id: A12, source_ports: 23000-23039}]\n"
    done = import_files([exported(text, "netqospolicy", tmp_path / "x.ps1")])
    assert [row.id for row in done.plan.rows] == IDS
    assert done.plan.row("A12").source_ports == (PortRange(23000, 23039),)
    assert done.plan.row("A10") == LYNC.row("A10")


def test_a_code_point_that_a_host_has_by_now_is_a_finding_and_changes_no_row(tmp_path):
    text = "extends: lync-2013\nname: x\nrows: [{id: A12, code_point: cs5}]\n"
    done = import_files([exported(text, "reg", tmp_path / "x.reg")])
    assert done.plan.row("A12").code_point == 46
    (item,) = (item for item in done.findings if item.id == "policy-code-point")
    assert "marks 40, row A12 of the plan 46" in item.message
    assert item.cure == "Set-NetQosPolicy -Name 'QoS A12 Lync 2013 audio' -DSCPAction 46"


def test_policies_that_are_older_than_the_ports_of_the_product_are_told(tmp_path):
    old = exported("extends: lync-2013\nname: x\n", "reg", tmp_path / "old.reg")
    new = exported(MOVED, "powershell-cs", tmp_path / "new.ps1")
    done = import_files([old, new])
    assert done.plan.row("A12").source_ports == (PortRange(21000, 21039),)
    told_of = {item.message.split("'")[1] for item in done.findings if item.id == OTHER_PORTS}
    assert "QoS A12 Lync 2013 audio" in told_of
    assert "QoS A01 A-V Conferencing service audio" not in told_of


def test_own_rows_keep_their_ids_without_the_list(tmp_path):
    back = import_files([exported(MINE, "reg", tmp_path / "x.reg")]).plan
    own = back.row("X1")
    assert (own.component, own.executable, len(own.source_ports)) == ("Softphone", "soft.exe", 2)
    assert not [row.id for row in back.rows if row.id.startswith("H")]


def test_an_edited_set_of_policies_is_no_row(tmp_path):
    """One of two policies of a row has another code point: which is meant, nobody says."""
    path = Path(exported(MINE, "netqospolicy", tmp_path / "x.ps1"))
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(at for at, line in enumerate(lines) if "'QoS X1 Softphone video 2'" in line)
    lines[at] = lines[at].replace("-DSCPActionValue 34", "-DSCPActionValue 26")
    lines[at] = lines[at].replace("-DSCPAction 34", "-DSCPAction 26")
    path.write_text("\n".join(lines), encoding="utf-8")
    back = import_files([str(path)]).plan
    assert [row.code_point for row in back.rows if row.id.startswith("H")] == [34, 26]


BAD_LISTS = {
    "cut in the list": lambda text: text.replace(", A04", ""),
    "no list": lambda text: text.splitlines()[0],
    "a hostile id": lambda text: text.replace(" A04,", " A\x1b[31m,"),
    "no name": lambda text: text.replace("exported plan: mine", "exported plan: "),
}


@pytest.mark.parametrize("case", BAD_LISTS, ids=str)
def test_a_damaged_list_of_rows_is_one_error(case, tmp_path):
    plan = parse_plan(MINE, "mine.yaml")
    write_all_formats(plan, derive(plan, {}), None, str(tmp_path), read=plan.name)
    path = tmp_path / "left-out.txt"
    path.write_text(BAD_LISTS[case](path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        import_files([str(path)])
    assert caught.value.where.file == str(path)
    assert caught.value.hint


def test_two_exports_are_not_mixed(tmp_path):
    for name, text in (("a", MINE), ("b", MOVED)):
        plan = replace(parse_plan(text, "x"), name=name)
        write_all_formats(plan, derive(plan, {}), None, str(tmp_path / name), read=plan.name)
    with pytest.raises(PlanError, match="another export"):
        import_files([str(tmp_path / "a/left-out.txt"), str(tmp_path / "b/left-out.txt")])


def test_a_folder_that_lacks_a_file_is_told(tmp_path):
    plan = parse_plan(MINE, "x")
    write_all_formats(plan, derive(plan, {}), None, str(tmp_path), read=plan.name)
    for name in ("reg.reg", "netqospolicy.ps1"):
        (tmp_path / name).unlink()
    done = import_files([str(tmp_path)])
    (item,) = (item for item in done.findings if item.id == "export-not-whole")
    assert "A03, A04" in item.message  # Intune has no place for their addresses
    assert done.plan.row("X1").executable == "soft.exe"


@pytest.mark.parametrize("is_whole", [True, False])
def test_policies_of_another_preset_name_the_base_that_was_meant(is_whole, tmp_path):
    name = "microsoft-teams"
    plan = load_preset(name)
    write_all_formats(plan, derive(plan, {}), None, str(tmp_path), read=plan.name)
    (tmp_path / "exported-plan.yaml").unlink()
    if not is_whole:
        (tmp_path / "left-out.txt").unlink()
    done = import_files([str(tmp_path)])
    (item,) = (item for item in done.findings if item.id == "other-base")
    assert "are those of preset microsoft-teams; the base is lync-2013" in item.message
    assert item.cure == f"qos-translator plan import {tmp_path} --base microsoft-teams"


@pytest.mark.parametrize("name", ["microsoft-teams", "skype-for-business"])
def test_ports_of_another_preset_name_the_base_that_was_meant(name, tmp_path):
    form = "teams-tenant" if name == "microsoft-teams" else "powershell-cs"
    plan = load_preset(name)
    write_format(plan.name, derive(plan, {}), form, str(tmp_path / "x.ps1"), read=plan.name)
    files = [str(tmp_path / "x.ps1")]
    (item,) = (item for item in import_files(files).findings if item.id == "other-base")
    assert f"the ports read are those of preset {name}; the base is lync-2013" in item.message
    assert item.cure == f"qos-translator plan import {tmp_path}/x.ps1 --base {name}"
    assert not told(import_files(files, name))


def test_ports_that_are_nobodys_name_no_base(tmp_path):
    done = import_files([exported(MOVED, "powershell-cs", tmp_path / "x.ps1")])
    assert "other-base" not in {item.id for item in done.findings}


def test_what_comes_from_no_file_is_listed_with_the_files(tmp_path):
    write_all_formats(LYNC, derive(LYNC, {}), None, str(tmp_path), read=LYNC.name)
    listed = (tmp_path / "left-out.txt").read_text(encoding="utf-8")
    for line in NOT_CARRIED:
        assert f"- {line}\n" in listed
