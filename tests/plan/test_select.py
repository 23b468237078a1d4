"""Which rows may be rendered: options, addresses, and the reason for each row left out."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from translator.errors import PlanError
from translator.plan.groups import resolve_group
from translator.plan.legs import legs_of
from translator.plan.load import load_preset, parse_plan
from translator.plan.model import Transport
from translator.plan.select import renderable_rows
from translator.ports import PortRange

PRESET = load_preset("lync-2013")
GROUPS = [group.name for group in PRESET.groups if not group.union_of]
ALL = {name: (ip_network(f"10.{n}.0.0/16"),) for n, name in enumerate(GROUPS)}
CLIENT_ROWS = ["A10", "A12", "A14", "A15", "C01", "C03", "C07", "C08", "A11", "A13", "C02", "C04"]


def site(text):
    return parse_plan("extends: lync-2013\n" + text, "site.yaml")


def ids(plan, bindings):
    return [row.id for row in renderable_rows(plan, bindings)[0]]


def refusals(plan, bindings):
    return {item.row_id: item for item in renderable_rows(plan, bindings)[1]}


def test_without_addresses_only_client_and_sip_rows_remain():
    assert ids(PRESET, {}) == ["P04", *CLIENT_ROWS]


def test_with_all_addresses_rows_stand_in_first_match_order():
    assert ids(PRESET, ALL) == [
        "A05", "D03", "C06", "A03", "A04", "P07", "P04", "P05", "P06",
        "A01", "A06", "A07", "A08", "A09", "A02", "C05", "P03", *CLIENT_ROWS, "B01",
    ]  # fmt: skip
    assert set(refusals(PRESET, ALL)) == {"P01", "P02", "B04", "D01"}


def test_each_row_is_kept_refused_or_on_request():
    for bindings in ({}, ALL):
        kept, refused = renderable_rows(PRESET, bindings)
        named = [row.id for row in kept] + [item.row_id for item in refused]
        assert len(named) == len(set(named))
        assert set(named) == {row.id for row in PRESET.rows if not row.opt_in}


def test_server_ranges_without_addresses_are_refused_with_the_reason():
    refusal = refusals(PRESET, {})["A01"]
    assert refusal.kind == "ephemeral-range"
    assert "49152-57500" in refusal.reason
    assert "Windows 49152-65535" in refusal.reason
    assert "--address conference_servers=PREFIX" in refusal.hint


def test_a_pair_of_addresses_needs_both():
    assert "A05" not in ids(PRESET, {"edge_internal": ALL["edge_internal"]})
    both = {name: ALL[name] for name in ("edge_internal", "exchange_um")}
    assert {"A05", "D03", "C06", "A03", "A04"} <= set(ids(PRESET, both))


@pytest.mark.parametrize("ports", ["source_ports: 50000-50019", "destination_ports: 33000", ""])
def test_a_row_that_catches_strangers_is_refused_even_when_called_safe(ports):
    row = f"{{id: X, media: audio, code_point: ef, protocols: udp, port_only_safe: true, {ports}}}"
    plan = parse_plan(f"rows:\n  - {row}\n", "x.yaml")
    assert ids(plan, {}) == []
    assert refusals(plan, {})["X"].kind == "ephemeral-range"


def test_one_port_among_the_dynamic_ones_is_enough_to_refuse():
    text = "rows: [{id: X, media: audio, code_point: ef, protocols: udp, source_ports: %s}]\n"
    assert ids(parse_plan(text % "32700-32767", "x"), {}) == ["X"]
    assert ids(parse_plan(text % "32700-32768", "x"), {}) == []


def test_server_audio_and_video_count_udp_only_by_default():
    kept = {row.id: row for row in renderable_rows(PRESET, ALL)[0]}
    assert kept["A01"].protocols == (Transport.UDP,)
    assert kept["A10"].protocols == (Transport.UDP, Transport.TCP)
    assert kept["A03"].protocols == (Transport.UDP, Transport.TCP)
    plan = site("options: {server_tcp: true}")
    kept = {row.id: row for row in renderable_rows(plan, ALL)[0]}
    assert kept["A01"].protocols == (Transport.UDP, Transport.TCP)


def test_tcp_can_be_left_out_of_audio_and_video_only():
    kept = {row.id: row for row in renderable_rows(site("options: {tcp: false}"), ALL)[0]}
    assert kept["A10"].protocols == (Transport.UDP,)
    assert kept["P03"].protocols == (Transport.TCP,)
    assert kept["P04"].protocols == (Transport.TCP,)


def test_clients_that_use_any_port_void_every_client_rule():
    plan = site("options: {client_port_ranges: false, include: [D04, D06]}")
    refused = refusals(plan, ALL)
    for row_id in (*CLIENT_ROWS, "A03", "A04", "B01", "D04", "D06"):
        assert refused[row_id].kind == "client-ranges-off", row_id
        assert "ClientMediaPortRangeEnabled" in refused[row_id].reason
    assert {"A01", "A02", "A05", "P04", "C06"} <= set(ids(plan, ALL))


def test_rows_on_request_and_rows_left_out():
    plan = site("options: {include: [D02, D04], exclude: [A15]}")
    found = ids(plan, ALL)
    assert {"D02", "D04"} <= set(found)
    assert "A15" not in found
    assert "A15" not in refusals(plan, ALL)


def test_an_alternative_takes_the_place_of_its_row():
    found = ids(site("options: {include: [C09]}"), ALL)
    assert "C09" in found
    assert "A12" not in found
    assert "A10" in found


def test_setting_ports_makes_bulk_rows_renderable():
    plan = site("port_settings:\n  client.app_sharing: {start: 20080, count: 40}\n")
    assert "P01" in ids(plan, ALL)
    assert refusals(PRESET, ALL)["P01"].kind == "port-setting-unset"


def test_the_extra_policy_port_goes_to_the_class_that_uses_it():
    plan = site("port_settings:\n  conference_server.video: {start: 57500, count: 8036}\n")
    kept = {row.id: row for row in renderable_rows(plan, ALL)[0]}
    assert kept["A01"].source_ports == (PortRange(49152, 57499),)
    assert kept["A02"].source_ports == (PortRange(57500, 65535),)
    assert kept["A06"].source_ports == (PortRange(49152, 57500),)
    assert kept["A03"].destination_ports[0] == PortRange(49152, 57499)


def test_the_extra_policy_port_stays_where_nobody_uses_it():
    kept = {row.id: row for row in renderable_rows(PRESET, ALL)[0]}
    assert kept["A01"].source_ports == (PortRange(49152, 57500),)
    assert kept["A02"].source_ports == (PortRange(57501, 65535),)
    assert kept["A04"].destination_ports[0] == PortRange(57501, 65535)


def test_a_mark_of_any_host_is_never_changed():
    row = (
        "{id: X, media: audio, code_point: ef, match_code_point: 40, protocols: udp,"
        " source_ports: 20000-20039}"
    )
    plan = parse_plan(f"rows:\n  - {row}\n", "x.yaml")
    assert refusals(plan, {})["X"].kind == "code-point-of-any-host"


def test_legs_of_a_narrowed_row():
    legs = {leg.transport: leg.source_ports for leg in legs_of(PRESET.row("A03"))}
    assert legs == {
        Transport.UDP: (PortRange(3478, 3478),),
        Transport.TCP: (PortRange(443, 443),),
    }


def test_a_union_resolves_to_its_bound_members():
    bound = {"conference_servers": ALL["conference_servers"], "mediation_servers": ALL["phones"]}
    assert resolve_group(PRESET, "lync_servers", bound) == (
        *ALL["conference_servers"],
        *ALL["phones"],
    )
    assert resolve_group(PRESET, "lync_servers", {}) == ()
    assert resolve_group(PRESET, "lync_servers", {"lync_servers": ALL["clients"]}) == ALL["clients"]


def test_a_binding_replaces_the_plans_own_addresses():
    plan = site("groups: {phones: 10.200.0.0/16}")
    assert resolve_group(plan, "phones", {}) == (ip_network("10.200.0.0/16"),)
    assert resolve_group(plan, "phones", ALL) == ALL["phones"]


def test_unknown_groups_are_refused_with_the_nearest():
    with pytest.raises(PlanError, match="'phone'") as caught:
        renderable_rows(PRESET, {"phone": ALL["phones"]})
    assert caught.value.hint == "did you mean phones?"
    with pytest.raises(PlanError, match="no address group"):
        resolve_group(PRESET, "nobody", {})


def test_everybody_is_no_address_group():
    for prefix in ("0.0.0.0/0", "::/0"):
        refused = refusals(PRESET, {"conference_servers": (ip_network(prefix),)})
        assert refused["A01"].kind == "ephemeral-range"
