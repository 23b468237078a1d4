"""Several files become one plan: ports are facts, code points are the plan's own."""

from __future__ import annotations

import pytest
from endpoint.texts import CLIENT, as_list, as_table, policy
from endpoint.workbooks import HEADER, ROW, workbook
from support.corpus import shared_file

from translator.endpoint.merge.assemble import import_files
from translator.errors import PlanError, UsageError
from translator.plan.dump import dump_plan
from translator.plan.load import load_preset, parse_plan
from translator.plan.model import Media, Status
from translator.ports import PortBlock, PortRange

PRESET = load_preset("lync-2013")
SERVER = {
    "Identity": "ConferencingServer:a.example.com",
    "AudioPortStart": "49152",
    "AudioPortCount": "8348",
}
POOL = {"Identity": "TrustedApplicationPool:u.example.com"}
POOL |= {"AudioPortStart": "42000", "AudioPortCount": "400"}
PHONE = {"Identity": "Global", "VoiceDiffServTag": "46", "Voice8021p": "0"}
TABLE = (
    "component,media,executable,dscp,protocol,source ports\n"
    "Lync 2013,Audio,lync.exe,46,Both,{audio}\n"
    "Softphone,Audio,phone.exe,46,UDP,30000-30009\n"
)


@pytest.fixture
def brought(tmp_path, monkeypatch):
    """Import texts as files of these names; the plan has to survive its own YAML."""
    monkeypatch.chdir(tmp_path)

    def bring(files, **options):
        for name, text in files.items():
            data = text if isinstance(text, bytes) else text.encode("utf-8")
            (tmp_path / name).write_bytes(data)
        done = import_files(list(files), **options)
        text = dump_plan(done.plan)
        assert dump_plan(parse_plan(text, "again.yaml")) == text
        return done

    return bring


def ids(done):
    return {item.id for item in done.findings}


def changed(done, base=PRESET):
    """The rows that are not as in the base."""
    return {
        row.id
        for row in done.plan.rows
        if row.id not in {item.id for item in base.rows} or row != base.row(row.id)
    }


def test_settings_as_in_the_base_change_no_row(brought):
    done = brought({"a.txt": as_list(CLIENT), "b.txt": as_list(SERVER)})
    # They waited for ports: of sharing, of file transfer, of Communicator 2007 R2.
    assert changed(done) == {"P01", "P07", "P02", "B04"}
    assert done.plan.row("P01").source_ports == (PortRange(20080, 20119),)
    assert done.findings == ()
    assert done.plan.name == "lync-2013-imported"
    assert done.plan.source == "imported from a.txt, b.txt"


def test_a_moved_setting_moves_every_row_that_names_it_edges_too(brought):
    done = brought({"a.txt": as_list({**CLIENT, "ClientAudioPort": "21000"})})
    moved = PortRange(21000, 21039)
    for row_id in ("A10", "A12", "A14", "A15", "C01", "C07", "B01"):
        assert done.plan.row(row_id).source_ports == (moved,)
    assert done.plan.row("A03").destination_ports == (PortRange(49152, 57500), moved)
    assert ids(done) == {"ports-moved"}


def test_a_row_that_names_its_ports_by_number_moves_too(brought):
    done = brought({"a.txt": as_list(POOL)})
    row = done.plan.row("A09")
    assert row.source_ports == (PortRange(42000, 42399),)
    assert row.policy_range_of is None
    assert "a.txt:4" in row.source


def test_a_row_one_port_wider_by_number_is_no_published_policy(brought, tmp_path):
    (tmp_path / "base.yaml").write_text(
        "extends: lync-2013\nname: b\nrows: [{id: A12, source_ports: [20000-20040]}]\n",
        encoding="utf-8",
    )
    done = brought({"a.txt": as_list(CLIENT)}, base="base.yaml")
    assert done.plan.row("A12").source_ports == (PortRange(20000, 20039),)
    assert "ports-moved" in ids(done)


def test_a_table_as_a_base_moves_by_its_programs(brought, tmp_path):
    base = tmp_path / "base.csv"
    base.write_text(TABLE.format(audio="20000-20039"), encoding="utf-8")
    done = brought({"a.txt": as_list({**CLIENT, "ClientAudioPort": "21000"})}, base="base.csv")
    assert done.plan.row("A01").source_ports == (PortRange(21000, 21039),)
    assert done.plan.row("A02").source_ports == (PortRange(30000, 30009),)


