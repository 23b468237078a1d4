"""Output of cmdlets gives the same settings whatever its columns, order, case and console."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest
from endpoint.texts import CLIENT, SERVER, as_list, as_table, policy, settings_of
from hypothesis import given
from hypothesis import strategies as st

from translator.codepoint import CodePoint
from translator.endpoint.settings import (
    ClientRanges,
    HostPolicy,
    MediaPorts,
    MediaQos,
    PhoneMarking,
    Remark,
)
from translator.errors import Where
from translator.plan.model import Transport
from translator.ports import PortBlock, PortRange


def bare(settings):
    """Settings without their places, in an order of their own."""
    return sorted((replace(item, where=None) for item in settings), key=repr)


def ports(settings):
    return {
        (item.name, item.scope): item.block for item in settings if isinstance(item, MediaPorts)
    }


def test_client_ports_of_several_scopes():
    branch = {**CLIENT, "Identity": "Site:Branch1", "ClientMediaPortRangeEnabled": "False"}
    found = settings_of(as_list(CLIENT, branch))
    assert ports(found)["client.audio", "Global"] == PortBlock(20000, 40)
    assert ports(found)["client.file_transfer", "Site:Branch1"] == PortBlock(20120, 40)
    assert ports(found)["client.communicator_2007r2", "Global"] == PortBlock(5350, 40)
    switches = [item for item in found if isinstance(item, ClientRanges)]
    assert [(item.enabled, item.scope) for item in switches] == [
        (True, "Global"),
        (False, "Site:Branch1"),
    ]
    assert switches[0].where == Where("out.txt", 5)


def test_a_teams_tenant_is_a_scope_of_its_own():
    tenant = {"Identity": "Global", "DisableAnonymousJoin": "False", "EnableQoS": "True"}
    tenant |= {"ClientAudioPort": "50000", "ClientAudioPortRange": "20"}
    found = settings_of(as_list(tenant))
    assert ports(found) == {("client.audio", "Tenant"): PortBlock(50000, 20)}
    assert MediaQos(True, "Tenant", Where("out.txt", 5)) in found


@pytest.mark.parametrize(
    ("identity", "component"),
    [
        ("ConferencingServer:a.example.com", "conference_server"),
        ("APPLICATIONSERVER:a.example.com", "application_server"),
        ("MediationServer:a.example.com", "mediation_server"),
        ("TrustedApplicationPool:a.example.com", "trusted_application_pool"),
    ],
)
def test_servers_are_named_by_their_identity(identity, component):
    found = settings_of(as_list({**SERVER, "Identity": identity}))
    assert ports(found)[f"{component}.audio", identity] == PortBlock(49152, 8348)


def test_a_count_of_0_is_any_port():
    found = settings_of(as_list({**SERVER, "VideoPortStart": "0", "VideoPortCount": "0"}))
    assert ports(found)["conference_server.video", SERVER["Identity"]] is None


def test_a_phone_block_on_one_line():
    text = (
        "Identity : Global CalendarPollInterval : 00:03:00 EnforcePhoneLock : True "
        "SIPSecurityMode : High VoiceDiffServTag : 40 Voice8021p : 3 LoggingLevel : Off\n"
    )
    assert bare(settings_of(text)) == [PhoneMarking(CodePoint(40), 3, "Global")]


def test_a_flattened_block_over_several_lines():
    text = "Identity : Global EnforcePhoneLock : True\nVoiceDiffServTag : 46 Voice8021p : 0\n"
    assert settings_of(text) == (PhoneMarking(CodePoint(46), 0, "Global", Where("out.txt", 2)),)


def test_the_media_configuration():
    text = as_list({"Identity": "Site:B", "EnableQoS": "False", "EncryptionLevel": "None"})
    assert bare(settings_of(text)) == [MediaQos(False, "Site:B")]


def test_a_table_of_an_edge_server():
    text = as_table(
        [
            {
                "Identity": "EdgeServer:edge01.example.com",
                "MediaCommunicationPortStart": "50000",
                "MediaCommunicationPortCount": "10000",
            }
        ]
    )
    found = settings_of(text)
    assert ports(found) == {
        ("edge_server.media_external", "EdgeServer:edge01.example.com"): PortBlock(50000, 10000)
    }
    assert found[0].where == Where("out.txt", 4)


def test_a_table_of_policies_with_blanks_and_empty_cells():
    text = (
        "Name         AppPathName  DSCPValue IPSrcPortStart IPSrcPortEnd NetworkProfile\n"
        "----         -----------  --------- -------------- ------------ --------------\n"
        "Desk audio   lync.exe            46          20000        20039 All\n"
        "All the rest                     18          30000        30009 All\n"
    )
    audio, rest = settings_of(text)
    assert (audio.name, audio.application, audio.code_point) == ("Desk audio", "lync.exe", 46)
    assert (rest.name, rest.application) == ("All the rest", None)
    assert rest.source_ports == PortRange(30000, 30009)


def test_a_transcript_of_several_cmdlets():
    text = (
        "**********************\nWindows PowerShell transcript start\nStart time: 20260301101500\n"
        "Username: EXAMPLE\\admin\n**********************\n"
        "PS C:\\Users\\admin> Get-CsConferencingConfiguration | fl\n"
        + as_list(CLIENT)
        + "[fe01.example.com]: PS C:\\> Get-CsService -MediationServer |\n"
        ">> Select-Object Identity, AudioPortStart, AudioPortCount\n"
        + as_table(
            [
                {
                    "Identity": "MediationServer:m.example.com",
                    "AudioPortStart": "49152",
                    "AudioPortCount": "8348",
                }
            ]
        )
        + "PS C:\\>Get-CsUCPhoneConfiguration\n"
        + as_list({"Identity": "Global", "VoiceDiffServTag": "46", "Voice8021p": "0"})
        + "PS C:\\> Get-NetQosPolicy\n"
        + as_list(policy())
        + "PS C:\\> exit\n"
    )
    kinds = {type(item) for item in settings_of(text)}
    assert kinds == {ClientRanges, MediaPorts, PhoneMarking, HostPolicy}
    assert ports(settings_of(text))["mediation_server.audio", "MediationServer:m.example.com"]


def test_a_property_that_begins_like_a_prompt():
    (found,) = settings_of(as_list(policy(PSComputerName="a>b", DSCPValue="34")))
    assert found.code_point == 34


def test_the_colours_of_powershell_7_are_no_part_of_the_text():
    text = "\n".join(f"\x1b[32;1m{name:<30} : \x1b[0m{value}" for name, value in CLIENT.items())
    assert bare(settings_of(text)) == bare(settings_of(as_list(CLIENT)))


def test_values_wrapped_by_a_narrow_console():
    text = (
        "Identity       : ConferencingServer:pool\n"
        "                 01.example.com\n"
        "AudioPortStart : 49152\n"
        "AudioPortCount : 8348\n"
    )
    assert [item.scope for item in settings_of(text)] == ["ConferencingServer:pool01.example.com"]


def test_a_value_wrapped_between_words():
    text = as_list(policy(Name="Desk audio of the\n                 second floor east"))
    assert settings_of(text)[0].name == "Desk audio of the second floor east"


def test_get_netqospolicy_with_all_properties():
    text = as_list(
        {
            "User": "",
            "AppPathName": "",
            "Template": "None",
            "NetDirectPort": "0",
            "IPProtocol": "None",
            "IPPort": "0",
            "IPSrcPrefix": "",
            "IPSrcPortStart": "49152",
            "IPSrcPortEnd": "57499",
            "IPDstPrefix": "10.1.1.180/28",
            "IPDstPortStart": "0",
            "IPDstPortEnd": "0",
            "DSCPValue": "-1",
            "ThrottleRate": "1.049 MBits/sec",
            "AppPathNameMatchCondition": "",
            "IPSrcPortStartMatchCondition": "49152",
            "DSCPAction": "-1",
            "ThrottleRateAction": "1048576",
            "Name": "limit",
            "Owner": "PowerShell / WMI",
        }
    )
    (found,) = settings_of(text)
    assert found == HostPolicy(
        name="limit",
        application=None,
        protocols=(Transport.UDP, Transport.TCP),
        code_point=None,
        source_ports=PortRange(49152, 57499),
        destination_prefix=ip_network("10.1.1.176/28"),
        throttle_bps=1_049_000,
        store="PowerShell / WMI",
        where=Where("out.txt", 3),
    )


@pytest.mark.parametrize(
    ("text", "bps"),
    [
        ("1 MBytes/sec", 8 * 1024 * 1024),
        ("516.096 KBits/sec", 516_096),
        ("0", None),
        ("9600", 9600),
    ],
)
def test_throttle_texts_of_several_releases(text, bps):
    assert settings_of(as_list(policy(ThrottleRate=text)))[0].throttle_bps == bps


def test_a_condition_that_no_plan_holds_is_told():
    found = settings_of(as_list(policy(Template="SMB", DSCPValue=None), policy()))
    assert [type(item) for item in found] == [Remark, HostPolicy]
    assert found[0].kind == "policy-left-out"


def test_a_property_that_looks_like_qos_is_told():
    found = settings_of(as_list({**CLIENT, "ClientAudioPortRangeV2": "99"}))
    assert [item.kind for item in found if isinstance(item, Remark)] == ["property-unknown"]


# A name that Format-List printed, whatever PowerShell does with case and width.
@st.composite
def printed(draw):
    objects = draw(st.lists(st.sampled_from([CLIENT, SERVER, policy()]), min_size=1, max_size=3))
    parts = []
    for number, item in enumerate(objects):
        pairs = draw(
            st.permutations(sorted({**item, "Identity": f"{item.get('Identity', '')}"}.items()))
        )
        if "Name" in item:
            pairs = [(name, value) for name, value in pairs if name != "Identity"]
        pairs = [
            (name, f"{value}{number}" if name == "Identity" else value) for name, value in pairs
        ]
        change = draw(st.sampled_from([str.lower, str.upper, str]))
        width = draw(st.integers(1, 60))
        indent = " " * draw(st.integers(0, 5))
        lines = [f"{indent}{change(name):<{width}} : {value}".rstrip() for name, value in pairs]
        parts.append("\n".join(lines))
    return objects, ("\n" * draw(st.integers(2, 4))).join(parts)


@given(printed(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_order_case_width_and_line_ends_play_no_role(case, end):
    objects, text = case
    plain = as_list(
        *(
            {**item, "Identity": f"{item['Identity']}{number}"} if "Identity" in item else item
            for number, item in enumerate(objects)
        )
    )
    assert bare(settings_of(text.replace("\n", end))) == bare(settings_of(plain))


@given(
    st.lists(st.tuples(st.integers(1024, 40000), st.integers(0, 8000)), min_size=1, max_size=6),
    st.integers(1, 6),
    st.permutations(["Identity", "AudioPortStart", "AudioPortCount"]),
)
def test_a_table_says_what_a_list_says(blocks, gap, names):
    objects = [
        {
            "Identity": f"MediationServer:m{number}.example.com",
            "AudioPortStart": str(start),
            "AudioPortCount": str(count),
        }
        for number, (start, count) in enumerate(blocks)
    ]
    ordered = [{name: item[name] for name in names} for item in objects]
    assert bare(settings_of(as_table(ordered, gap))) == bare(settings_of(as_list(*objects)))


def test_without_textfsm_the_error_says_what_to_install(monkeypatch):
    from translator.errors import UsageError

    monkeypatch.setitem(__import__("sys").modules, "textfsm", None)
    with pytest.raises(UsageError) as caught:
        settings_of(as_list(CLIENT))
    assert "qos-translator[cmdlets]" in caught.value.hint
