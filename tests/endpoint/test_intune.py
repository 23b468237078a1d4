"""The custom configuration of Intune against the properties that Graph documents."""

from __future__ import annotations

import json
from ipaddress import ip_network

import jsonschema
import pytest
from endpoint.settings_of_all_kinds import FORMATS, lists_of, plain, plain_policies, source
from hypothesis import given

from translator.codepoint import CodePoint
from translator.endpoint.settings import HostPolicy
from translator.errors import PlanError
from translator.plan.model import Transport
from translator.ports import PortRange

INTUNE = FORMATS["intune"]
BOTH = (Transport.UDP, Transport.TCP)
LYNC = HostPolicy("QoS A12", "lync.exe", BOTH, CodePoint(46), PortRange(20000, 20039))
ROOT = "./Device/Vendor/MSFT/NetworkQoSPolicy/QoS%20A12/"


def setting(kind: str, node: str, value: object) -> dict[str, object]:
    return {
        "@odata.type": f"#microsoft.graph.omaSetting{kind}",
        "displayName": f"QoS A12: {node}",
        "omaUri": ROOT + node,
        "value": value,
    }


BODY = {
    "@odata.type": "#microsoft.graph.windows10CustomConfiguration",
    "displayName": "QoS policies",
    "omaSettings": [
        setting("String", "AppPathNameMatchCondition", "lync.exe"),
        setting("Integer", "IPProtocolMatchCondition", 0),
        setting("String", "SourcePortMatchCondition", "20000-20039"),
        setting("Integer", "DSCPAction", 46),
    ],
}
# Source: Microsoft Graph v1.0, windows10CustomConfiguration, omaSettingString, omaSettingInteger
# (properties that a request may have), and the NetworkQoSPolicy CSP (nodes and formats).
TEXT_NODES = "(AppPathName|SourcePort|DestinationPort)MatchCondition"
NUMBER_NODES = "(IPProtocolMatchCondition|PriorityValue8021Action|DSCPAction)"


def oma(kind: str, nodes: str, value: dict[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["@odata.type", "displayName", "omaUri", "value"],
        "properties": {
            "@odata.type": {"const": f"#microsoft.graph.omaSetting{kind}"},
            "displayName": {"type": "string"},
            "description": {"type": "string"},
            "omaUri": {
                "type": "string",
                "pattern": rf"^\./Device/Vendor/MSFT/NetworkQoSPolicy/[A-Za-z0-9._~%-]+/{nodes}$",
            },
            "value": value,
        },
    }


SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["@odata.type", "displayName", "omaSettings"],
    "properties": {
        "@odata.type": {"const": "#microsoft.graph.windows10CustomConfiguration"},
        "displayName": {"type": "string"},
        "description": {"type": "string"},
        "version": {"type": "integer"},
        "omaSettings": {
            "type": "array",
            "maxItems": 1000,
            "items": {
                "oneOf": [
                    oma("String", TEXT_NODES, {"type": "string"}),
                    oma("Integer", NUMBER_NODES, {"type": "integer", "minimum": 0, "maximum": 63}),
                ]
            },
        },
    },
}


def read(body: object):
    return INTUNE.read(source(json.dumps(body).encode()))


def test_a_policy_as_graph_takes_it():
    assert json.loads(INTUNE.write((LYNC,))) == BODY


@given(lists_of(plain_policies))
def test_every_file_has_the_documented_properties_and_no_others(policies):
    jsonschema.validate(json.loads(INTUNE.write(policies)), SCHEMA)


def test_an_answer_of_graph_is_read():
    answer = {
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x",
        "value": [{**BODY, "id": "1", "assignments": []}],
    }
    answer["value"][0]["omaSettings"].append({"omaUri": "./Device/Vendor/MSFT/Other", "value": 1})
    assert plain(read(answer)) == {LYNC}


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (HostPolicy("x", None, BOTH, CodePoint(1), source_prefix=ip_network("::1")), "addresses"),
        (HostPolicy("x", None, BOTH, CodePoint(1), throttle_bps=5), "throttle"),
        (HostPolicy("x", None, BOTH, CodePoint(1), store="HKCU"), "of users"),
    ],
)
def test_what_has_no_place_is_told(policy, reason):
    assert reason in INTUNE.why_not(policy)


def test_too_many_settings_are_refused():
    many = tuple(HostPolicy(f"x{at}", None, BOTH, CodePoint(1)) for at in range(501))
    with pytest.raises(PlanError, match="a configuration of Intune holds 1000"):
        INTUNE.write(many)


def one(node: str, value: object) -> dict[str, object]:
    return {"omaSettings": [{"omaUri": ROOT + node, "value": value}]}


WRONG = {
    "no JSON": ('{"omaSettings": [', "no valid JSON"),
    "deep": ("[" * 100_000, "no JSON of Graph|no valid JSON"),
    "long number": (f'{{"omaSettings": {"1" * 5000}}}', "no JSON of Graph"),
    "doubled key": ('{"a": 1, "a": 2}', "stands twice"),
    "other": ("{}", "no list omaSettings"),
    "not a list": ('{"omaSettings": {}}', "no list omaSettings"),
    "no object": ('{"omaSettings": [1]}', "no object"),
    "node": (one("Dscp", 46), "no node of NetworkQoSPolicy"),
    "name": (one("x/DSCPAction", 46), "no node of NetworkQoSPolicy"),
    "truth": (one("DSCPAction", True), "no number within 0-63"),
    "text": (one("DSCPAction", "46"), "no number within 0-63"),
    "code point": (one("DSCPAction", 64), "no number within 0-63"),
    "ports": (one("SourcePortMatchCondition", "20000:200039"), "ends after port 65535"),
    "ports as number": (one("SourcePortMatchCondition", 5061), "no text"),
    "802.1p": (one("PriorityValue8021Action", 5), "no place in a plan"),
    "no action": (one("SourcePortMatchCondition", "5061"), "nothing is marked"),
    "twice": ({"omaSettings": 2 * one("DSCPAction", 1)["omaSettings"]}, "stands twice"),
    "encoding": (
        {"omaSettings": [{"omaUri": ROOT.replace("%20", "%ff") + "DSCPAction", "value": 1}]},
        "percent-encoded",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_not_understood_is_an_error_with_its_place(case):
    body, message = WRONG[case]
    text = body if isinstance(body, str) else json.dumps(body)
    with pytest.raises(PlanError, match=message) as caught:
        INTUNE.read(source(text.encode()))
    assert caught.value.where is not None
    assert caught.value.where.file == "input"
    assert caught.value.hint