def test_destinations_by_number_are_told_when_their_ports_move(brought, tmp_path):
    (tmp_path / "base.yaml").write_text(
        "extends: lync-2013\nname: b\nrows: [{id: A03, destination_ports: [20000-20039]}]\n",
        encoding="utf-8",
    )
    done = brought({"a.txt": as_list({**CLIENT, "ClientAudioPort": "21000"})}, base="base.yaml")
    (item,) = (item for item in done.findings if item.id == "row-keeps-ports")
    assert "row A03" in item.message


def test_a_count_of_0_leaves_rows_waiting(brought):
    done = brought({"a.txt": as_list({**SERVER, "AudioPortStart": "0", "AudioPortCount": "0"})})
    assert done.plan.row("A01").port_setting == "conference_server.audio"
    assert "any-port" in ids(done)


def test_ranges_switched_off_make_the_plan_say_so(brought):
    done = brought({"a.txt": as_list({**CLIENT, "ClientMediaPortRangeEnabled": "False"})})
    assert not done.plan.options.client_port_ranges


def test_the_row_for_phones_follows_their_tag_and_stays_where_it_is_idle(brought):
    site = {**PHONE, "Identity": "Site:B"}
    done = brought({"a.txt": as_list(PHONE, site)})
    assert changed(done) == set()
    assert done.plan.options == PRESET.options
    assert ids(done) == {"phone-row-idle"}
    left = brought({"a.txt": as_list(PHONE, {**site, "VoiceDiffServTag": "40"})})
    assert "phone-row-idle" not in ids(left)
    assert left.plan.row("B01").match_code_point == 40
    other = brought({"a.txt": as_list({**PHONE, "VoiceDiffServTag": "26"})}).plan
    assert other.row("B01").match_code_point == 26


def test_a_policy_confirms_its_row(brought):
    assert changed(brought({"p.txt": as_list(policy())})) == set()


def test_a_server_policy_for_any_program_confirms_every_row_of_its_ports(brought):
    one = policy(AppPathName=None, IPSrcPortStart="49152", IPSrcPortEnd="57500")
    done = brought({"p.txt": as_list(one), "s.txt": as_list(SERVER)})
    assert changed(done) == set()
    # The base wants policies one port wider than the block, on purpose.
    assert "policy-off-by-one" not in ids(done)


def test_a_row_that_names_the_path_of_its_program_is_the_same_program(brought, tmp_path):
    (tmp_path / "base.yaml").write_text(
        "extends: lync-2013\nname: b\nrows: [{id: A12, executable: 'C:\\Office\\lync.exe'}]\n",
        encoding="utf-8",
    )
    done = brought({"p.txt": as_list(policy())}, base="base.yaml")
    assert [row.id for row in done.plan.rows] == [row.id for row in PRESET.rows]
    assert ids(done) == {"nla-not-seen"}


def test_a_policy_moves_the_row_of_its_program(brought):
    done = brought({"p.txt": as_list(policy(IPSrcPortStart="21000", IPSrcPortEnd="21039"))})
    row = done.plan.row("A12")
    assert row.source_ports == (PortRange(21000, 21039),)
    assert (row.status, row.source) == (Status.USER, "host policy, p.txt:3")
    assert changed(done) == {"A12"}


def test_two_policies_cannot_move_one_row(brought):
    texts = as_list(
        policy(IPSrcPortStart="21000", IPSrcPortEnd="21039"),
        policy(Name="b", IPSrcPortStart="22000", IPSrcPortEnd="22039"),
    )
    done = brought({"p.txt": texts})
    assert changed(done) == {"H01", "H02"}


@pytest.mark.parametrize("audio", [policy(), CLIENT, None])
def test_a_policy_for_signalling_does_not_move_audio(audio, brought):
    """Some guides mark 46 for SIP too, from a few ports."""
    sip = policy(Name="SIP", IPSrcPortStart="5060", IPSrcPortEnd="5061")
    done = brought({"p.txt": as_list(sip, *([] if audio is None else [audio]))})
    assert done.plan.row("A12").source_ports == (PortRange(20000, 20039),)
    assert done.plan.row("H01").source_ports == (PortRange(5060, 5061),)
    assert "policy-other-ports" not in ids(done)


