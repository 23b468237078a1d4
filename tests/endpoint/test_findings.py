"""Every kind of finding is found where it is, with its place and its cure, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from endpoint.texts import CLIENT, as_list, policy, settings_of

from docs.make.endpoint_findings import page as handbook
from translator.codepoint import CodePoint
from translator.endpoint.files.gather import Gathered
from translator.endpoint.findings.finding import finding
from translator.endpoint.findings.kinds import KINDS
from translator.endpoint.merge import assemble
from translator.endpoint.policy.precedence import meet, program_of, stronger
from translator.endpoint.settings import (
    ExportedPlan,
    HostPolicy,
    NlaSwitch,
    PschedMarking,
    PschedService,
    Remark,
)
from translator.errors import Where
from translator.plan.model import Transport
from translator.ports import PortRange

PAGE = Path(__file__).resolve().parents[2] / "docs" / "endpoint-findings.md"
GOOD = {**CLIENT, "ClientMediaPort": "5350"}
SERVER = {
    "Identity": "ConferencingServer:a",
    "AudioPortStart": "49152",
    "AudioPortCount": "8348",
    "VideoPortStart": "57501",
    "VideoPortCount": "8034",
    "AppSharingPortStart": "40803",
    "AppSharingPortCount": "8348",
}
MEDIATION = {
    "Identity": "MediationServer:a",
    "AudioPortStart": "49152",
    "AudioPortCount": "8348",
}
SITE = {"Identity": "Site:B", "VoiceDiffServTag": "46", "Voice8021p": "0"}
PHONE = {"Identity": "Global", "VoiceDiffServTag": "46", "Voice8021p": "0"}
HERE = Where("x.reg", 7)


def without(item, *names):
    return {name: value for name, value in item.items() if name not in names}


def found(*objects, settings=(), name="out.txt", monkeypatch=None, **options):
    """The findings of an import of these objects and settings."""
    read = settings_of(as_list(*objects), name) if objects else ()
    every = (*read, *settings)
    remarks = tuple(
        finding(item.kind, item.message, item.where, cure=item.cure)
        for item in every
        if isinstance(item, Remark)
    )
    gathered = Gathered(every, (), (name,), remarks)
    monkeypatch.setattr(assemble, "gather", lambda names: gathered)
    return assemble.import_files([name], **options)


# For each kind: objects as printed and settings of other formats, the place, and the cure.
CASES = {
    "policy-off-by-one": (
        [GOOD, policy(IPSrcPortEnd="20040")],
        (),
        "marks 20000-20040, client.audio is 20000-20039, 40 ports from 20000",
        "-IPSrcPortStartMatchCondition 20000 -IPSrcPortEndMatchCondition 20039",
    ),
    "media-share-ports": (
        [{**GOOD, "ClientVideoPort": "20020"}],
        (),
        "client.audio and client.video of Global share ports 20020-20039",
        "Set-CsConferencingConfiguration -Identity Global -ClientVideoPort 20060",
    ),
    "ranges-not-moved": (
        [{**GOOD, "ClientAudioPort": "5350", "ClientVideoPort": "5350"}],
        (),
        "client.audio, client.video of Global all start at 5350",
        "-ClientAudioPort 20000",
    ),
    "range-too-small": (
        [{**GOOD, "ClientAudioPortRange": "10"}],
        (),
        "client.audio of Global has 10 ports, at least 20 are needed",
        "-ClientAudioPortRange 20",
    ),
    "range-is-an-end": (
        [{**GOOD, "ClientAudioPortRange": "20039"}],
        (),
        "has 20039 ports from 20000; to end at 20039 they are 40",
        "-Identity Global -ClientAudioPort 20000 -ClientAudioPortRange 40",
    ),
    "sharing-on-media-ports": (
        [{**SERVER, "AppSharingPortStart": "49152", "AppSharingPortCount": "16383"}],
        (),
        "conference_server.audio and conference_server.app_sharing of ConferencingServer:a share",
        "Set-CsConferenceServer -Identity 'ConferencingServer:a' -AppSharingPortStart 40803",
    ),
    "mediation-few-calls": (
        [{**MEDIATION, "AudioPortCount": "1000"}],
        (),
        "enough for 142 calls",
        "Set-CsMediationServer -Identity 'MediationServer:a'",
    ),
    "any-port": (
        [{**MEDIATION, "AudioPortCount": "0"}],
        (),
        "mediation_server.audio of MediationServer:a has no range",
        "Set-CsMediationServer -Identity 'MediationServer:a' -AudioPortStart",
    ),
    "ports-moved": (
        [{**GOOD, "ClientAudioPort": "21000"}],
        (),
        "client.audio moves from 20000-20039 to 21000-21039 (Global)",
        "Nothing",
    ),
    "client-ranges-disabled": (
        [{**GOOD, "ClientMediaPortRangeEnabled": "False"}],
        (),
        "ClientMediaPortRangeEnabled of Global is False",
        "Set-CsConferencingConfiguration -Identity Global -ClientMediaPortRangeEnabled $true",
    ),
    "media-qos-off": (
        [{"Identity": "Global", "EnableQoS": "False"}],
        (),
        "EnableQoS of Global is False",
        "Set-CsMediaConfiguration -Identity Global -EnableQoS $true",
    ),
    "phone-tag": (
        [{**PHONE, "VoiceDiffServTag": "40"}],
        (),
        "phones of Global mark audio 40, the plan wants 46",
        "Set-CsUCPhoneConfiguration -Identity Global -VoiceDiffServTag 46",
    ),
    "phone-row-idle": ([PHONE], (), "row B01 has nothing to change", "{exclude: [B01]}"),
    "phone-dot1p": (
        [{**PHONE, "Voice8021p": "5"}],
        (),
        "Voice8021p of Global is 5",
        "-Voice8021p 0",
    ),
    "psched-mark": (
        [],
        (PschedMarking(PschedService.CONTROLLED_LOAD, CodePoint(24), HERE),),
        "ServiceTypeControlledLoad marks 24, the plan wants 34",
        "/v ServiceTypeControlledLoad /t REG_DWORD /d 34 /f",
    ),
    "nla-no-text": (
        [],
        (NlaSwitch("1", False, HERE),),
        "is the number '1', Windows reads the text '1'",
        "/t REG_SZ /d 1",
    ),
    "nla-not-seen": ([policy()], (), "not whether they hold outside", "reg query"),
    "scope-differs": (
        [PHONE, {**SITE, "VoiceDiffServTag": "40"}],
        (),
        "Site:B differs from the plan: VoiceDiffServTag 40",
        "--scope Site:B",
    ),
    "policy-code-point": (
        [policy(DSCPValue="40")],
        (),
        "policy 'Desk audio' marks 40, row A12 of the plan 46",
        "Set-NetQosPolicy -Name 'Desk audio' -DSCPAction 46",
    ),
    "policy-other-ports": (
        [GOOD, policy(IPSrcPortStart="30000", IPSrcPortEnd="30039")],
        (),
        "marks 30000-30039, Lync 2013 uses 20000-20039 (row A12)",
        "-IPSrcPortStartMatchCondition 20000",
    ),
    "policy-moves-row": (
        [policy(IPSrcPortStart="30000", IPSrcPortEnd="30039")],
        (),
        "row A12 (Lync 2013, audio) moves from 20000-20039 to 30000-30039",
        "Get-CsConferencingConfiguration",
    ),
    "policy-narrower": (
        [policy(IPProtocol="UDP")],
        (),
        "policy 'Desk audio' is for udp only, unlike row A12",
        "Widen",
    ),
    "policy-repaired": (
        [],
        (Remark("policy-repaired", "Local Port 20000-20039 read as 20000:20039", HERE),),
        "Local Port",
        "Correct",
    ),
    "policy-own-row": (
        [policy(AppPathName=None, IPSrcPortStart="30000", IPSrcPortEnd="30009")],
        (),
        "policy 'Desk audio' is row H01 now",
        "Read the row",
    ),
    "policy-foreign-program": (
        [policy(AppPathName="C:\\x\\Softphone.exe", IPSrcPortStart="30000", IPSrcPortEnd="30009")],
        (),
        "policy 'Desk audio' for softphone.exe is row H01 now",
        "Take the row out",
    ),
    "policy-marks-all": (
        [policy(AppPathName=None, IPSrcPortStart="0", IPSrcPortEnd="0")],
        (),
        "policy 'Desk audio' marks everything 46",
        "Remove-NetQosPolicy -Name 'Desk audio'",
    ),
    "policy-without-ports": (
        [policy(IPSrcPortStart="0", IPSrcPortEnd="0")],
        (),
        "marks 46 whatever port lync.exe uses",
        "-IPSrcPortStartMatchCondition 20000 -IPSrcPortEndMatchCondition 20039",
    ),
    "policy-edge-source": (
        [policy(AppPathName="MediaRelaySvc.exe", IPSrcPortStart="49152", IPSrcPortEnd="57500")],
        (),
        "matches source ports 49152-57500, an Edge sends from 3478 and 443",
        "destination ports",
    ),
    "policies-collide": (
        [policy(), policy(Name="Other", IPSrcPortEnd="20050", DSCPValue="34")],
        (),
        "match the same packets; the rules of Windows do not say which counts",
        "Get-NetQosPolicy -Name 'Desk audio', Other | Format-List",
    ),
    "media-unmarked": (
        [without(GOOD, "ClientTransferPort", "ClientTransferPortRange"), policy()],
        (),
        "no policy marks client.video, ports 20040-20079 of Global",
        "New-NetQosPolicy -Name client.video -AppPathNameMatchCondition lync.exe",
    ),
    "policy-includes-row": (
        [policy(Name="QoS C09 Lync 2013 audio", IPSrcPortStart="50020", IPSrcPortEnd="50039")],
        (),
        "is opt-in row C09, which is included now",
        "options.include",
    ),
    "export-not-whole": (
        [PHONE],
        (ExportedPlan("mine", ("A12", "A15"), (), HERE),),
        "the files should say row A12, and none of them does",
        "Import the whole folder",
    ),
    "policy-throttles": (
        [policy(ThrottleRate="1.5 MBits/sec")],
        (),
        "limits its traffic to 1500000 bit/s",
        "Remove-NetQosPolicy",
    ),
    "policy-invalid": (
        [],
        (
            Remark(
                "policy-invalid", "policy 'x' is left out: port 65536", HERE, "the last is 65535"
            ),
        ),
        "policy 'x' is left out",
        "the last is 65535",
    ),
    "policy-left-out": ([policy(Template="SMB")], (), "matches by Template", "Nothing"),
    "policy-precedence": ([policy(Precedence="5")], (), "precedence 5 instead of 127", "127"),
    "property-unknown": (
        [{**GOOD, "ClientAudioPortRangeV2": "3"}],
        (),
        "property ClientAudioPortRangeV2 is not known",
        "Look it up",
    ),
}
# Found by other tests: they need files, tables, or a base of their own.
ELSEWHERE = {"other-base", "file-not-read", "table-repaired", "row-keeps-ports"}


@pytest.mark.parametrize("kind", CASES)
def test_each_kind_is_found(kind, monkeypatch):
    objects, settings, message, cure = CASES[kind]
    items = [
        item
        for item in found(*objects, settings=settings, monkeypatch=monkeypatch).findings
        if item.id == kind
    ]
    assert any(message in item.message for item in items), [item.message for item in items]
    item = next(item for item in items if message in item.message)
    assert cure in item.cure
    assert item.severity is KINDS[kind].severity
    assert item.places
    assert all(place.line for place in item.places)
    assert "..." not in item.cure
    if item.cure.startswith(("Set-Cs", "New-NetQosPolicy")) and "Voice8021p" not in item.cure:
        assert settings_of(item.cure), "the cure is no command"


def test_every_kind_has_a_test_and_a_place_in_the_documentation():
    assert set(KINDS) == {*CASES, *ELSEWHERE}
    assert PAGE.read_text(encoding="utf-8") == handbook(), "run make readme"


def test_ids_are_no_ids_of_an_audit():
    """The pages share the examples of audits, which are found by id."""
    from translator.audit.examples import EXAMPLES

    assert not set(EXAMPLES) & set(KINDS)


def test_a_deployment_as_it_should_be_has_no_finding(monkeypatch):
    objects = [
        without(
            GOOD,
            "ClientAppSharingPort",
            "ClientAppSharingPortRange",
            "ClientTransferPort",
            "ClientTransferPortRange",
        ),
        SERVER,
        MEDIATION,
        {"Identity": "Global", "EnableQoS": "True"},
        policy(),
        policy(Name="Desk video", IPSrcPortStart="20040", IPSrcPortEnd="20079", DSCPValue="34"),
    ]
    settings = (NlaSwitch("1", True, HERE),)
    assert found(*objects, settings=settings, monkeypatch=monkeypatch).findings == ()


AUDIO = HostPolicy("a", "lync.exe", tuple(Transport), CodePoint(46), PortRange(20000, 20039))


@pytest.mark.parametrize(
    ("strong", "weak"),
    [
        (replace(AUDIO, store="HKCU", application=None), replace(AUDIO, store="HKLM")),
        (replace(AUDIO, application="C:\\x\\lync.exe", source_ports=None), AUDIO),
        (replace(AUDIO, source_ports=None), replace(AUDIO, application=None)),
        (replace(AUDIO, destination_ports=PortRange(1, 2)), AUDIO),
        (replace(AUDIO, protocols=(Transport.UDP,)), AUDIO),
        (AUDIO, replace(AUDIO, source_ports=None, destination_ports=PortRange(1, 2))),
        (
            replace(AUDIO, source_ports=None, destination_ports=PortRange(1, 2)),
            replace(AUDIO, source_ports=None, protocols=(Transport.TCP,)),
        ),
    ],
)
def test_the_precedence_of_windows(strong, weak):
    assert stronger(strong, weak) is strong
    assert stronger(weak, strong) is strong


def test_policies_alike_are_undecided_and_others_do_not_meet():
    assert stronger(AUDIO, replace(AUDIO, code_point=CodePoint(34))) is None
    assert program_of(replace(AUDIO, application="%ProgramFiles%\\Lync\\LYNC.EXE")) == "lync.exe"
    assert meet(AUDIO, replace(AUDIO, application=None))
    assert not meet(AUDIO, replace(AUDIO, application="communicator.exe"))
    assert not meet(AUDIO, replace(AUDIO, source_ports=PortRange(20040, 20079)))


def test_a_cure_holds_hostile_names_in_quotes(monkeypatch):
    name = "x'; Remove-Item *; \u2019"
    items = found(policy(Name=name, DSCPValue="40"), monkeypatch=monkeypatch).findings
    cure = next(item.cure for item in items if item.id == "policy-code-point")
    assert cure == "Set-NetQosPolicy -Name 'x''; Remove-Item *; \u2019\u2019' -DSCPAction 46"
