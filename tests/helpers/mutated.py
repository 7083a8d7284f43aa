"""Headers with one thing changed in them, and the verdict that this change deserves."""

from __future__ import annotations

import random
import re
from typing import NamedTuple

MEMBER = re.compile(r"^(\s+)((?:uint|int|__u|__s)\w+)\s+(\w+)((?:\[\w+\])*)(\s*:\s*\d+)?;[^\n]*\n", re.MULTILINE)
FLAG = re.compile(r"^#define\s+(\w+)\s+\(1u?\s*<<\s*(\d+)\)[^\n]*\n", re.MULTILINE)
STRUCT = re.compile(r"^struct (\w+)\s*\{\n((?:[^{}]|\n)*?)^\};", re.MULTILINE)


class Mutation(NamedTuple):
    """A changed header.

    Attributes:
        what: was done.
        text: of the header.
        kinds: of the verdicts that are right for it.
        subject: what they name.
    """

    what: str
    text: str
    kinds: set[str]
    subject: str


def structs(text: str) -> dict[str, tuple[int, int]]:
    """Where the bodies of the plain structs of a header stand: those whose lines are all members of numbers."""
    found = {}
    for match in STRUCT.finditer(text):
        bare = re.sub(r"/\*.*?\*/|//[^\n]*", "", match[2], flags=re.DOTALL)
        if all(MEMBER.match(line + "\n") or not line.strip() for line in bare.split("\n")):
            found[match[1]] = match.span(2)
    return found


def mutate(text: str, seed: int) -> Mutation | None:
    """One random change; None where the header has nothing to which that kind of change could be done."""
    choice = random.Random(seed)
    what = choice.choice(("insert", "swap", "move", "resize", "rename", "append", "removal", "sign", "retype", "flag"))
    if what == "flag":
        return _flag(text, choice)
    bodies = structs(text)
    if not bodies:
        return None
    name = choice.choice(sorted(bodies))
    start, stop = bodies[name]
    body = text[start:stop]
    rows = [row for row in MEMBER.finditer(body) if not re.match("_*(pad|reserved|unused|rsvd|resv|mbz)", row[3])]
    plain = [row for row in rows if not row[5]]
    if len(plain) < 4 or len(plain) != len(rows):
        return None
    made = _changed(body, what, plain, choice, name)
    return made and made._replace(text=text[:start] + made.text + text[stop:])


def _changed(body: str, what: str, rows: list[re.Match], choice: random.Random, struct: str) -> Mutation | None:
    def result(text: str, kinds: set[str], field: str) -> Mutation:
        return Mutation(what, text, kinds, f"struct {struct}.{field}")

    at = choice.randrange(len(rows) - 1)
    row = rows[at]
    if what == "insert":  # as wide as what stands behind it, so that no padding can swallow it
        wide = "unsigned long long" if "64" in row[2] else "unsigned int"
        if not any(width in row[2] for width in ("32", "64")):
            return None
        return result(body[: row.start()] + f"    {wide} mutant;\n" + body[row.start() :], {"insertion"}, "mutant")
    if what == "append":
        end = rows[-1].end()
        return result(body[:end] + "    unsigned long long mutant;\n" + body[end:], {"append"}, "mutant")
    if what == "removal":
        return result(body[: row.start()] + body[row.end() :], {"removal"}, row[3])
    if what in ("swap", "move"):
        other = rows[at + 1] if what == "swap" else choice.choice(rows)
        first, second = sorted((row, other), key=lambda match: match.start())
        if first is second or (first[2], first[4]) != (second[2], second[4]):
            return None
        if what == "move":  # to behind the other
            text = body[: first.start()] + body[first.end() : second.end()] + first[0] + body[second.end() :]
        else:
            between = body[first.end() : second.start()]
            text = body[: first.start()] + second[0] + between + first[0] + body[second.end() :]
        return result(text, {"move"}, first[3])
    if what == "rename":
        new = row[0].replace(row[3], "mutant", 1) if row[2].find(row[3]) < 0 else None
        return new and result(body[: row.start()] + new + body[row.end() :], {"rename"}, "mutant")
    if what == "resize":
        new = f"    {row[2]} {row[3]}{row[4]}[2];\n"
        return result(body[: row.start()] + new + body[row.end() :], {"resize"}, row[3])
    if what == "sign":
        signed = re.match(r"(?:u|__u)?", row[2])[0]
        bits = re.search(r"\d+", row[2])[0]
        new = f"{'__s' if signed else '__u'}{bits}".replace("__s", "signed ").replace("__u", "unsigned ")
        c_type = {"8": "char", "16": "short", "32": "int", "64": "long long"}[bits]
        new = f"    {new.split()[0]} {c_type} {row[3]}{row[4]};\n"
        return result(body[: row.start()] + new + body[row.end() :], {"signedness"}, row[3])
    if what == "retype":
        c_type = {"32": "float", "64": "double"}.get((re.search(r"\d+", row[2]) or [""])[0])
        new = f"    {c_type} {row[3]}{row[4]};\n"
        return c_type and result(body[: row.start()] + new + body[row.end() :], {"retype"}, row[3])
    return None


def _flag(text: str, choice: random.Random) -> Mutation | None:
    """A flag that gets another number, a free one; or is gone; or a new one that takes another's."""
    found = list(FLAG.finditer(text))
    prefixes = [match[1].rpartition("_")[0].split("_")[:2] for match in found]
    if len(found) < 8:
        return None
    row = choice.choice(found)
    mates = [other for other, prefix in zip(found, prefixes, strict=True) if prefix == row[1].split("_")[:2]]
    how = choice.choice(("renumber", "remove", "twice"))
    if how == "renumber":
        new = row[0].replace(f"<< {row[2]}", "<< 40").replace("(1u ", "(1ull ").replace("(1 ", "(1ull ")
        if "<< 40" not in new:
            return None
        return Mutation(how, text[: row.start()] + new + text[row.end() :], {"renumbered"}, row[1])
    if how == "remove":
        if len([other for other in found if other[1] == row[1]]) > 1:
            return None
        return Mutation(how, text[: row.start()] + text[row.end() :], {"removal"}, row[1])
    if len(mates) < 6 or row not in mates[1:]:
        return None
    name = "_".join((*row[1].split("_")[:2], "MUTANT"))
    line = f"#define {name} (1 << {row[2]})\n"
    return Mutation(how, text[: row.end()] + line + text[row.end() :], {"number-given-twice"}, name)