def test_a_policy_for_which_there_is_no_row_becomes_one(brought):
    one = policy(
        Name="Branch video",
        AppPathName="phone.exe",
        IPProtocol="UDP",
        IPSrcPrefix="10.1.0.0/16",
        IPSrcPortStart="30000",
        IPSrcPortEnd="30009",
        DSCPValue="34",
    )
    done = brought({"p.txt": as_list(one)})
    row = done.plan.rows[-1]
    assert (row.id, row.component, row.media) == ("H01", "Branch video", Media.VIDEO)
    assert row.status is Status.USER
    assert row.needs == row.sources == ("H01.sources",)
    assert str(done.plan.groups[-1].prefixes[0]) == "10.1.0.0/16"
    assert (row.where.file, row.where.line) == ("p.txt", 3)


def test_an_edge_policy_is_narrowed_and_needs_the_edge(brought):
    one = policy(
        AppPathName="MediaRelaySvc.exe",
        IPSrcPortStart=None,
        IPSrcPortEnd=None,
        IPDstPortStart="30000",
        IPDstPortEnd="30039",
    )
    row = brought({"p.txt": as_list(one)}).plan.rows[-1]
    assert row.narrow is not None
    assert row.narrow.udp == PortRange(3478, 3478)


def test_a_policy_of_other_code_points_has_no_medium(brought):
    one = policy(AppPathName=None, IPSrcPortStart="30000", IPSrcPortEnd="30009", DSCPValue="24")
    assert brought({"p.txt": as_list(one)}).plan.rows[-1].media is Media.ANY


def test_a_table_replaces_the_rows_and_agrees_with_the_product(brought):
    files = {"t.csv": TABLE.format(audio="20000-20039"), "c.txt": as_list(CLIENT)}
    done = brought(files)
    assert [row.id for row in done.plan.rows] == ["A01", "A02"]
    assert done.plan.name == "t"
    assert ids(done) <= {"table-repaired"}


def test_a_table_may_be_one_port_wider(brought):
    done = brought({"t.csv": TABLE.format(audio="20000-20040"), "c.txt": as_list(CLIENT)})
    assert "policy-off-by-one" in ids(done)
    assert done.plan.row("A01").policy_range_of == PortBlock(20000, 40)


def test_a_table_that_contradicts_the_product_is_an_error_with_both_places(brought):
    with pytest.raises(PlanError, match=r"client\.audio is 20000-20039 in c\.txt:8") as caught:
        brought({"t.csv": TABLE.format(audio="22000-22039"), "c.txt": as_list(CLIENT)})
    assert str(caught.value.where) == "t.csv:2"


def test_two_tables_are_one_and_what_they_share_stands_once(brought):
    more = TABLE.format(audio="20000-20039") + "Lync 2013,Video,lync.exe,34,Both,20040-20079\n"
    done = brought({"a.csv": TABLE.format(audio="20000-20039"), "b.csv": more})
    assert [row.media for row in done.plan.rows] == [Media.AUDIO, Media.AUDIO, Media.VIDEO]
    assert done.plan.name == "tables"
    with pytest.raises(PlanError, match=r"udp/tcp 20000-20039 with 46 in a\.csv:2"):
        brought({"a.csv": TABLE.format(audio="20000-20039"), "c.csv": TABLE.format(audio="1-2")})


def test_a_sheet_and_cmdlets_are_one_plan(brought):
    done = brought({"t.xlsx": workbook(Ports=[HEADER, ROW]), "c.txt": as_list(CLIENT)})
    assert [row.component for row in done.plan.rows] == ["Lync 2013"]
    assert "table-repaired" in ids(done)


# Scopes.
BRANCH = {**CLIENT, "Identity": "Site:Branch1", "ClientVideoPort": "21040"}


def pools(*starts):
    return as_table(
        [
            {
                "Identity": f"MediationServer:m{number}.example.com",
                "AudioPortStart": str(start),
                "AudioPortCount": "8348",
            }
            for number, start in enumerate(starts)
        ]
    )


def test_a_site_that_differs_is_told_and_chosen_by_scope(brought):
    done = brought({"a.txt": as_list(CLIENT, BRANCH)})
    assert done.plan.row("A13").source_ports == (PortRange(20040, 20079),)
    assert "scope-differs" in ids(done)
    done = brought({"a.txt": as_list(CLIENT, BRANCH)}, scopes=["site:branch1"])
    assert done.plan.row("A13").source_ports == (PortRange(21040, 21079),)
    assert "scope-differs" not in ids(done)


