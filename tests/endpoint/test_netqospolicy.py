"""`New-NetQosPolicy` scripts, as written and as people post them."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from endpoint.settings_of_all_kinds import FORMATS, plain, source

from translator.codepoint import CodePoint
from translator.endpoint.settings import HostPolicy
from translator.errors import PlanError
from translator.plan.model import Transport
from translator.ports import PortRange

NETQOS = FORMATS["netqospolicy"]
BOTH = (Transport.UDP, Transport.TCP)
LYNC = HostPolicy("Lync", "lync.exe", BOTH, CodePoint(46), PortRange(20000, 20039))
NEW = "New-NetQosPolicy -Name Lync -AppPathName lync.exe -DSCPValue 46 "
START, END = "-IPSrcPortStart 20000", "-IPSrcPortEnd 20039"


def read(text: str):
    return NETQOS.read(source(text.encode()))


def test_every_part_of_a_policy_has_its_parameter():
    policy = HostPolicy(
        "O'Brien \u2019",
        "%ProgramFiles%\\x\\lync.exe",
        (Transport.UDP,),
        CodePoint(46),
        source_ports=PortRange(3478, 3478),
        destination_ports=PortRange(20000, 20039),
        source_prefix=ip_network("2001:db8::/32"),
        destination_prefix=ip_network("2001:db8:1::1/128"),
        throttle_bps=8_000_000,
        store="ActiveStore",
    )
    text = NETQOS.write((policy,)).decode("utf-8-sig")
    assert text.splitlines()[1] == (
        "New-NetQosPolicy -Name 'O''Brien \u2019\u2019'"
        " -AppPathNameMatchCondition '%ProgramFiles%\\x\\lync.exe'"
        " -IPProtocolMatchCondition UDP"
        " -IPSrcPrefixMatchCondition '2001:db8::/32' -IPSrcPortMatchCondition 3478"
        " -IPDstPrefixMatchCondition '2001:db8:1::1/128'"
        " -IPDstPortStartMatchCondition 20000 -IPDstPortEndMatchCondition 20039"
        " -DSCPAction 46 -ThrottleRateActionBitsPerSecond 8000000"
        " -NetworkProfile All -PolicyStore 'ActiveStore'"
    )


UNDERSTOOD = {
    "aliases": f"{NEW} {START} {END}",
    "other aliases": "New-NetQosPolicy Lync -app lync.exe -DSCP 46 -Protocol Both "
    f"{START} {END} -NetworkProfile all -Precedence 127",
    "none is both": f"{NEW} {START} {END} -IPProtocol None",
    "continued": f"New-NetQosPolicy -Name Lync `\n -app lync.exe `\n -DSCP 46 `\n {START} {END}",
    "unsaid": f"{NEW} {START} {END} -AsJob -Confirm:$false -ErrorAction Stop | Out-Null",
    "changed": "New-NetQosPolicy Lync -app lync.exe -DSCP 40 -sp 5060\n"
    f"Set-NetQosPolicy -Name LYNC -DSCP 46 {START} {END}",
    "removed before": f"Remove-NetQosPolicy -Name Lync -Confirm:$false\n{NEW} {START} {END}",
    "another removed": f"New-NetQosPolicy Old -DSCP 8\n{NEW} {START} {END}\nRemove-NetQosPolicy O*",
    "all removed": "New-NetQosPolicy Old -DSCP 8\nGet-NetQosPolicy | Remove-NetQosPolicy\n"
    f"{NEW} {START} {END}",
    "in try": f"try {{ {NEW} {START} {END} }} catch {{ exit 1 }}",
}


@pytest.mark.parametrize("case", UNDERSTOOD)
def test_posted_forms_are_understood(case):
    assert plain(read(UNDERSTOOD[case])) == {LYNC}


def test_throttles_count_as_powershell_counts():
    (policy,) = read("New-NetQosPolicy FTP -app ftp.exe -ThrottleRateActionBitsPerSecond 1MB")
    assert (policy.throttle_bps, policy.code_point) == (1024**2, None)


def test_addresses_without_a_length_are_hosts():
    host, network = read(
        "New-NetQosPolicy x -DSCP 46 -src 192.0.2.10\nNew-NetQosPolicy y -DSCP 46 -da fe80::1234/48"
    )
    assert host.source_prefix == ip_network("192.0.2.10/32")
    assert network.destination_prefix == ip_network("fe80::/48")


WRONG = {
    "start not smaller": (f"{NEW} -IPSrcPortStart 20039 {END}", "not smaller than their end"),
    "start alone": (f"{NEW} {START}", "stands alone"),
    "end alone": (f"{NEW} {END}", "stands alone"),
    "port and range": (f"{NEW} {START} {END} -sp 1", "one port and a range"),
    "port 0": (f"{NEW} -sp 0", "not within 1-65535"),
    "port too great": (f"{NEW} {START} -IPSrcPortEnd 200039", "not within 1-65535"),
    "code point": ("New-NetQosPolicy x -DSCP 64", "not within 0-63"),
    "no action": ("New-NetQosPolicy x -sp 5061", "nothing is marked"),
    "no name": ("New-NetQosPolicy -DSCP 46", "names no policy"),
    "name of a variable": ("New-NetQosPolicy $name -DSCP 46", "has to be evaluated"),
    "expanding name": ('New-NetQosPolicy "x $y" -DSCP 46', "has to be evaluated"),
    "twice": (f"{NEW}\n{NEW}", "there already"),
    "unknown changed": ("Set-NetQosPolicy x -DSCP 46", "is not in the file"),
    "either port": ("New-NetQosPolicy x -DSCP 46 -IPPort 80", "no place in a plan"),
    "well-known": ("New-NetQosPolicy x -SMB -PriorityValue8021Action 3", "no place in a plan"),
    "user": ("New-NetQosPolicy x -DSCP 46 -User a\\b", "no place in a plan"),
    "profile": ("New-NetQosPolicy x -DSCP 46 -NetworkProfile Domain", "no place in a plan"),
    "precedence": ("New-NetQosPolicy x -DSCP 46 -Precedence 200", "no place in a plan"),
    "another computer": ("New-NetQosPolicy x -DSCP 46 -Session $s", "no place in a plan"),
    "protocol": ("New-NetQosPolicy x -DSCP 46 -Protocol ICMP", "is not known"),
    "address": ("New-NetQosPolicy x -DSCP 46 -src 192.0.2.300", "neither an address nor a prefix"),
    "families": ("New-NetQosPolicy x -DSCP 46 -src 192.0.2.1 -dst ::1", "of IPv4 and of IPv6"),
    "loop": ("1..3 | % { New-NetQosPolicy x -DSCP 46 }", "how often"),
    "some removed": ("Get-NetQosPolicy x* | Remove-NetQosPolicy", "how often"),
    "bytes": ("New-NetQosPolicy x -ThrottleRateActionBytesPerSecond 1MB", "has no parameter"),
    "dry run": ("New-NetQosPolicy x -DSCP 46 -WhatIf", "changes nothing"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_not_understood_is_an_error_with_its_place(case):
    text, message = WRONG[case]
    with pytest.raises(PlanError, match=message) as caught:
        read(f"\n{text}")
    assert caught.value.where is not None
    assert caught.value.where.line in (2, 3)
    assert caught.value.hint
