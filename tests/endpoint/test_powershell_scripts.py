"""Scripts of `Set-Cs...` cmdlets: what is written, and what is read of those that people post."""

from __future__ import annotations

import re

import pytest
from endpoint.settings_of_all_kinds import (
    FORMATS,
    OF_FORMAT,
    identity,
    lists_of,
    plain,
    settings,
    source,
)
from hypothesis import given
from hypothesis import strategies as st
from support.corpus import shared_file

from translator.codepoint import CodePoint
from translator.endpoint.derive import derive
from translator.endpoint.settings import (
    ClientRanges,
    HostPolicy,
    MediaPorts,
    MediaQos,
    PhoneMarking,
)
from translator.errors import PlanError
from translator.plan.load import load_preset
from translator.ports import PortBlock

CS = FORMATS["powershell-cs"]
SCRIPTS = [name for name, item in FORMATS.items() if item.extension == ".ps1"]
AUDIO = MediaPorts("client.audio", PortBlock(20000, 40))
EDGE = MediaPorts("edge_server.media_external", PortBlock(50000, 10000))
POOL = MediaPorts("trusted_application_pool.audio", PortBlock(60000, 100))


def read(text: str):
    return CS.read(source(text.encode()))


def test_the_preset_as_a_script():
    wanted = [
        "Set-CsConferencingConfiguration -Identity Global -ClientMediaPortRangeEnabled $true"
        " -ClientAudioPort 20000 -ClientAudioPortRange 40"
        " -ClientVideoPort 20040 -ClientVideoPortRange 40",
        "Get-CsService -ConferencingServer | ForEach-Object { Set-CsConferenceServer"
        " -Identity $_.Identity -AudioPortStart 49152 -AudioPortCount 8348"
        " -VideoPortStart 57501 -VideoPortCount 8034"
        " -AppSharingPortStart 40803 -AppSharingPortCount 8348 }",
        "Get-CsService -ApplicationServer | ForEach-Object { Set-CsApplicationServer"
        " -Identity $_.Identity -AudioPortStart 49152 -AudioPortCount 8348 }",
        "Get-CsService -MediationServer | ForEach-Object { Set-CsMediationServer"
        " -Identity $_.Identity -AudioPortStart 49152 -AudioPortCount 8348 }",
        "Get-CsService -EdgeServer | ForEach-Object { Set-CsEdgeServer -Identity $_.Identity"
        " -MediaCommunicationPortStart 50000 -MediaCommunicationPortCount 10000 }",
        "Set-CsMediaConfiguration -Identity Global -EnableQoS $true",
        "Set-CsUCPhoneConfiguration -Identity Global -VoiceDiffServTag 46",
    ]
    text = CS.write(derive(load_preset("lync-2013"), {}).settings).decode("ascii")
    assert [line for line in text.split("\r\n") if line and line[0] != "#"] == wanted


def test_named_servers_sites_and_any_port():
    text = CS.write(
        (
            MediaPorts("mediation_server.audio", PortBlock(60000, 1000), "MediationServer:m1.x"),
            MediaPorts("trusted_application_pool.video", None, "TrustedApplicationPool:p.x"),
            PhoneMarking(CodePoint(46), 5, "Site:O\u2019Hara"),
        )
    )
    assert text.startswith(b"\xef\xbb\xbf"), "Windows PowerShell 5.1 takes it for ANSI otherwise"
    assert text.decode("utf-8-sig").split("\r\n")[2:-1] == [
        "Set-CsMediationServer -Identity 'MediationServer:m1.x'"
        " -AudioPortStart 60000 -AudioPortCount 1000",
        "Set-CsTrustedApplicationPool -Identity 'TrustedApplicationPool:p.x' -VideoPortCount 0",
        "Set-CsUCPhoneConfiguration -Identity 'Site:O\u2019\u2019Hara'"
        " -VoiceDiffServTag 46 -Voice8021p 5",
    ]


