"""Texts whose lines change places: what differs is the order alone."""

from __future__ import annotations

__all__ = ["DENY", "ENTRIES", "MARKING", "NUMBERED", "PERMIT", "QUEUING", "swapped"]

MARKING = """\
ip access-list extended LIST-AUDIO
 10 permit udp any range 20000 20039 any
ip access-list extended LIST-VIDEO
 10 permit udp any range 20020 20079 any
!
class-map match-any AUDIO
 match access-group name LIST-AUDIO
class-map match-any VIDEO
 match access-group name LIST-VIDEO
!
policy-map MARK
 class AUDIO
  set dscp ef
 class VIDEO
  set dscp af41
!
interface GigabitEthernet0/1
 service-policy input MARK
!
end
"""

QUEUING = """\
class-map match-any GOLD
 match dscp af41 af42
class-map match-any SILVER
 match dscp af42 af31
!
policy-map OUT
 class GOLD
  bandwidth percent 30
 class SILVER
  bandwidth percent 10
 class class-default
  fair-queue
!
interface GigabitEthernet0/0
 service-policy output OUT
!
end
"""

ENTRIES = """\
ip access-list extended LIST-AUDIO
 deny udp any range 20010 20019 any
 permit udp any range 20000 20039 any
!
class-map match-any AUDIO
 match dscp cs5
 match access-group name LIST-AUDIO
!
policy-map MARK
 class AUDIO
  set dscp ef
!
interface GigabitEthernet0/1
 service-policy input MARK
!
end
"""

DENY = " deny udp any range 20010 20019 any\n"
PERMIT = " permit udp any range 20000 20039 any\n"
NUMBERED = ENTRIES.replace(DENY, f" 10{DENY}").replace(PERMIT, f" 20{PERMIT}")


def swapped(text: str, first: str, second: str) -> str:
    """Return a text with two neighbouring pieces in the other order."""
    assert first + second in text
    return text.replace(first + second, second + first)
