"""Profiles: QoS lines that ports share by naming them, beside lines of their own.

Source: Arista TOI "Policy maps under QoS Profiles" (4.18.0F): of a policy of the port and one of
its profile, the port's is used. Unverified for other lines: where both say different things, which
of them holds is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Final

from translator.drivers.arista_eos.port import Port
from translator.drivers.doubt import Doubt

__all__ = ["with_profile"]

_SHOWN: Final = 100  # lines of a profile that each of its ports is said to rest on


def with_profile(port: Port, profiles: Mapping[str, Port]) -> Port:
    """Return what a port does with its profile; the port itself where it names none."""
    if port.profile is None:
        return port
    profile = profiles.get(port.profile)
    both = copy(port)
    if profile is None:
        reason = f"qos profile {port.profile} is not in this text"
        both.unread_in = both.unread_out = Doubt(reason, (port.profile_line,))
        return both
    both.policy = port.policy or profile.policy
    both.trust = port.trust or profile.trust
    both.trust_lines = [*port.trust_lines, *profile.trust_lines[:_SHOWN]]
    both.default_cos = port.default_cos or profile.default_cos
    both.default_dscp = port.default_dscp or profile.default_dscp
    both.queues = {**profile.queues, **port.queues}
    both.shaper = port.shaper or profile.shaper
    both.multicast = port.multicast or profile.multicast
    both.egress_lines = [*port.egress_lines, *profile.egress_lines[:_SHOWN]]
    both.lines = [*port.lines, *profile.lines[:_SHOWN]]
    both.unread_in = port.unread_in or profile.unread_in
    both.unread_out = port.unread_out or profile.unread_out
    lines = (port.profile_line,)
    if port.trust and profile.trust and port.trust != profile.trust:
        doubt = Doubt("the port and its profile trust different things", lines)
        both.unread_in = both.unread_out = doubt
    if port.queues.keys() & profile.queues.keys() or (port.shaper and profile.shaper):
        both.unread_out = Doubt("the port and its profile both say how it sends", lines)
    return both
