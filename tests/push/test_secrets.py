"""No secret is ever seen: not in a value's name, a log, an error, or a redacted text."""

from __future__ import annotations

import copy
import json
import logging
import pickle
from pathlib import Path

import pytest

from translator.errors import LoginError, UsageError
from translator.push.credentials import Credentials, credentials
from translator.push.redact import LOGGERS, MASK, Redactor, watch_logs
from translator.push.secret import Secret

SECRET = Secret("S3cretPw")


def test_a_secret_shows_itself_to_nobody():
    login = Credentials("alice", SECRET, SECRET, passphrase=SECRET)
    for shown in (
        repr(SECRET), str(SECRET), f"{SECRET}", f"{SECRET:>20}", f"{SECRET!r}", f"{SECRET}",
        repr(login), str([SECRET]), str({"a": SECRET}),
    ):  # fmt: skip
        assert "S3cretPw" not in shown
    for store in (pickle.dumps, copy.deepcopy, json.dumps):
        with pytest.raises(TypeError):
            store(SECRET)
    assert not hasattr(SECRET, "__dict__")
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")


CONFIGURATION = [
    "enable secret 9 $9$SENTINEL0$abcdef",
    "enable secret SENTINEL1",
    "enable password 7 SENTINEL2",
    "username bob privilege 15 secret 0 SENTINEL3",
    "username bob password 7 SENTINEL4",
    "snmp-server community SENTINEL5 RO",
    "snmp-server host 10.1.1.1 version 2c SENTINEL6",
    "tacacs-server host 10.1.1.1 key 7 SENTINEL7",
    "radius-server key SENTINEL8",
    " key 7 SENTINEL9",
    "  key-string 7 SENTINEL10",
    "crypto isakmp key SENTINEL11 address 10.1.1.1",
    " pre-shared-key local SENTINEL12",
    " ip ospf message-digest-key 1 md5 7 SENTINEL13",
    " neighbor 10.1.1.1 password 7 SENTINEL14",
    '        encrypted-password "$6$SENTINEL15$abcdef"; ## SECRET-DATA',
    'set system root-authentication encrypted-password "$1$SENTINEL16$abc"',
    'set system tacplus-server 10.1.1.1 secret "$9$SENTINEL17"',
    "set snmp community SENTINEL18 authorization read-only",
    'pre-shared-key ascii-text "SENTINEL19";',
    "http_passwd=SENTINEL20",
    "wl0_wpa_psk=SENTINEL21",
    "wan_ppp_passwd=SENTINEL22",
    "NET_PASSWORD=SENTINEL23",
    "password: SENTINEL24",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nSENTINEL25\n-----END OPENSSH PRIVATE KEY-----",
    " authentication-key 7 SENTINEL26",
    "username admin secret sha512 $6$SENTINEL27$abcdef",
]


@pytest.mark.parametrize("line", CONFIGURATION)
def test_secrets_of_configurations_are_masked_and_the_rest_stays(line: str):
    shown = Redactor()(f"before\n{line}\nafter")
    assert "SENTINEL" not in shown
    assert MASK in shown
    assert shown.startswith("before\n")
    assert shown.endswith("\nafter")
    assert Redactor()(shown).count("SENTINEL") == 0


@pytest.mark.parametrize("line", CONFIGURATION)
def test_letters_of_another_case_hide_no_secret(line: str):
    for spelled in (line.lower(), line.upper(), line.replace("s", "\N{LATIN SMALL LETTER LONG S}")):
        if "PRIVATE KEY" not in line:
            assert "sentinel" not in Redactor()(spelled).lower()


@pytest.mark.parametrize(
    "line",
    [
        "class-map match-any VOICE", "  set dscp ef", "policy-map WAN", "service-policy output WAN",
        "udp sport 20000-20039 goto mark_ef comment \"audio\"", "no service password-encryption",
        "tc qdisc add dev wan root handle 1: htb default 0x60", "key chain OSPF",
        "set class-of-service forwarding-classes class voice queue-num 5",
    ],
)  # fmt: skip
def test_what_is_no_secret_stays_as_it_is(line: str):
    assert Redactor()(line) == line


def test_values_in_use_are_masked_wherever_they_stand():
    hide = Redactor([SECRET, Secret("S3cretPw2"), Secret("abc"), None])
    assert hide("echo S3cretPw2,S3cretPw; abc abcd") == f"echo {MASK},{MASK}; {MASK} abcd"


def test_logs_of_the_libraries_are_redacted(caplog: pytest.LogCaptureFixture):
    hide = Redactor([SECRET])
    before = [list(logging.getLogger(name).filters) for name in LOGGERS]
    with caplog.at_level(logging.DEBUG), watch_logs(hide):
        for name in LOGGERS:
            logging.getLogger(name).debug("write_channel: %s", b"username a secret S3cretPw")
        try:
            raise ValueError("bad S3cretPw")
        except ValueError:
            logging.getLogger("netmiko").exception("failed")
    assert len(caplog.records) == len(LOGGERS) + 1
    assert "S3cretPw" not in caplog.text
    assert [logging.getLogger(name).filters for name in LOGGERS] == before


def test_credentials_come_from_the_environment():
    found = credentials(
        {"NET_USERNAME": "alice", "NET_PASSWORD": "p", "NET_SECRET": "s", "NET_SSH_KEY": "/k"}
    )
    assert (found.username, found.key) == ("alice", Path("/k"))
    assert (found.password, found.secret) == (Secret("p"), Secret("s"))


def test_a_command_comes_before_the_environment_and_never_meets_a_shell(tmp_path: Path):
    command = "printf '%s\\nrest' 'from $(touch gotcha) command'"
    found = credentials({"NET_PASSWORD": "env"}, username="a", password_command=command)
    assert found.password == Secret("from $(touch gotcha) command")
    with pytest.raises(UsageError, match="password command"):
        credentials({}, username="a", password_command="false")


def test_the_question_is_asked_last():
    asked: list[str] = []

    def prompt(question: str) -> str:
        asked.append(question)
        return "typed"

    assert credentials({}, username="bob", ask=True, prompt=prompt).password == Secret("typed")
    assert asked == ["password of bob: "]
    credentials({"NET_PASSWORD": "p"}, username="bob", ask=True, prompt=prompt)
    assert len(asked) == 1


def test_an_agent_is_enough_and_nothing_is_not():
    assert credentials({"SSH_AUTH_SOCK": "/tmp/agent"}, username="a").agent  # noqa: S108
    with pytest.raises(LoginError):
        credentials({}, username="a")
    with pytest.raises(UsageError):
        credentials({"NET_PASSWORD": "p"})
