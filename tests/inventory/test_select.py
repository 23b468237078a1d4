"""Host patterns choose as Ansible's --limit does."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from support.ansible import ansible_list_hosts, ansible_selects

from translator.errors import InventoryError
from translator.inventory import Host, Inventory, load_inventory
from translator.inventory.regex_cost import bounded
from translator.inventory.select import select

FIXTURE = Path(__file__).with_name("fixtures") / "hosts.ini"

INVENTORY = Inventory(
    hosts=(
        Host("core", "linux", "linux", groups=("hq",)),
        Host("branch-1", "linux", "linux", groups=("branch", "lab")),
        Host("branch-2", "linux", "linux", groups=("branch",)),
        Host("sw10.example.com", "linux", "linux", groups=("hq", "lab")),
    ),
    folder="test",
    group_names=("hq", "branch", "lab", "empty"),
)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("all", "core branch-1 branch-2 sw10.example.com"),
        ("*", "core branch-1 branch-2 sw10.example.com"),
        ("core", "core"),
        ("branch", "branch-1 branch-2"),
        ("branch-*", "branch-1 branch-2"),
        ("branch-[2-9]*", "branch-2"),
        ("branch[0]", "branch-1"),
        ("branch[-1]", "branch-2"),
        ("all[0:1]", "core branch-1"),
        ("all[2:]", "branch-2 sw10.example.com"),
        ("lab[5:9]", ""),
        ("empty[0]", ""),
        ("branch*[0]:core", "core branch-1"),
        ("br*", "branch-1 branch-2"),
        ("core,branch-2", "core branch-2"),
        ("branch-2:core", "core branch-2"),
        ("hq:&lab", "sw10.example.com"),
        ("&lab,hq", "sw10.example.com"),
        ("all:!branch", "core sw10.example.com"),
        ("!branch", "core sw10.example.com"),
        ("!lab,branch", "branch-2"),
        ("branch:hq:&lab:!core", "branch-1 sw10.example.com"),
        (r"~sw\d+\.example", "sw10.example.com"),
        ("~(core|branch-1)$", "core branch-1"),
        ("empty", ""),
    ],
)
def test_pattern(pattern, names):
    assert [host.name for host in select(INVENTORY, pattern)] == names.split()


BAD = {
    "nothing": "",
    "comma at the end": "core,",
    "colon at the end": "core:",
    "no such host": "nowhere",
    "no such host to take away": "core,!nowhere",
    "colon beside a comma": "core:branch,hq",
    "host and port": "core:22",
    "no regular expression": "~[",
    "bracket that is not closed": "core:branch[1",
    "sign alone": "!",
    "sign alone beside others": "core,&",
    "glob that fits nothing": "sw1*.org",
    "class at the end is a subscript": "branch-[2-9]",
    "count past the end": "branch[7]",
    "no such file": "@nowhere",
    "control character": "core\x1b",
    "line separator": "core\u2028",
    "nul": "@a\0b",
    "too long": "core," * 20_000 + "core",
    "term too long": "c" * 1001,
    "nested repetition": "~(a+)+$",
    "repetition of alternatives": "~(a|aa)*$",
    "optional part often": "~(a?){30}a{30}",
    "options in a row": "~" + "a?" * 30 + "a" * 30,
    "alternatives in a row": "~" + "(a|a)" * 30,
    "stars in a row": "~" + ".*" * 12 + "x",
    "repetition in a lookahead": "~(?=(a+)+$)",
    "repetition behind a comment": "~(?#[)(a+)+$]",
    "repetition before what looks like none": "~(a+)+{}$",
    "long regular expression": "~" + "a" * 201,
}


@pytest.mark.parametrize("case", BAD, ids=str)
def test_pattern_that_names_nothing_or_too_much_is_an_error(case):
    with pytest.raises(InventoryError) as caught:
        select(INVENTORY, BAD[case])
    assert caught.value.hint
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "expression",
    [
        r"sw\d+\.example",
        "(core|branch-[0-9]+)$",
        r"(\d{1,3}\.){3}\d{1,3}$",
        ".*-(lab|test).*",
        "[]a-c]+x",
        "(?i)CORE",
        "(?P<site>hq|lab)-.*",
        "a{2,4}?b",
        r"\(a\)+",
    ],
)
def test_usual_expressions_are_not_refused(expression):
    bounded(expression)


def test_terms_come_from_a_file(tmp_path):
    path = tmp_path / "hosts.retry"
    path.write_text("core\n\n  branch-2 \n!branch-1\n", encoding="utf-8")
    assert [host.name for host in select(INVENTORY, f"hq,@{path}")] == [
        "core",
        "branch-2",
        "sw10.example.com",
    ]
    for text, line in (("core\n# no comments\n", 2), ("core\nbr\u2028x\n", 2), ("!\n", 1)):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InventoryError) as caught:
            select(INVENTORY, f"@{path}")
        assert caught.value.where.line == line


PATTERNS = [
    "all",
    "*",
    "all:!branch",
    "all:&core",
    "&core,everything",
    "!access",
    "ungrouped",
    "ungr*",
    "al*",
    "a*",
    "sw*",
    "sw0*.example",
    "core",
    "core1",
    "core*",
    "core[0]",
    "core[-1]",
    "core[1:2]",
    "core[1:]",
    "core[0:0]",
    "core[1:0]",
    "core*[1]",
    "core*[0:3]",
    "access[2:3]:&branch",
    "everything[4]",
    "*[3]",
    "*.example",
    "sw[0-9]*.example",
    "sw0[15]*.example",
    "sw0?.example",
    "[bc]*",
    "~core\\d",
    "~(alpha|zeta)$",
    "~.*example",
    "~sw0[15]",
    "core,alpha",
    "core , alpha",
    "core:alpha:!core1",
    "core alpha",
    "!core1,core",
    "everything,!branch,&core,!core2",
    "empty",
    "b0*",
    "later,!b?cx",
    "alone.example",
    "alone.example,localgw",
]


def test_patterns_choose_what_ansible_chooses():
    inventory = load_inventory(FIXTURE)
    for pattern, theirs in zip(PATTERNS, ansible_selects(FIXTURE, PATTERNS), strict=True):
        assert [host.name for host in select(inventory, pattern)] == theirs, pattern


def test_the_command_line_of_ansible_lists_the_same_hosts():
    inventory = load_inventory(FIXTURE)
    for pattern in ("access[2:3]:&branch", "!branch,*.example"):
        ours = [host.name for host in select(inventory, pattern)]
        assert ours == ansible_list_hosts(FIXTURE, pattern)


def test_random_patterns_choose_what_ansible_chooses():
    rng = random.Random(11)
    inventory = load_inventory(FIXTURE)
    names = [*inventory.group_names, *(host.name for host in inventory.hosts), "all", "*"]
    shapes = ["{}", "{}[0]", "{}[-1]", "{}[1:2]", "{}[0:]", "{}*", "?{}", "~{}", "*{}*", "[a-m]*{}"]
    patterns = []
    for _ in range(600):
        terms = []
        for _ in range(rng.randint(1, 4)):
            name = rng.choice(names)
            cut = name[rng.randint(0, 2) :] if rng.random() < 0.3 else name
            sign = rng.choice(["", "", "!", "&"])
            terms.append(sign + rng.choice(shapes[: rng.choice([2, 10])]).format(cut or name))
        patterns.append(rng.choice([",", ":"]).join(terms))
    compared = 0
    for pattern, theirs in zip(patterns, ansible_selects(FIXTURE, patterns), strict=True):
        try:
            ours = [host.name for host in select(inventory, pattern)]
        except InventoryError:
            continue  # a term that names nothing: Ansible only warns
        assert ours == theirs, pattern
        compared += 1
    assert compared > 150
