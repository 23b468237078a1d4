"""What is exported and imported again is the plan, as far as the endpoint side can hold it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.cli.plan_export_output import write_all_formats
from translator.endpoint.carried import NOT_CARRIED, carried
from translator.endpoint.derive import derive
from translator.endpoint.merge.assemble import ImportedPlan, import_files
from translator.plan.check import Severity
from translator.plan.dump import dump_plan
from translator.plan.groups import STANDARD_GROUPS, Bindings
from translator.plan.load import load_preset, parse_plan
from translator.plan.model import Plan
from translator.ports import PortRange

PRESETS = ("lync-2013", "lync-2010", "skype-for-business", "microsoft-teams", "webex")
# Zoom has programs, but none of its rows names one.
LYNC = load_preset("lync-2013")
IDS = [row.id for row in LYNC.rows]
OPT_IN = [row.id for row in LYNC.rows if row.opt_in]
CMDLET_PORTS = [
    "client.audio",
    "client.video",
    "client.app_sharing",
    "client.file_transfer",
    "conference_server.audio",
    "conference_server.video",
    "conference_server.app_sharing",
    "application_server.audio",
    "mediation_server.audio",
    "trusted_application_pool.audio",
]


def there_and_back(
    plan: Plan, base: str = "lync-2013", bindings: Bindings | None = None
) -> ImportedPlan:
    with tempfile.TemporaryDirectory() as folder:
        write_all_formats(plan.name, derive(plan, bindings or {}), None, folder)
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


blocks = st.tuples(st.integers(1024, 65000), st.integers(1, 500))
ranges = st.tuples(st.integers(1, 60000), st.integers(0, 3000)).map(lambda p: (p[0], sum(p)))
prefixes = st.sampled_from(
    ("192.0.2.10/32", "192.0.2.0/24", "198.51.100.0/28", "2001:db8::10/128", "2001:db8:1::/64")
)
points = st.sampled_from(("ef", "af41", "af21", "cs3", "cs5", "0", "63"))


@st.composite
def port_settings(draw) -> dict[str, str]:
    found = {}
    for name in draw(st.lists(st.sampled_from(CMDLET_PORTS), max_size=4, unique=True)):
        start, count = draw(blocks)
        wider = f", policy_range: {start}-{start + count}" if draw(st.booleans()) else ""
        found[name] = f"{{start: {start}, count: {count}{wider}}}"
    return found


@st.composite
def own_rows(draw, row_id: str) -> str:
    """A row that the owner adds, with an executable and ports."""
    component = draw(
        st.sampled_from(("Softphone", "My app sharing", "x 2", "O'Brien; \\u00fc", ""))
    )
    fields = {
        "id": row_id,
        "component": f'"{component}"',
        "media": draw(st.sampled_from(("audio", "video", "app_sharing", "signalling", "any"))),
        "code_point": draw(points),
        "protocols": draw(st.sampled_from(("udp", "tcp", "both"))),
        "executable": draw(st.sampled_from(("own.exe", "'C:\\x y\\own.exe'", "lync.exe"))),
    }
    for side in ("source_ports", "destination_ports"):
        found = draw(st.lists(ranges, max_size=2, unique=True))
        if found:
            fields[side] = f"[{', '.join(f'{low}-{high}' for low, high in found)}]"
    for side in ("sources", "destinations"):
        if draw(st.booleans()):
            fields[side] = "[" + draw(st.sampled_from(("own", "other", "own, other"))) + "]"
    return "{" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}"


@st.composite
def changed_rows(draw, row_id: str) -> str:
    """A row of the base with another code point, other ports by number, or another program."""
    fields = {"id": row_id}
    if draw(st.booleans()) and LYNC.row(row_id).code_point is not None:
        fields["code_point"] = draw(points)
    if draw(st.booleans()) and LYNC.row(row_id).source_ports:
        low, high = draw(ranges)
        fields["source_ports"] = f"{low}-{high}"
    if draw(st.booleans()):
        fields["protocols"] = draw(st.sampled_from(("udp", "tcp", "both")))
    if draw(st.booleans()) and LYNC.row(row_id).executable:
        fields["executable"] = "other.exe"
    return "{" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}"


@st.composite
def plans(draw) -> str:
    ids = draw(st.lists(st.sampled_from(IDS), max_size=5, unique=True))
    rows = [draw(changed_rows(row_id)) for row_id in ids]
    own = draw(st.lists(st.sampled_from(("X1", "X.2", "a12", "QoS", "M")), max_size=3, unique=True))
    rows += [draw(own_rows(row_id)) for row_id in own]
    include = draw(st.lists(st.sampled_from(OPT_IN), max_size=4, unique=True))
    exclude = draw(st.lists(st.sampled_from(IDS), max_size=4, unique=True))
    names = draw(st.lists(st.sampled_from(sorted(STANDARD_GROUPS)), max_size=4, unique=True))
    groups: Mapping[str, list[str]] = {
        name: draw(st.lists(prefixes, min_size=1, max_size=3, unique=True))
        for name in (*names, "own", "other")
    }
    sections = {
        "options": f"{{include: [{', '.join(include)}], exclude: [{', '.join(exclude)}], "
        f"client_port_ranges: {str(draw(st.booleans())).lower()}}}",
        "port_settings": _mapping(draw(port_settings())),
        "groups": _mapping({name: str(found).replace("'", '"') for name, found in groups.items()}),
        "rows": f"[{', '.join(rows)}]",
    }
    text = "".join(f"{key}: {value}\n" for key, value in sections.items() if value != "[]")
    return f"extends: lync-2013\nname: mine\n{text}"


def _mapping(entries: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}"


@given(plans())
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
    assert (back.options.include, back.options.exclude) == (("B02", "B03"), ("A10", "P03"))
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


def test_what_comes_from_no_file_is_listed_with_the_files(tmp_path):
    write_all_formats("x", derive(LYNC, {}), None, str(tmp_path))
    listed = (tmp_path / "left-out.txt").read_text(encoding="utf-8")
    for line in NOT_CARRIED:
        assert f"- {line}\n" in listed
