"""Puts a configuration on a device so that it ends old or proven new, never between.

`device` is what to call; `protocol` is the order of the steps, `converge` the way out of each of
them, `journal` what survives our death, `goal` what is proven, `change` how lines come about.
"""

from __future__ import annotations

from translator.push.change import Change, make_change
from translator.push.connections import Connections
from translator.push.credentials import Credentials, credentials
from translator.push.device import Options, Planned, change_device, plan_change, read_device
from translator.push.hands import Patience
from translator.push.host_keys import HostKeys, default_known_hosts
from translator.push.journal import Journal, Run, State, Step, default_journal
from translator.push.netmiko_session import Endpoint, opener
from translator.push.outcome import Ending, Expected, Outcome
from translator.push.redact import Redactor, watch_logs
from translator.push.resume import resume, resume_all
from translator.push.rollback import rollback
from translator.push.secret import Secret
from translator.push.session import Deadlines, Opener, Session

__all__ = [
    "Change",
    "Connections",
    "Credentials",
    "Deadlines",
    "Ending",
    "Endpoint",
    "Expected",
    "HostKeys",
    "Journal",
    "Opener",
    "Options",
    "Outcome",
    "Patience",
    "Planned",
    "Redactor",
    "Run",
    "Secret",
    "Session",
    "State",
    "Step",
    "change_device",
    "credentials",
    "default_journal",
    "default_known_hosts",
    "make_change",
    "opener",
    "plan_change",
    "read_device",
    "resume",
    "resume_all",
    "rollback",
    "watch_logs",
]
