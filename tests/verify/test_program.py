"""Programs: equal for texts that mean the same, wherever their lines stand."""

from __future__ import annotations

from translator.drivers.registry import driver
from translator.verify.behaviour import ProgramCache

TEXT = """\
hostname r1
ip access-list extended L
 permit udp any range 20000 20039 any
 deny tcp any any eq 5061
class-map match-any C
 match access-group name L
 match not dscp ef
policy-map P
 class C
  set dscp ef
interface Gi0/1
 service-policy input P
end
"""


def test_line_numbers_are_no_part_of_a_program() -> None:
    ios = driver("cisco_ios")
    one, other = ProgramCache(), ProgramCache()
    texts = (TEXT, "! a line more\n" + TEXT.replace(" permit", " remark x\n permit"))
    (first,), (second,) = (
        cache.between(ios.parse(text), "Gi0/1", None)
        for cache, text in zip((one, other), texts, strict=True)
    )
    assert first == second
    assert hash(first) == hash(second)


def test_programs_of_other_conditions_differ() -> None:
    ios, cache = driver("cisco_ios"), ProgramCache()
    texts = (TEXT, TEXT.replace("20039", "20038"))
    first, second = (cache.between(ios.parse(text), "Gi0/1", None) for text in texts)
    assert first != second