def test_a_site_replaces_global_as_a_whole(brought):
    bare = {name: BRANCH[name] for name in ("Identity", "ClientVideoPort", "ClientVideoPortRange")}
    done = brought({"a.txt": as_list(CLIENT, bare)}, scopes=["Site:Branch1"])
    assert done.plan.row("P01").port_setting == "client.app_sharing"  # not Global's 20080


def test_a_site_without_a_configuration_has_that_of_global(brought):
    texts = as_list(CLIENT, BRANCH) + as_list({**PHONE, "VoiceDiffServTag": "26"})
    done = brought({"a.txt": texts}, scopes=["Site:Branch1"])
    assert done.plan.row("B01").match_code_point == 26


def test_pools_that_agree_need_no_choice_and_others_do(brought):
    assert "scope-differs" not in ids(brought({"a.txt": pools(49152, 49152)}))
    with pytest.raises(PlanError) as caught:
        brought({"a.txt": pools(49152, 40000)})
    assert "49152-57499 in MediationServer:m0.example.com (a.txt:4)" in caught.value.problem
    assert "40000-48347 in MediationServer:m1.example.com (a.txt:5)" in caught.value.problem
    assert "--scope MediationServer:m0.example.com" in caught.value.hint
    done = brought({"a.txt": pools(49152, 40000)}, scopes=["MediationServer:m1.example.com"])
    assert done.plan.row("A06").source_ports == (PortRange(40000, 48347),)


def test_a_tenant_is_no_site_below_global(brought):
    tenant = {"Identity": "Global", "DisableAnonymousJoin": "False"}
    tenant |= {"ClientAudioPort": "50000", "ClientAudioPortRange": "20"}
    with pytest.raises(PlanError, match="50000-50019 in Tenant"):
        brought({"a.txt": as_list(CLIENT, tenant)})


def test_sites_without_global_have_to_be_chosen(brought):
    other = {**BRANCH, "Identity": "Site:C", "ClientVideoPort": "22040"}
    with pytest.raises(PlanError, match=r"client\.video differs"):
        brought({"a.txt": as_list(BRANCH, other)})


def test_one_scope_with_two_values_is_an_error_with_both_places(brought):
    files = {"a.txt": as_list(CLIENT), "b.txt": as_list({**CLIENT, "ClientAudioPort": "21000"})}
    with pytest.raises(PlanError, match=r"is 21000-21039 here, and 20000-20039 in a\.txt:8"):
        brought(files)
    assert ids(brought({"a.txt": as_list(CLIENT), "b.txt": as_list(CLIENT)})) == set()


def test_one_policy_in_two_forms_is_an_error(brought):
    files = {"a.txt": as_list(policy()), "b.txt": as_list(policy(DSCPValue="34"))}
    with pytest.raises(PlanError, match=r"is another one here than in a\.txt:3"):
        brought(files)


def test_scopes_that_are_not_there_or_contradict_each_other(brought):
    with pytest.raises(UsageError, match="no file has the scope 'Site:X'"):
        brought({"a.txt": as_list(CLIENT)}, scopes=["Site:X"])
    with pytest.raises(UsageError, match="two scopes are chosen for client"):
        brought({"a.txt": as_list(CLIENT, BRANCH)}, scopes=["Global", "Site:Branch1"])


def test_a_hostile_file_name_does_not_reach_the_plan(brought):
    name = "a\n\x1b[31mb\u2028.txt"
    plan = brought({name: as_list({**CLIENT, "ClientAudioPort": "21000"})}).plan
    assert all(line.isprintable() for line in dump_plan(plan).splitlines())


def test_the_samples_of_a_deployment(monkeypatch):
    folder = shared_file("reference/plan/samples/reconstructed")
    monkeypatch.chdir(folder)
    names = sorted(path.name for path in folder.glob("get-*.txt"))
    scopes = ["ConferencingServer:fe-pool02.example.com", "MediationServer:med-pool02.example.com"]
    done = import_files(names, scopes=scopes)
    assert {item.id for item in done.findings} >= {
        "client-ranges-disabled",
        "media-share-ports",
        "mediation-few-calls",
        "phone-tag",
        "scope-differs",
        "sharing-on-media-ports",
    }
    assert done.plan.row("A06").source_ports == (PortRange(60000, 60999),)
    with pytest.raises(PlanError, match="differs"):
        import_files(names)


def test_the_samples_table_is_the_articles():
    table = str(shared_file("reference/plan/samples/reconstructed/plan_table.csv"))
    article = str(shared_file("reference/plan/article-table.md"))
    assert len(import_files([table, article]).plan.rows) == 15
