"""What formats of host policies have in common: how values are read, and what none can hold."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Final

from translator.codepoint import CodePoint
from translator.endpoint.settings import HostPolicy
from translator.errors import PlanError, UsageError, Where
from translator.plan.groups import Prefix
from translator.plan.model import Transport

__all__ = ["BOTH", "code_point_of", "prefix_of", "protocols_of", "unfit_for_windows"]

BOTH: Final = (Transport.UDP, Transport.TCP)
_MAX_NAME: Final = 255  # of a registry key, which is what a policy is (Windows: Registry limits)
_MAX_APPLICATION: Final = 1024


def unfit_for_windows(policy: HostPolicy) -> str:
    """Return why no Windows host can have the policy; empty where one can.

    Source:
        Windows Server documentation of QoS policies: ports are 1-65535, both addresses of one
        family; a policy marks, or throttles, or both.
    """
    for what, text, limit in (
        ("name", policy.name, _MAX_NAME),
        ("application", policy.application or "*", _MAX_APPLICATION),
    ):
        if not text or len(text) > limit or text != text.strip():
            return f"the {what} is empty, longer than {limit} or begins or ends with a blank"
        if not text.isprintable():
            return f"the {what} holds characters that do not print"
    if "\\" in policy.name:
        return "the name holds a backslash"
    if policy.application == "*":
        return "the application is a wildcard"
    ranges = (policy.source_ports, policy.destination_ports)
    if any(ports is not None and ports.low == 0 for ports in ranges):
        return "port 0 is none that a policy can name"
    source, destination = policy.source_prefix, policy.destination_prefix
    if source and destination and source.version != destination.version:
        return "the addresses are of IPv4 and of IPv6"
    if policy.code_point is None and policy.throttle_bps is None:
        return "nothing is marked or throttled"
    return ""


def protocols_of(text: str, where: Where, any_words: tuple[str, ...]) -> tuple[Transport, ...]:
    """Return the transports of `TCP`, `UDP` or one of the words for both, in any case.

    Raises:
        PlanError: another word.
    """
    word = text.casefold()
    if word in any_words:
        return BOTH
    if word in list(Transport):
        return (Transport(word),)
    raise PlanError(
        f"protocol {text[:40]!a} is not known", where=where, hint="TCP, UDP or both can be named"
    )


def prefix_of(text: str, where: Where) -> Prefix:
    """Return an address or prefix; bits behind the prefix length count for nothing in Windows.

    Raises:
        PlanError: it is neither.
    """
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise PlanError(
            f"{text[:60]!a} is neither an address nor a prefix",
            where=where,
            hint="write 192.0.2.10, 192.0.2.0/24 or 2001:db8::/32",
        ) from None


def code_point_of(text: str, where: Where) -> CodePoint:
    """Return the code point of a decimal number.

    Raises:
        PlanError: it is no number within 0-63.
    """
    try:
        if text.isascii() and text.isdigit() and len(text) <= 3:
            return CodePoint(int(text))
        raise UsageError(f"{text[:40]!a} is no code point", hint="a number within 0-63")
    except UsageError as error:
        raise PlanError(f"DSCP: {error.problem}", where=where, hint=error.hint) from None
