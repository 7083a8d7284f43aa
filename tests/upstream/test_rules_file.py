"""The file of rules: what it can say, and that nothing in it goes unheard."""

from __future__ import annotations

import pytest

from capcodec.errors import ArgumentError
from capcodec.upstream.rules_file import Rules, parse
from capcodec.upstream.verdict import change

GOOD = b"""
padding = "spare_.*"
[compile]
include = ["stdint.h"]
define = ["A=1"]
directory = ["inc"]
[struct.caps]
frozen = true
reason = "it overran"
[severity]
rename = "broken"
[[accept]]
subject = "struct other.*"
kind = "move"
commit = "abc"
reason = "nobody used it"
"""
BAD = {
    "no TOML": (b"[", "is no TOML"),
    "not UTF-8": (b"\xff", "is no TOML"),
    "an unknown key": (b"frozen = 1", "frozen is not known; there are accept, compile"),
    "an unknown kind": (b"[severity]\nrenam = 'fine'", "severity.renam is not known"),
    "an unknown severity": (b"[severity]\nrename = 'bad'", "is fine, note or broken, not 'bad'"),
    "no reason": (b"[struct.a]\nfrozen = true", "reason has to be text, and to say something"),
    "an exception without reason": (b"[[accept]]\nsubject = '*'", "reason has to be text"),
    "a blank reason": (b"[[accept]]\nsubject = '*'\nreason = ' '", "reason has to be text"),
    "no list": (b"[compile]\ninclude = 'a'", "include has to be a list of texts"),
    "no table": (b"struct = 1", "struct has to be a table"),
    "no table of a struct": (b"[struct]\na = 1", "struct.a has to be a table"),
    "no list of tables": (b"accept = 1", "accept has to be a list of tables"),
    "no pattern": (b"padding = '('", "padding is no pattern"),
}


def test_what_it_says():
    rules = parse(GOOD)
    assert rules.options == (("stdint.h",), ("A=1",), ("inc",))
    assert rules.is_padding("spare_1")
    assert not rules.is_padding("pad")
    assert Rules().is_padding("__reserved_2")
    assert not Rules().is_padding("padded_size_of_it")
    where = {"file": "it.h", "line": 1}
    judged = rules.judged(
        [
            change("append", "struct caps.a", "was added", **where),
            change("rename", "A", "was named B", **where),
            change("move", "struct other.b", "moved", **where),
            change("append", "struct other.b", "was added", **where),
        ],
        "abcdef",
    )
    assert [item.severity for item in judged] == ["broken", "broken", "fine", "fine"]
    assert judged[2].reason == "nobody used it"
    assert rules.judged([change("move", "struct other.b", "moved", **where)], "123")[0].severity == "broken"


@pytest.mark.parametrize("case", BAD)
def test_what_it_cannot_say(case):
    data, message = BAD[case]
    with pytest.raises(ArgumentError, match=message):
        parse(data)
