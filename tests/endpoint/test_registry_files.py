"""Registry files: the bytes that regedit writes, and files that people export or post."""

from __future__ import annotations

import re
import shutil
import subprocess
from ipaddress import ip_network

import pytest
from endpoint.settings_of_all_kinds import FORMATS, OF_FORMAT, lists_of, plain, source
from hypothesis import given
from support.corpus import shared_file

from translator.codepoint import CodePoint
from translator.endpoint.derive import derive
from translator.endpoint.settings import HostPolicy, NlaSwitch, PschedMarking, PschedService, Remark
from translator.errors import PlanError
from translator.plan.load import load_preset
from translator.plan.model import Transport
from translator.ports import PortRange

REG, PSCHED = FORMATS["reg"], FORMATS["psched"]
SAMPLES = "reference/plan/samples/reconstructed/"
BOTH = (Transport.UDP, Transport.TCP)
HEADER = "Windows Registry Editor Version 5.00\r\n\r\n"
KEY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\QoS"
EDGE = HostPolicy(
    'Edge "inner" ]',
    r"C:\Lync\MediaRelaySvc.exe",
    (Transport.UDP,),
    CodePoint(46),
    destination_ports=PortRange(20000, 20039),
    source_prefix=ip_network("2001:db8::10/128"),
    store="HKLM",
)
EDGE_TEXT = rf"""Windows Registry Editor Version 5.00

[{KEY}\Edge "inner" ]]
"Version"="1.0"
"Application Name"="C:\\Lync\\MediaRelaySvc.exe"
"Protocol"="UDP"
"Local Port"="*"
"Local IP"="2001:db8::10"
"Local IP Prefix Length"="128"
"Remote Port"="20000:20039"
"Remote IP"="*"
"Remote IP Prefix Length"="*"
"DSCP Value"="46"
"Throttle Rate"="-1"

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\QoS]
"Do not use NLA"="1"

"""
ARTICLE = {
    ("Communicator.exe", 46, PortRange(20000, 20039)),
    ("Communicator.exe", 34, PortRange(20040, 20079)),
    ("lync.exe", 46, PortRange(20000, 20039)),
    ("lync.exe", 34, PortRange(20040, 20079)),
    ("AttendantConsole.exe", 46, PortRange(20000, 20039)),
}


def read(text: str, encoding: str = "utf-8"):
    return REG.read(source(text.encode(encoding)))


def policy_text(**values: str) -> str:
    """A file with one policy, some of its values changed."""
    body = EDGE_TEXT.partition("]]\n")[2].partition("\n\n")[0]
    for name, value in values.items():
        body = re.sub(rf'"{name.replace("_", " ")}"=.*', lambda _, v=value: v, body)
    return f"{HEADER}[{KEY}\\x]\n{body}\n"


def test_bytes_are_those_of_regedit():
    written = REG.write((EDGE, NlaSwitch("1", True)))
    assert written == b"\xff\xfe" + EDGE_TEXT.replace("\n", "\r\n").encode("utf-16-le")


def test_psched_is_a_number_in_hexadecimal():
    marking = PschedMarking(PschedService.GUARANTEED, CodePoint(46))
    text = PSCHED.write((marking,)).decode("utf-16")
    assert text == (
        f"{HEADER}[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows\\Psched\\"
        'DiffservByteMappingConforming]\r\n"ServiceTypeGuaranteed"=dword:0000002e\r\n\r\n'
    )


def test_the_preset_has_the_policies_of_the_article():
    settings = derive(load_preset("lync-2013"), {}).settings
    found = read(REG.write(settings).decode("utf-16"))
    clients = {
        (item.application, int(item.code_point), item.source_ports)
        for item in found
        if isinstance(item, HostPolicy) and item.protocols == BOTH
    }
    assert clients >= ARTICLE
    assert ("AVMCUSvc.exe", 46, PortRange(49152, 57500)) in clients, "one port more than the count"
    assert found[-1] == NlaSwitch("1", True, found[-1].where)