SET = "Set-CsConferencingConfiguration"
PORTS = "-ClientAudioPort 20000 -ClientAudioPortRange 40"
EDGE_PORTS = "-MediaCommunicationPortStart 50000 -MediaCommunicationPortCount 10000"
POSTED = {
    "any order": (f"{SET} -ClientAudioPortRange 40 -ClientAudioPort 20000", AUDIO),
    "abbreviated": (
        "set-csconferencingconfiguration -id global -clientaudioportr 40 -ClientAudioPort 20000",
        AUDIO,
    ),
    "positional": (f"{SET} global {PORTS}", AUDIO),
    "continued": (f"{SET} `\n  -ClientAudioPort 20000 `\r\n  -ClientAudioPortRange 40", AUDIO),
    "two lines": (
        f"{SET} -ClientAudioPort 20000\n{SET} -ClientAudioPortRange 40",
        AUDIO,
    ),
    "later wins": (
        f"{SET} -ClientAudioPort 50020 -ClientAudioPortRange 20\n{SET} {PORTS}",
        AUDIO,
    ),
    "comments": (
        "# Set-CsMediaConfiguration -EnableQoS $true\n<# Set-CsMediaConfiguration\n#>\n"
        f"{SET} -ClientAudioPort 20000 <# x #> -ClientAudioPortRange 40 # y",
        AUDIO,
    ),
    "dashes and quotes of a word processor": (
        f"{SET} \u2013Identity \u201cglobal\u201d \u2013ClientAudioPort 20000"
        " \u2014ClientAudioPortRange \u201840\u2019",
        AUDIO,
    ),
    "hexadecimal": (f"{SET} -ClientAudioPort 0x4E20 -ClientAudioPortRange 40", AUDIO),
    "with colons": (f"{SET} -ClientAudioPort:20000 -ClientAudioPortRange: 40", AUDIO),
    "others passed over": (
        'Import-Module Lync; Write-Host "Set-CsEdgeServer $(Get-Date)"\n$x = @{a = 1; b = "}"}\n'
        "if ($x.a -gt 0) { Write-Host 'yes' } else { exit }\nGet-Help Set-CsEdgeServer\n"
        f"{SET} -Organization $org {PORTS}",
        AUDIO,
    ),
    "in try": (
        f"try {{\n {SET} {PORTS}\n}}\ncatch {{ Write-Warning $_ }}",
        AUDIO,
    ),
    "assigned": (f"$r = {SET} {PORTS}", AUDIO),
    "added": (f"$r += {SET} {PORTS}", AUDIO),
    "returned": (f"return {SET} {PORTS}", AUDIO),
    "from a console": (
        f"PS C:\\Users\\me> {SET} `\n>> {PORTS}\n[pool.example.com]: PS C:\\> Get-Date\n",
        AUDIO,
    ),
    "called": (f"& '{SET}' {PORTS}", AUDIO),
    "chained": (f"Test-It && {SET} {PORTS}", AUDIO),
    "of a module": (
        f"SkypeForBusiness\\{SET} {PORTS}",
        AUDIO,
    ),
    "true": ("Set-CsMediaConfiguration -EnableQoS $true", MediaQos(True)),
    "false": (f"{SET} -ClientMediaPortRangeEnabled:$FALSE", ClientRanges(False)),
    "phone": ("Set-CsUCPhoneConfiguration -VoiceD 46", PhoneMarking(CodePoint(46))),
    "site": (
        "Set-CsUCPhoneConfiguration site:Redmond -VoiceDiffServTag 46",
        PhoneMarking(CodePoint(46), 0, "Site:Redmond"),
    ),
    "no prefix": (
        "Set-CsEdgeServer edge.example.com -MediaCommunicationPortS 50000 "
        "-MediaCommunicationPortC 10000",
        MediaPorts(
            "edge_server.media_external", PortBlock(50000, 10000), "EdgeServer:edge.example.com"
        ),
    ),
    "for each": (
        "get-csservice -edgeserver |\n  foreach-object {\n"
        "    Set-CsEdgeServer -Identity $_.Identity "
        f"{EDGE_PORTS}\n}}",
        EDGE,
    ),
    "percent": (
        f"Get-CsService -EdgeServer | % {{Set-CsEdgeServer $PSItem.Identity {EDGE_PORTS}}}",
        EDGE,
    ),
    "piped": (
        "Get-CsTrustedApplicationPool | Set-CsTrustedApplicationPool "
        "-AudioPortStart 60000 -AudioPortCount 100",
        POOL,
    ),
    "any port": (
        "Set-CsTrustedApplicationPool p.example.com -AudioPortCount 0",
        MediaPorts("trusted_application_pool.audio", None, "TrustedApplicationPool:p.example.com"),
    ),
    "tenant": (
        "Set-CsTeamsMeetingConfiguration -EnableQoS $true",
        MediaQos(True, "Tenant"),
    ),
}


@pytest.mark.parametrize("case", POSTED)
def test_posted_forms_are_understood(case):
    text, wanted = POSTED[case]
    assert plain(read(text)) == {wanted}


