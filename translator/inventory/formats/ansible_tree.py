"""Groups, their subgroups, hosts and variables, as Ansible keeps them while it reads sources.

Source:
    Ansible, "How to build your inventory" and "Using variables": `all` holds everything,
    `ungrouped` what is in no other group; groups are merged by depth, then by
    ansible_group_priority, then by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from translator.errors import InventoryError, Where
from translator.inventory.fields import GROUP, HOST_NAME, Form
from translator.inventory.formats.ansible_values import Setting
from translator.inventory.source import MAX_HOSTS, too_many_hosts

__all__ = ["ALL", "UNGROUPED", "Group", "Member", "Tree"]

ALL: Final = "all"
UNGROUPED: Final = "ungrouped"
_DEEPEST: Final = 100
_PRIORITY: Final = "ansible_group_priority"


@dataclass(slots=True)
class Group:
    """One group; the order of hosts and children is that in which they were added."""

    name: str
    hosts: dict[str, None] = field(default_factory=dict)
    children: dict[str, Where] = field(default_factory=dict)
    parents: dict[str, None] = field(default_factory=dict)
    variables: dict[str, Setting] = field(default_factory=dict)
    priority: int = 1
    depth: int = 0


@dataclass(slots=True)
class Member:
    """One host: where it stands first, the groups that list it, its own variables."""

    where: Where
    groups: dict[str, None] = field(default_factory=dict)
    variables: dict[str, Setting] = field(default_factory=dict)


class Tree:
    """What was read so far; `finish` makes it an inventory."""

    def __init__(self) -> None:
        self.groups = {name: Group(name) for name in (ALL, UNGROUPED)}
        self.hosts: dict[str, Member] = {}
        self.add_child(ALL, UNGROUPED, Where(""))

    def add_group(self, name: str, where: Where) -> Group:
        """Return the group of that name, made if need be."""
        if name not in self.groups:
            _checked(GROUP, name, where)
            self.groups[name] = Group(name)
        return self.groups[name]

    def add_host(self, name: str, group: str, where: Where, port: int | None = None) -> None:
        """Put the host of that name into a group; the port counts for a new host only."""
        member = self.hosts.get(name)
        if member is None:
            if len(self.hosts) >= MAX_HOSTS:
                raise too_many_hosts(where.file, where.line or 1)
            _checked(HOST_NAME, name, where)
            member = self.hosts[name] = Member(where)
            if port is not None:
                member.variables["ansible_port"] = Setting(port, where)
        self.groups[group].hosts[name] = None
        member.groups[group] = None

    def add_child(self, parent: str, child: str, where: Where) -> None:
        """Make one known group a subgroup of another."""
        self.groups[parent].children.setdefault(child, where)
        self.groups[child].parents[parent] = None

    def set_variable(self, group: str, name: str, setting: Setting) -> None:
        """Give a group a variable; a later value replaces an earlier one."""
        if name != _PRIORITY:
            self.groups[group].variables[name] = setting
            return
        text = str(setting.value)
        if not text.removeprefix("-").isdecimal() or len(text) > 9:
            raise InventoryError(
                f"{_PRIORITY} of group {group} is no number", where=setting.where, hint="write 10"
            )
        self.groups[group].priority = int(text)

    def set_host_variables(self, name: str, settings: Mapping[str, Setting]) -> None:
        """Give a host variables; like Ansible, give them to the group where one has that name."""
        if name not in self.groups:
            self.hosts[name].variables.update(settings)
            return
        for key, setting in settings.items():
            self.set_variable(name, key, setting)

    def finish(self) -> None:
        """Tie loose groups to `all`, loose hosts to `ungrouped`, and work out the depths.

        Raises:
            InventoryError: groups run in a circle or are nested deeper than 100, or a host that
                is in no group has the name of one.
        """
        for name, group in self.groups.items():
            if name != ALL and not group.parents:
                self.add_child(ALL, name, Where(""))
        self._set_depths()
        self._settle_ungrouped()

    def _settle_ungrouped(self) -> None:
        ungrouped = self.groups[UNGROUPED]
        for name, member in self.hosts.items():
            others = [group for group in member.groups if group not in (ALL, UNGROUPED)]
            if others and UNGROUPED in member.groups:
                del ungrouped.hosts[name], member.groups[UNGROUPED]
            elif not others and UNGROUPED not in member.groups:
                if name in self.groups:
                    # Ansible would put the group of that name into `ungrouped` instead.
                    raise InventoryError(
                        f"{name!r} names both a group and a host that is in no group",
                        where=member.where,
                        hint="rename one of them, or put the host into a group",
                    )
                ungrouped.hosts[name] = member.groups[UNGROUPED] = None

    def _set_depths(self) -> None:
        """The depth of a group is the longest way to it from `all`."""
        missing = {name: len(group.parents) for name, group in self.groups.items()}
        ready = [name for name, count in missing.items() if not count]
        while ready:
            group = self.groups[ready.pop()]
            for child in group.children:
                below = self.groups[child]
                below.depth = max(below.depth, group.depth + 1)
                if below.depth > _DEEPEST:
                    raise InventoryError(
                        f"groups are nested deeper than {_DEEPEST}",
                        where=group.children[child],
                        hint="flatten the groups",
                    )
                missing[child] -= 1
                if not missing[child]:
                    ready.append(child)
        stuck = {name for name, count in missing.items() if count}
        if stuck:
            raise self._circle(stuck)

    def _circle(self, stuck: set[str]) -> InventoryError:
        # Each of them has a parent among them: walking up must come back.
        walk = [min(stuck)]
        while walk[-1] not in walk[:-1]:
            walk.append(next(name for name in self.groups[walk[-1]].parents if name in stuck))
        circle = walk[walk.index(walk[-1]) :][::-1]
        shown = circle if len(circle) <= 8 else [*circle[:4], "...", *circle[-3:]]
        return InventoryError(
            f"groups run in a circle: {' > '.join(shown)}",
            where=self.groups[circle[0]].children[circle[1]],
            hint="remove one of them from the children of another",
        )

    def merge_order(self, host: str) -> tuple[str, ...]:
        """Return all groups of a host but `all`, the one that others override first."""
        found: dict[str, None] = {}
        waiting = list(self.hosts[host].groups)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = None
                waiting += self.groups[name].parents
        found.pop(ALL, None)
        groups = (self.groups[name] for name in found)
        return tuple(
            group.name for group in sorted(groups, key=lambda g: (g.depth, g.priority, g.name))
        )

    def members(self, group: str) -> Iterator[str]:
        """Yield the hosts of a group and of all below it, level by level, each once.

        Ansible walks the third level and those below in no fixed order; here each level has the
        order of the one above it.
        """
        seen: set[str] = set()
        for name in self._below(group):
            for host in self.groups[name].hosts:
                if host not in seen:
                    seen.add(host)
                    yield host

    def _below(self, group: str) -> Iterable[str]:
        found: dict[str, None] = {group: None}
        level = [group]
        while level:
            below = [child for name in level for child in self.groups[name].children]
            level = [child for child in dict.fromkeys(below) if child not in found]
            found.update(dict.fromkeys(level))
        return found


def _checked(form: Form, name: str, where: Where) -> None:
    try:
        form.check(name)
    except InventoryError as error:
        raise InventoryError(error.problem, where=where, hint=error.hint) from None
