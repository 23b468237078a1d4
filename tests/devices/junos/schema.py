"""Which statements Junos has: strict for class-of-service, firewall and interfaces.

One line is one statement, indented below its parent:

    term *          a container with a name
    from            a container; it vanishes when it is empty
    accept.         a statement without a value
    dscp =          a statement with one value, of one or more words
    protocol =+     a statement with a list of values
    class * !       a container that is printed on one line
    ~               anything

Source:
    Junos CLI reference: class-of-service, firewall, interfaces, system.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["ROOT", "Statement"]

_TEXT = """
version =
system
  host-name =
  ~
interfaces
  *
    description =
    mtu =
    vlan-tagging.
    per-unit-scheduler.
    unit *
      description =
      vlan-id =
      family *
        mtu =
        filter
          input =
          output =
          input-list =+
          output-list =+
        address *
          ~
        ~
    ~
class-of-service
  classifiers
    dscp *
      import =
      forwarding-class *
        loss-priority * !
          code-points =+
    dscp-ipv6 *
      import =
      forwarding-class *
        loss-priority * !
          code-points =+
  code-point-aliases
    ~
  drop-profiles
    *
      fill-level * !
        drop-probability =
      interpolate
        fill-level =+
        drop-probability =+
  forwarding-classes
    class * !
      queue-num =
      priority =
    queue * !
      *.
  interfaces
    *
      scheduler-map =
      shaping-rate =
      unit *
        scheduler-map =
        shaping-rate =
        forwarding-class =
        classifiers
          dscp =
          dscp-ipv6 =
          inet-precedence =
        rewrite-rules
          dscp =
          dscp-ipv6 =
      output-traffic-control-profile =
  rewrite-rules
    dscp *
      import =
      forwarding-class *
        loss-priority * !
          code-point =
    dscp-ipv6 *
      import =
      forwarding-class *
        loss-priority * !
          code-point =
  scheduler-maps
    *
      forwarding-class * !
        scheduler =
  schedulers
    *
      transmit-rate =
      shaping-rate =
      buffer-size =
      priority =
      excess-rate =
      excess-priority =
      explicit-congestion-notification.
      drop-profile-map ...+
  traffic-control-profiles
    *
      scheduler-map =
      shaping-rate =
      guaranteed-rate =
  host-outbound-traffic
    ~
  system-defaults
    ~
  tri-color.
firewall
  family *
    filter *
      interface-specific.
      term *
        from
          address
            * .
          source-address
            * .
          destination-address
            * .
          protocol =+
          next-header =+
          payload-protocol =+
          port =+
          source-port =+
          destination-port =+
          dscp =+
          traffic-class =+
          precedence =+
          source-prefix-list
            * .
          destination-prefix-list
            * .
          forwarding-class =+
          is-fragment.
          first-fragment.
          tcp-established.
          ip-options =
          vlan =+
          user-vlan-id =+
        then
          accept.
          discard.
          reject.
          count =
          log.
          syslog.
          next =
          policer =
          loss-priority =
          forwarding-class =
          dscp =
          traffic-class =
  policer *
    if-exceeding
      bandwidth-limit =
      burst-size-limit =
    then
      discard.
      loss-priority =
      forwarding-class =
  filter *
    ~
"""
_LENIENT = (
    "access applications apply-groups chassis event-options ethernet-switching-options "
    "forwarding-options groups multi-chassis policy-options poe protocols routing-instances "
    "routing-options security services snmp switch-options virtual-chassis vlans"
)


@dataclass(slots=True)
class Statement:
    """What may stand at one place. Kinds: container, named, flag, leaf, list, many, any."""

    word: str
    kind: str
    one_line: bool = False
    below: list[Statement] = field(default_factory=list)

    def find(self, word: str) -> Statement | None:
        """Return the statement that begins with a word: by its own name before any name."""
        exact = next((each for each in self.below if each.word == word), None)
        return exact or next((each for each in self.below if each.word in ("*", "~")), None)


def _statement(text: str) -> Statement:
    words = text.split()
    if text == "~":
        return Statement("~", "any")
    if text == "*":
        return Statement("*", "named")
    if text in ("* .", "*."):
        return Statement("*", "flag")
    if text.endswith("."):
        return Statement(text[:-1], "flag")
    kinds = {"=": "leaf", "=+": "list", "...+": "many", "*": "named"}
    kind = kinds[words[1]] if len(words) > 1 else "container"
    return Statement(words[0], kind, one_line=words[-1] == "!")


def _read() -> Statement:
    root = Statement("", "container")
    stack = [(-1, root)]
    for line in _TEXT.splitlines():
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        while stack[-1][0] >= indent:
            stack.pop()
        statement = _statement(line.strip())
        stack[-1][1].below.append(statement)
        stack.append((indent, statement))
    for word in _LENIENT.split():
        root.below.append(Statement(word, "container", below=[Statement("~", "any")]))
    return root


ROOT = _read()