WRONG = {
    "unclear": (f"{SET} -Client 20000", 1, "may be Client"),
    "unknown": (
        "\nSet-CsMediaConfiguration -EnableQos2 $true",
        2,
        "has no parameter '-EnableQos2'",
    ),
    "doubled": ("Set-CsMediaConfiguration -EnableQoS $true -EnableQ $false", 1, "given twice"),
    "no value": ("Set-CsMediaConfiguration -EnableQoS", 1, "has no value"),
    "value is a parameter": ("Set-CsMediaConfiguration -EnableQoS -Force", 1, "has no value"),
    "surplus": (
        "Set-CsMediaConfiguration global other -EnableQoS $true",
        1,
        "belongs to no parameter",
    ),
    "no truth": ("Set-CsMediaConfiguration -EnableQoS yes", 1, "neither \\$true nor"),
    "variable": ("Set-CsUCPhoneConfiguration -VoiceDiffServTag $tag", 1, "no number"),
    "expression": ("Set-CsUCPhoneConfiguration -VoiceDiffServTag (40+6)", 1, "no number"),
    "list": ("Set-CsUCPhoneConfiguration -VoiceDiffServTag 40,46", 1, "no number"),
    "splatted": ("Set-CsUCPhoneConfiguration @values", 1, "no scope|evaluated"),
    "code point": ("Set-CsUCPhoneConfiguration -VoiceDiffServTag 184", 1, "not within 0-63"),
    "802.1p alone": (
        "Set-CsUCPhoneConfiguration -Voice8021p 5",
        1,
        "stands without -VoiceDiffServTag",
    ),
    "start alone": (
        "Set-CsMediationServer m -AudioPortStart 1",
        1,
        "stands without -AudioPortCount",
    ),
    "past the end": (
        "Set-CsMediationServer m -AudioPortStart 65535 -AudioPortCount 2",
        1,
        "after port 65535",
    ),
    "low": (f"{SET} -ClientAudioPort 80 -ClientAudioPortRange 9", 1, "not within 1024-"),
    "no server": (
        "Set-CsMediationServer -AudioPortStart 1 -AudioPortCount 2",
        1,
        "names no server",
    ),
    "global server": (
        "Set-CsMediationServer Global: -AudioPortStart 1 -AudioPortCount 2",
        1,
        "no scope",
    ),
    "other kind": (
        "Set-CsMediationServer EdgeServer:x -AudioPortStart 1 -AudioPortCount 2",
        1,
        "no scope",
    ),
    "some servers": (
        "Get-CsService -EdgeServer | Where-Object {$_.SiteId -eq 'site:x'} | ForEach-Object "
        "{Set-CsEdgeServer -Identity $_.Identity -Registrar x}",
        1,
        "not known from the text",
    ),
    "of another list": (
        "Get-CsService -MediationServer | % {Set-CsEdgeServer -Identity $_.Identity -Registrar x}",
        1,
        "not known from the text",
    ),
    "loop": (
        "foreach ($s in $all) {\n Set-CsEdgeServer -Identity $s -Registrar x }",
        2,
        "not known from the text",
    ),
    "condition": (
        "if ($x)\n{\n Set-CsMediaConfiguration -EnableQoS $true\n}",
        3,
        "not known from the text",
    ),
    "function": (
        "function f { Set-CsMediaConfiguration -EnableQoS $true }",
        1,
        "not known from the text",
    ),
    "piped scopes": (
        "Get-CsMediaConfiguration | Set-CsMediaConfiguration -EnableQoS $true",
        1,
        "not known from",
    ),
    "piped variable": ("$all | Set-CsMediaConfiguration -EnableQoS $true", 1, "not known from"),
    "piped expression": (
        "(Get-X) | Set-CsMediaConfiguration -EnableQoS $true",
        1,
        "not known from",
    ),
    "piped text": ("'a', 'b' | Set-CsMediaConfiguration -EnableQoS $true", 1, "not known from"),
    "stored block": ("$later = { Set-CsMediaConfiguration -EnableQoS $true }", 1, "not known from"),
    "started": ("Start-Job Set-CsMediaConfiguration", 1, "whether it runs is not known"),
    "in a hash": ("@{a = Set-CsMediaConfiguration}", 1, "whether it runs is not known"),
    "dry run": ("Set-CsMediaConfiguration -EnableQoS $true -WhatIf", 1, "changes nothing"),
    "object": ("Set-CsMediaConfiguration -Instance $x -EnableQoS $true", 1, "from an object"),
    "string": ("\nWrite-Host 'x\nSet-CsMediaConfiguration -EnableQoS $true", 2, "does not end"),
    "expanding string": ('"$(Get-Date "x")', 1, "does not end"),
    "here-string": ("@'\nx '@", 1, "does not end"),
    "comment": ("Write-Host\n<# x", 2, "does not end"),
    "open bracket": ("\n{ Write-Host", 2, "does not end"),
    "closed bracket": ("\n\n}", 3, "nothing that it could close"),
    "depth": ("(" * 60, 1, "nested deeper"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_not_understood_is_an_error_with_its_place(case):
    text, line, message = WRONG[case]
    with pytest.raises(PlanError, match=message) as caught:
        read(text)
    assert caught.value.where is not None
    assert (caught.value.where.file, caught.value.where.line) == ("input", line)
    assert caught.value.hint


def test_lines_are_told():
    found = read("\n\nSet-CsMediaConfiguration -EnableQoS $true\n")
    assert str(found[0].where) == "input:3"


def test_a_script_in_utf_16_is_read():
    text = "Set-CsMediaConfiguration -EnableQoS $true"
    assert plain(CS.read(source(text.encode("utf-16")))) == {MediaQos(True)}


@pytest.mark.parametrize("text", ["Get-CsService -EdgeServer", "Identity : Global", "", "{}"])
def test_output_of_cmdlets_is_no_script(text):
    assert not any(FORMATS[name].fits(source(text.encode())) for name in SCRIPTS)


def test_the_sample_script():
    text = shared_file("reference/plan/samples/reconstructed/lync_plan.ps1").read_bytes()
    assert CS.fits(source(text))
    found = plain(CS.read(source(text)))
    assert {
        ClientRanges(True),
        AUDIO,
        MediaPorts("client.video", PortBlock(20040, 40)),
        MediaPorts("conference_server.app_sharing", PortBlock(40803, 8348)),
        MediaQos(True),
        PhoneMarking(CodePoint(46)),
    } <= found
    assert {item.name for item in found if isinstance(item, HostPolicy)} == {
        "Lync 2013 Audio",
        "Lync 2013 Video",
    }


# A line that cannot hold another command: strings are whole, all else is from a fixed list.
STRING = "'(?:[^'\u2018\u2019\u201a\u201b]|['\u2018\u2019\u201a\u201b]{2})*'"
WORD = rf"(?:\d+|\$true|\$false|\$_\.Identity|Global|Both|TCP|UDP|All|{STRING})"
COMMAND = rf"(?:Set-Cs|New-NetQos)[A-Za-z]+(?: -[A-Za-z0-9]+ {WORD})+"
LINE = re.compile(
    rf"{COMMAND}|Get-Cs[A-Za-z]+(?: -[A-Za-z]+)? \| ForEach-Object {{ {COMMAND} }}"
    r"|# [A-Za-z ,.;()-]+"
)


@pytest.mark.parametrize("name", SCRIPTS)
@given(data=st.data())
def test_no_text_breaks_out_of_its_string(name, data):
    text = FORMATS[name].write(data.draw(lists_of(OF_FORMAT[name]))).decode("utf-8-sig")
    for line in text.removesuffix("\r\n").split("\r\n"):
        assert LINE.fullmatch(line), line


@pytest.mark.parametrize("name", SCRIPTS)
@given(data=st.data())
def test_another_parser_of_powershell_sees_the_same_commands(name, data):
    sitter = pytest.importorskip("tree_sitter", reason="tree-sitter is not installed")
    grammar = pytest.importorskip("tree_sitter_powershell", reason="its grammar is not installed")
    held = tuple(filter(FORMATS[name].holds, data.draw(lists_of(OF_FORMAT[name]))))
    if not held:
        return  # comments alone are a script that this parser does not know
    # Its parameters have no digits in their names, unlike Voice8021p.
    text = FORMATS[name].write(held).decode("utf-8-sig").replace("-Voice8021p", "-VoiceP").encode()
    tree = sitter.Parser(sitter.Language(grammar.language())).parse(text)
    assert not tree.root_node.has_error
    names = set()
    nodes = [tree.root_node]
    while nodes:
        node = nodes.pop()
        nodes.extend(node.children)
        if node.type == "command_name":
            names.add(node.text.decode())
    allowed = {"ForEach-Object", "Get-CsService", "Get-CsTrustedApplicationPool"}
    assert all(re.fullmatch("Set-Cs[A-Za-z]+|New-NetQosPolicy", item) for item in names - allowed)


@given(st.lists(settings, max_size=20, unique_by=identity))
def test_no_setting_is_held_by_scripts_of_two_products(mixed):
    for item in mixed:
        assert sum(FORMATS[name].holds(item) for name in SCRIPTS) <= 1