# The grammar of a file, stated apart from the reader: header, keys, texts and numbers.
TEXT = r'"(?:[^"\\\r\n]|\\["\\])*"'
KEY_LINE = r"\[HKEY_(?:LOCAL_MACHINE|CURRENT_USER)\\[^\r\n]+\]\r\n"
FILE = re.compile(
    rf"\ufeffWindows Registry Editor Version 5\.00\r\n\r\n"
    rf"(?:{KEY_LINE}(?:{TEXT}=(?:{TEXT}|dword:[0-9a-f]{{8}})\r\n)*\r\n)*"
)


@given(lists_of(OF_FORMAT["reg"]), lists_of(OF_FORMAT["psched"]))
def test_no_text_breaks_out_of_its_value(policies, markings):
    for written in (REG.write(policies), PSCHED.write(markings)):
        assert FILE.fullmatch(written.decode("utf-16-le"))


@pytest.mark.slow
def test_another_regedit_reads_the_same(tmp_path):
    if shutil.which("wine") is None:
        pytest.skip("Wine, whose regedit reads such files, is not installed")
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "WINEPREFIX": str(tmp_path / "wine"),
        "WINEDEBUG": "-all",
    }

    def wine(*command: str) -> None:
        subprocess.run(
            ["wine", *command],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            timeout=300,
        )

    hostile = HostPolicy("na]me \"q\" ;=\u2019 'x' @[", 'a "b" \\c.exe', BOTH, CodePoint(0))
    wanted = (*derive(load_preset("lync-2013"), {}).settings, EDGE, hostile)
    (tmp_path / "in.reg").write_bytes(REG.write(wanted))
    try:
        wine("regedit", "/S", "in.reg")
        wine("reg", "export", KEY, "out.reg", "/y")
    finally:
        subprocess.run(["wineserver", "-k"], env=environment, check=False, timeout=60)
    found = plain(REG.read(source((tmp_path / "out.reg").read_bytes())))
    assert found == plain(tuple(item for item in wanted if isinstance(item, HostPolicy)))


@pytest.mark.parametrize("name", ["qos_policies_utf16le.reg", "qos_policies_ascii.reg"])
def test_samples_are_read(name):
    data = shared_file(SAMPLES + name).read_bytes()
    assert REG.fits(source(data))
    *policies, switch = REG.read(source(data))
    assert {(item.application, int(item.code_point), item.source_ports) for item in policies} == (
        ARTICLE
    )
    assert switch.is_text


def test_the_sample_with_slips_is_read_but_for_the_policy_with_a_port_that_cannot_be():
    data = shared_file(SAMPLES + "qos_policies_bad.reg").read_bytes()
    found = REG.read(source(data))
    (remark,) = (
        item for item in found if isinstance(item, Remark) and item.kind == "policy-invalid"
    )
    assert "'Lync 2010 Audio' is left out: port range 20000:200039" in remark.message
    assert "20000:200039" in source(data).text.splitlines()[remark.where.line - 1]
    assert "20000-20039" in remark.cure
    assert [item.name for item in found if isinstance(item, HostPolicy)] == [
        "Lync 2013 Audio",
        "Lync 2013 Video",
        "Lync Attendant Audio",
        "Lync Server Audio",
        "Lync Edge Video",
    ]


def test_the_sample_of_xp():
    data = shared_file(SAMPLES + "xp_psched.reg").read_bytes()
    assert PSCHED.fits(source(data))
    assert plain(PSCHED.read(source(data))) == {
        PschedMarking(PschedService.GUARANTEED, CodePoint(46)),
        PschedMarking(PschedService.CONTROLLED_LOAD, CodePoint(34)),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding):
    assert plain(read(EDGE_TEXT, encoding)) == plain((EDGE, NlaSwitch("1", True)))


def test_older_files_other_keys_comments_and_removals():
    text = (
        "REGEDIT4\n\n; a comment\n"
        '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Other]\n@="x"\n"a\\"b"=hex(7):00,\\\n  01,\\\n  02\n'
        '"n"=dword:1\n"gone"=-\n[-HKEY_LOCAL_MACHINE\\SOFTWARE\\Gone]\n'
        f'[{KEY}]\n"Tcp Autotuning Level"="Off"\n'
        + policy_text().removeprefix(HEADER)
        + f"[{KEY}\\y]\n[-{KEY}\\y]\n"
    )
    (found,) = read(text)
    assert found.name == "x"


