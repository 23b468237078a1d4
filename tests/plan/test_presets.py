"""All presets: where their values come from, what contradicts what, and what is never rendered."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from translator.errors import PlanError
from translator.plan.check import check_plan
from translator.plan.groups import known_groups, outside_groups
from translator.plan.handbook import handbook
from translator.plan.legs import port_hazard
from translator.plan.load import load_preset, parse_plan, preset_names
from translator.plan.model import Confidence, Plan, Status
from translator.plan.select import renderable_rows

PRESETS = {name: load_preset(name) for name in preset_names()}
EVERYBODY = (ip_network("0.0.0.0/0"), ip_network("::/0"))

# Preset, row, medium, DSCP, transports, source ports, destination ports, confidence.
VALUES = """
lync-2010          L21 audio         46 udp,tcp 49152-57500 -                       secondary
lync-2010          L25 video         34 udp,tcp 57501-65535 -                       secondary
lync-2010          L26 video         34 udp,tcp 57501-61518 -                       secondary
lync-2010          L28 app_sharing   18 tcp     32768-49151 -                       secondary
lync-2010          L29 app_sharing   18 tcp     61519-65535 -                       secondary
lync-2010          L31 audio         46 udp,tcp 20000-20039 -                       secondary
skype-for-business S13 signalling    46 tcp     -           5060-5061               primary
skype-for-business S21 audio         46 udp,tcp 49152-57500 -                       primary
skype-for-business S24 video         34 udp,tcp 57501-65535 -                       primary
skype-for-business S25 app_sharing   18 tcp     40803-49150 -                       primary
skype-for-business S31 audio         46 udp,tcp 50020-50039 -                       primary
skype-for-business S32 audio         46 udp,tcp 50020-50059 -                       primary
skype-for-business S33 video         34 udp,tcp 58000-58019 -                       primary
skype-for-business S35 app_sharing   24 tcp     42000-42019 -                       primary
skype-for-business S37 file_transfer 14 tcp     42020-42039 -                       primary
skype-for-business S38 file_transfer 10 tcp     40783-40802 -                       primary
microsoft-teams    T01 audio         46 udp,tcp 50000-50019 -                       primary
microsoft-teams    T02 video         34 udp,tcp 50020-50039 -                       primary
microsoft-teams    T03 app_sharing   18 udp,tcp 50040-50059 -                       primary
microsoft-teams    T04 signalling    40 udp     50070-50089 -                       secondary
microsoft-teams    T05 signalling    46 udp     50070-50089 -                       primary
microsoft-teams    T11 audio         46 udp     -           3479                    primary
microsoft-teams    T21 audio         46 udp     3478-3479   50000-50019             primary
microsoft-teams    T22 video         34 udp     3478+3480   50020-50039             primary
microsoft-teams    T23 app_sharing   18 udp     3478+3481   50040-50059             primary
microsoft-teams    T31 audio         46 udp     -           49152-53247             secondary
expressroute-edge  E01 audio         46 udp,tcp 50000-50019 -                       primary
expressroute-edge  E04 file_transfer 10 tcp     42020-42039 -                       primary
expressroute-edge  E05 signalling    24 tcp     -           5061                    primary
zoom               Z01 audio         46 udp     -           8801-8803               memory
zoom               Z02 video         34 udp     -           8801-8803               memory
zoom               Z11 audio         56 udp     -           8801-8803               primary
zoom               Z12 video         40 udp     -           8801-8803               primary
webex              W01 audio         46 udp     52000-52099 5004+9000               memory
webex              W02 video         34 udp     52100-52299 5004+9000               memory
webex              W11 video         36 udp     -           9000                    secondary
"""

ALTERNATIVES = {
    "lync-2010": {"L26": "L25", "L28": "L27", "L29": "L27", "L34": "L31", "L36": "L35"},
    "lync-2013": {"C09": "A12", "C10": "A13"},
    "skype-for-business": {
        "S13": "S11", "S26": "S25", "S32": "S31", "S35": "S34", "S37": "S36", "S38": "S36",
    },
    "microsoft-teams": {"T05": "T04"},
    "expressroute-edge": {},
    "zoom": {"Z11": "Z01", "Z12": "Z02"},
    "webex": {},
}  # fmt: skip


def including(preset: str, *rows: str) -> Plan:
    plan = PRESETS[preset]
    return replace(plan, options=replace(plan.options, include=rows))


@pytest.mark.parametrize("line", VALUES.split("\n")[1:-1])
def test_values_are_those_of_the_sources(line: str) -> None:
    preset, row_id, *wanted = line.split()
    row = PRESETS[preset].row(row_id)
    assert row.code_point is not None
    found = [
        row.media,
        str(int(row.code_point)),
        ",".join(row.protocols),
        "+".join(map(str, row.source_ports)) or "-",
        "+".join(map(str, row.destination_ports)) or "-",
        row.confidence,
    ]
    assert found == wanted


@pytest.mark.parametrize("name", PRESETS)
def test_every_value_says_how_well_it_is_founded(name: str) -> None:
    plan = PRESETS[name]
    assert plan.source
    for row in plan.rows:
        assert row.confidence or row.status is Status.DERIVED, row.id
        assert row.source or row.note, row.id
    assert all(item.source and item.confidence for item in plan.port_settings)
    assert all(item.source and item.confidence for item in plan.groups if item.prefixes)


@pytest.mark.parametrize("name", PRESETS)
def test_what_sources_contradict_is_on_request_and_explained(name: str) -> None:
    plan = PRESETS[name]
    found = {row.id: row.alternative_to for row in plan.rows if row.alternative_to}
    assert found == ALTERNATIVES[name]
    for other, first in found.items():
        assert plan.row(other).opt_in
        chosen = {row.id for row in renderable_rows(including(name, other), _bound(plan))[0]}
        waiting = {item.row_id for item in renderable_rows(including(name, other), {})[1]}
        assert other in chosen
        assert first not in chosen | waiting


def test_memory_is_never_called_confirmed() -> None:
    assert {row.confidence for row in PRESETS["webex"].rows if not row.opt_in} == {
        Confidence.MEMORY
    }


def _bound(plan: Plan):
    names = sorted(known_groups(plan))
    return {name: (ip_network(f"10.{number}.0.0/16"),) for number, name in enumerate(names)}


@pytest.mark.parametrize("bindings", [{}, "everybody"], ids=["default", "hostile"])
@pytest.mark.parametrize("name", PRESETS)
def test_dynamic_ports_are_never_rendered_for_everybody(name: str, bindings: object) -> None:
    """A prefix of length 0 is no address: it limits nothing."""
    plan = PRESETS[name]
    everything = including(name, *(row.id for row in plan.rows if row.opt_in))
    for chosen in (plan, everything):
        groups = dict.fromkeys(known_groups(plan), EVERYBODY) if bindings else {}
        kept, _ = renderable_rows(chosen, groups)
        own = {group.name for group in plan.groups if group.prefixes} if not bindings else set()
        assert not [
            row.id for row in kept if port_hazard(row) and not own & {*row.sources, *row.needs}
        ]


@pytest.mark.parametrize("name", PRESETS)
def test_bound_presets_have_no_errors(name: str) -> None:
    plan = PRESETS[name]
    assert not [x for x in check_plan(plan, _bound(plan)) if x.severity == "error"]


@pytest.mark.parametrize("name", PRESETS)
def test_a_file_may_extend_any_preset(name: str) -> None:
    plan = parse_plan(f"extends: {name}\nname: site\ngroups: {{clients: 10.1.0.0/16}}\n", "s.yaml")
    assert [row.id for row in plan.rows] == [row.id for row in PRESETS[name].rows]
    assert plan.options == PRESETS[name].options
    assert plan.name == "site"


def test_moving_a_setting_of_teams_moves_both_directions() -> None:
    text = "extends: microsoft-teams\nport_settings: {client.audio: {start: 20000, count: 40}}\n"
    plan = parse_plan(text, "site.yaml")
    assert [str(item) for item in plan.row("T01").source_ports] == ["20000-20039"]
    assert [str(item) for item in plan.row("T21").destination_ports] == ["20000-20039"]
    assert port_hazard(plan.row("T01")) == ""


def test_clouds_lie_outside() -> None:
    wanted = {"microsoft-teams": "microsoft_media", "zoom": "zoom_media", "webex": "webex_media"}
    for name, group in wanted.items():
        assert group in outside_groups(PRESETS[name])
    assert outside_groups(PRESETS["lync-2013"]) == {"hosted_edge"}
    assert outside_groups(parse_plan(SMALL, "small.yaml")) == {"hosted_edge"}


SMALL = "rows: [{id: A, media: audio, code_point: ef, protocols: udp, source_ports: 5000}]\n"


def test_a_row_may_not_write_what_nobody_may_carry() -> None:
    text = "extends: expressroute-edge\noptions: {include: [E05]}\n"
    with pytest.raises(PlanError, match=r"E05 writes cs3, which options\.allowed") as caught:
        parse_plan(text, "edge.yaml")
    assert "allowed_code_points: [ef, af41, af21, af11, cs3]" in caught.value.hint
    assert caught.value.where is not None
    allowed = "allowed_code_points: [ef, af41, af21, af11, cs3]"
    plan = parse_plan(f"extends: expressroute-edge\noptions: {{include: [E05], {allowed}}}\n", "e")
    assert 24 in plan.options.allowed_code_points


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("options: {allowed_code_points: [ef, 64]}\n", "not within 0-63"),
        ("options: {allowed_code_points: {ef: 1}}\n", "no list"),
        ("rows: [{id: T01, confidence: certain}]\n", "'certain' is not known"),
        ("groups: {microsoft_media: {outside: perhaps}}\n", "neither true nor false"),
        ("port_settings: {client.audio: {confidence: high}}\n", "'high' is not known"),
    ],
)
def test_bad_values_are_named_with_their_line(text: str, problem: str) -> None:
    with pytest.raises(PlanError, match=problem) as caught:
        parse_plan("extends: microsoft-teams\n" + text, "site.yaml")
    assert caught.value.where is not None
    assert caught.value.where.line == 2


def test_the_page_on_presets_is_written_from_them() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "presets.md"
    assert page.read_text(encoding="utf-8") == handbook(), "make readme"
