"""What a format writes it reads back, and all formats of a plan together give its settings."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from endpoint.settings_of_all_kinds import (
    FORMATS,
    OF_FORMAT,
    code_points,
    lists_of,
    plain,
    policies,
    port_ranges,
    protocols,
    read_back,
    settings,
    texts,
)
from hypothesis import given
from hypothesis import strategies as st

from translator.endpoint.derive import derive
from translator.endpoint.policy.names import row_id_of_policy
from translator.endpoint.settings import HostPolicy
from translator.plan.groups import Prefix
from translator.plan.load import load_preset, parse_plan
from translator.plan.model import Media, Plan, PlanRow, Status

LYNC = load_preset("lync-2013")
EVERYTHING = """\
extends: lync-2013
name: everything
options: {include: [B02, B03, C09, C10, D02, D04, D05, D06, D07]}
port_settings:
  client.app_sharing: {start: 20080, count: 40}
  client.file_transfer: {start: 20120, count: 40}
groups:
  edge_internal: [192.0.2.10/32, "2001:db8::10/128"]
  exchange_um: [192.0.2.32/27, "2001:db8:1::/64"]
  conference_servers: [198.51.100.0/28]
"""


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
def test_a_format_reads_what_it_writes(name, data):
    chosen = FORMATS[name]
    held = tuple(filter(chosen.holds, data.draw(lists_of(OF_FORMAT[name]))))
    if held:
        exact = name == "netqospolicy"
        assert plain(read_back(chosen, held), stores=exact) == plain(held, stores=exact)


@pytest.mark.parametrize("name", FORMATS)
@given(mixed=lists_of(settings))
def test_what_a_format_does_not_hold_is_not_in_its_file(name, mixed):
    chosen = FORMATS[name]
    assert chosen.write(mixed) == chosen.write(tuple(filter(chosen.holds, mixed)))
    for item in mixed:
        assert not (chosen.holds(item) and chosen.why_not(item))


@given(policy=policies)
def test_registry_and_cmdlet_name_a_reason_for_each_policy_that_they_do_not_hold(policy):
    for name in ("reg", "netqospolicy", "intune"):
        chosen = FORMATS[name]
        assert chosen.holds(policy) == (not chosen.why_not(policy))


@pytest.mark.parametrize("plan", [LYNC, parse_plan(EVERYTHING, "plan.yaml")], ids=lambda p: p.name)
def test_all_formats_of_a_plan_give_its_settings_back(plan):
    wanted = derive(plan, {}).settings
    found = set()
    for chosen in FORMATS.values():
        held = tuple(item for item in wanted if chosen.holds(item))
        if held:
            back = plain(read_back(chosen, held))
            assert back == plain(held)
            found |= back
    assert found == plain(wanted)


rows = st.builds(
    PlanRow,
    id=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,9}", fullmatch=True),
    component=texts,
    media=st.sampled_from((Media.AUDIO, Media.VIDEO, Media.APP_SHARING)),
    code_point=code_points,
    protocols=protocols,
    status=st.just(Status.USER),
    executable=texts.map(lambda text: f"{text}.exe"),
    source_ports=st.lists(port_ranges, max_size=2, unique=True).map(tuple),
    destination_ports=st.lists(port_ranges, max_size=2, unique=True).map(tuple),
)


@given(st.lists(rows, max_size=4, unique_by=lambda row: row.id.casefold()))
def test_any_row_with_a_program_is_in_every_format_of_policies(found):
    derived = derive(Plan("x", "", tuple(found), ()), {})
    assert derived.left_out == ()
    policies_of = tuple(item for item in derived.settings if isinstance(item, HostPolicy))
    assert {row_id_of_policy(item.name) for item in policies_of} == {row.id for row in found}
    for name in ("reg", "netqospolicy", "intune"):
        assert all(FORMATS[name].holds(item) for item in policies_of)
        if policies_of:
            assert plain(read_back(FORMATS[name], policies_of)) == plain(policies_of)


@given(
    prefixes=st.lists(
        st.ip_addresses(v=6).map(lambda address: f"{address}/128"), min_size=1, max_size=4
    )
)
def test_every_policy_names_the_row_it_was_made_of(prefixes):
    bound: dict[str, list[Prefix]] = {"edge_internal": [ip_network(text) for text in prefixes]}
    policies_of = [item for item in derive(LYNC, bound).settings if isinstance(item, HostPolicy)]
    assert policies_of
    for policy in policies_of:
        row = LYNC.row(row_id_of_policy(policy.name))
        assert policy.application == row.executable
        assert policy.code_point == row.code_point
        assert policy.source_ports in (row.source_ports or (None,))
        assert policy.destination_ports in (row.destination_ports or (None,))