def test_a_hyphen_between_ports_is_told():
    found, remark = read(policy_text(Remote_Port='"Remote Port"="20000-20039"'))
    assert found.destination_ports == PortRange(20000, 20039)
    assert isinstance(remark, Remark)
    assert "whether Windows takes a hyphen is not known" in remark.message
    assert remark.where.line == 10


def test_a_switch_that_is_a_number_has_no_effect():
    text = EDGE_TEXT.replace('NLA"="1"', 'NLA"=dword:00000001').replace("Current", "current")
    assert read(text)[-1].is_text is False


@pytest.mark.parametrize(
    ("word", "protocols"), [("17", (Transport.UDP,)), ("tcp", (Transport.TCP,)), ("*", BOTH)]
)
def test_protocols(word, protocols):
    (found,) = read(policy_text(Protocol=f'"Protocol"="{word}"'))
    assert found.protocols == protocols


WRONG = {
    "no header": ("[x]", "no header"),
    "no key": (f'{HEADER}"a"="b"', "under no key"),
    "cut key": (f"{HEADER}[{KEY}", "no key"),
    "cut value": (f'{HEADER}[{KEY}\\x]\n"Versi', "no value"),
    "cut text": (f'{HEADER}[{KEY}\\x]\n"Version"="1', "no value of a registry file"),
    "cut binary": (f'{HEADER}[{KEY}\\x]\n"Version"=hex:00,\\', "goes on and nothing follows"),
    "cut policy": (f'{HEADER}[{KEY}\\x]\n"Version"="1.0"', "has no Application Name, Protocol"),
    "unknown value": (f'{HEADER}[{KEY}\\x]\n"Dscp"="46"', "no value 'Dscp' that is known"),
    "number": (policy_text(DSCP_Value='"DSCP Value"=dword:0000002e'), "no text here"),
    "short hive": (policy_text().replace("HKEY_LOCAL_MACHINE", "HKLM"), "no place where Windows"),
    "another hive": (
        policy_text().replace("LOCAL_MACHINE", "USERS\\S-1-5-21"),
        "no place where Windows",
    ),
    "psched": (
        f"{HEADER}[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows\\Psched\\"
        'DiffservByteMappingConforming]\n"ServiceTypeGuaranteed"=dword:0000012e',
        "no code point here",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_not_understood_is_an_error_with_its_place(case):
    text, message = WRONG[case]
    with pytest.raises(PlanError, match=message) as caught:
        read(text)
    assert caught.value.where is not None
    assert caught.value.where.line
    assert caught.value.hint


INVALID = {
    "port above 65535": (
        policy_text(Remote_Port='"Remote Port"="20000:65536"'),
        "20000:65536 ends after port 65535",
    ),
    "code point": (policy_text(DSCP_Value='"DSCP Value"="64"'), "not within 0-63"),
    "no action": (policy_text(DSCP_Value='"DSCP Value"="-1"'), "nothing is marked"),
    "blank in range": (policy_text(Remote_Port='"Remote Port"="1 : 2"'), "no port range"),
    "backwards": (policy_text(Remote_Port='"Remote Port"="2:1"'), "runs backwards"),
    "port 0": (policy_text(Remote_Port='"Remote Port"="0:1"'), "port 0"),
    "half an address": (policy_text(Local_IP='"Local IP"="*"'), "do not belong together"),
    "address": (policy_text(Local_IP='"Local IP"="x"'), "neither an address nor a prefix"),
    "throttle": (policy_text(Throttle_Rate='"Throttle Rate"="100"'), "unit of Throttle Rate"),
    "protocol": (policy_text(Protocol='"Protocol"="ICMP"'), "is not known"),
    "policy in a policy": (policy_text().replace("QoS\\x", "QoS\\x\\y"), "holds a backslash"),
}


@pytest.mark.parametrize("case", INVALID)
def test_a_policy_that_cannot_be_is_told_and_the_others_are_read(case):
    text, message = INVALID[case]
    other = policy_text().removeprefix(HEADER).replace("QoS\\x]", "QoS\\other]")
    remark, policy = read(text + other)
    assert policy.name == "other"
    assert remark.kind == "policy-invalid"
    assert "' is left out: " in remark.message
    assert re.search(message, remark.message)
    assert remark.where.line
