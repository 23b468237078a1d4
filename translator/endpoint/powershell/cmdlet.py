"""`Set-Cs...` cmdlets: the scopes and settings that each holds, as one line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from translator.endpoint.powershell.commands import Command
from translator.endpoint.powershell.fields import Fields
from translator.endpoint.powershell.parameters import Parameters, Value, bind, literal, quoted
from translator.endpoint.settings import GLOBAL, TENANT, Setting
from translator.errors import PlanError

__all__ = ["Cmdlet", "Collected", "lines", "refuse_dry_run"]

_OF_EACH: Final = "$_.Identity"
_EACH_WORDS: Final = frozenset({_OF_EACH.casefold(), "$psitem.identity"})
_FOR_EACH: Final = frozenset({"foreach-object", "foreach", "%"})
_ONCE: Final = frozenset({"try", "finally", "begin", "process", "end"})


@dataclass(frozen=True, slots=True)
class Cmdlet:
    """A cmdlet that sets values.

    Attributes:
        service: what the names of its servers begin with; "" where it sets a configuration.
        every: the command that lists what it sets, for servers that are not named.
        piped: it takes what `every` lists straight from the pipeline.
        tenant: it sets the one configuration of a tenant.
    """

    name: str
    parameters: Parameters
    fields: tuple[Fields, ...]
    service: str = ""
    every: str = ""
    piped: bool = False
    tenant: bool = False

    def holds(self, setting: object) -> bool:
        """Whether the cmdlet can make the setting, at its scope."""
        scope = getattr(setting, "scope", "")
        return self.holds_scope(scope) and any(item.holds(setting) for item in self.fields)

    def holds_scope(self, scope: str) -> bool:
        """Whether the scope is one of the cmdlet."""
        if not scope.isprintable() or scope != scope.strip():
            return False
        folded = scope.casefold()
        if folded in (GLOBAL.casefold(), TENANT.casefold()):
            return self.tenant == (folded == TENANT.casefold())
        kind, _, name = scope.partition(":")
        kinds = (self.service.casefold(),) if self.service else ("site", "service")
        return not self.tenant and bool(name.strip()) and kind.casefold() in kinds

    def line(self, scope: str, settings: Iterable[Setting]) -> str:
        """Return the command that makes the settings of one scope."""
        pairs = [
            pair
            for item in self.fields
            for setting in settings
            if item.holds(setting)
            for pair in item.write(setting)
        ]
        values = "".join(f" -{name} {text}" for name, text in pairs)
        if scope.casefold() in (GLOBAL.casefold(), TENANT.casefold()):
            if self.every:
                return self._for_each(values)
            return f"{self.name} -Identity {GLOBAL}{values}"
        return f"{self.name} -Identity {quoted(scope)}{values}"

    def scope(self, command: Command, values: Mapping[str, Value]) -> str:
        """Return the scope that a command sets.

        Raises:
            PlanError: it is not known from the text.
        """
        around = [item for item in command.blocks if item.name.casefold() not in _ONCE]
        identity = values.get("Identity")
        if around or command.upstream:
            if self._is_for_each(command, around, identity):
                return GLOBAL
            raise self._unknown_scope(command)
        if identity is None:
            if self.service:
                raise PlanError(
                    f"{self.name} names no server",
                    where=command.where,
                    hint=f"add -Identity {self.service}:NAME, or for all of them: "
                    + self._for_each(" ..."),
                )
            return TENANT if self.tenant else GLOBAL
        return self._named(identity)

    def _named(self, identity: Value) -> str:
        text = literal(identity).strip()
        if text.casefold() == GLOBAL.casefold() and not self.service:
            return TENANT if self.tenant else GLOBAL
        kind, colon, name = text.partition(":")
        # The prefix may be left off, says the documentation of each of these cmdlets.
        if self.service and not colon:
            text = f"{self.service}:{kind}"
        elif colon:
            known = (self.service, "Site", "Service")
            text = next((f"{k}:{name}" for k in known if k.casefold() == kind.casefold()), text)
        if self.holds_scope(text):
            return text
        expected = f"{self.service}:NAME" if self.service else "global or site:NAME"
        raise PlanError(
            f"{self.name}: {text[:80]!a} is no scope of it",
            where=identity.where,
            hint=f"write -Identity {GLOBAL if self.tenant else expected}",
        )

    def _is_for_each(self, command: Command, around: list[Command], identity: Value | None) -> bool:
        """Whether a command runs for each of those that `every` lists, and for no others."""
        if not around:
            return self.piped and identity is None and _are(command.upstream, self.every)
        return (
            bool(self.every)
            and len(around) == 1
            and around[0].name.casefold() in _FOR_EACH
            and _are(around[0].upstream, self.every)
            and not command.upstream
            and identity is not None
            and identity.text.casefold() in _EACH_WORDS
        )

    def _unknown_scope(self, command: Command) -> PlanError:
        hint = f"write the values out, one {self.name} for each -Identity"
        if self.every:
            hint += f", or for all servers: {self._for_each(' ...')}"
        return PlanError(
            f"which settings {self.name} changes here is not known from the text",
            where=command.where,
            hint=hint,
        )

    def _for_each(self, values: str) -> str:
        each = f"{self.name} -Identity {_OF_EACH}{values}"
        return f"{self.every} | ForEach-Object {{ {each} }}"


def _are(found: tuple[Command, ...], text: str) -> bool:
    """Whether the commands are the one of the text, such as `Get-CsService -EdgeServer`."""
    if len(found) != 1:
        return False
    name, _, parameter = text.casefold().partition(" -")
    given = [item.text.casefold() for item in found[0].arguments]
    return found[0].name.casefold() == name and given == ([parameter] if parameter else [])


class Collected:
    """What the commands of a script set, later ones over earlier ones."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], tuple[Cmdlet, str, dict[str, Value]]] = {}

    def take(self, cmdlet: Cmdlet, command: Command) -> None:
        """Take in a command.

        Raises:
            PlanError: it cannot be understood without guessing.
        """
        values = bind(command, cmdlet.parameters)
        refuse_dry_run(command, values)
        if "Instance" in values:
            raise PlanError(
                f"{cmdlet.name} takes its values from an object here",
                where=values["Instance"].where,
                hint="write the values out as parameters",
            )
        scope = cmdlet.scope(command, values)
        kept = self._values.setdefault((cmdlet.name, scope.casefold()), (cmdlet, scope, {}))
        kept[2].update(values)

    def settings(self) -> Iterator[Setting]:
        """Yield the settings, those of one cmdlet and scope together.

        Raises:
            PlanError: a number is wrong, or a start of ports has no count.
        """
        for cmdlet, scope, values in self._values.values():
            for item in cmdlet.fields:
                if any(name in values for name in item.parameters):
                    yield item.read(values, scope)


def refuse_dry_run(command: Command, values: Mapping[str, Value]) -> None:
    """Refuse a command that would change nothing.

    Raises:
        PlanError: it has -WhatIf.
    """
    dry_run = values.get("WhatIf")
    if dry_run is not None and dry_run.text.casefold() != "$false":
        raise PlanError(
            f"{command.name} has -WhatIf here and changes nothing",
            where=dry_run.where,
            hint="take -WhatIf away, or the line out",
        )


def lines(cmdlets: Iterable[Cmdlet], settings: Iterable[Setting]) -> Iterator[str]:
    """Yield one command per cmdlet and scope for those settings that a cmdlet holds."""
    wanted = list(settings)
    for cmdlet in cmdlets:
        scopes: dict[str, list[Setting]] = {}
        for setting in wanted:
            if cmdlet.holds(setting):
                scopes.setdefault(_scope_of(setting).casefold(), []).append(setting)
        for found in scopes.values():
            yield cmdlet.line(_scope_of(found[0]), found)


def _scope_of(setting: Setting) -> str:
    return str(getattr(setting, "scope", ""))
