"""Headers with one thing changed in them, and the verdict that this change deserves."""

from __future__ import annotations

import random
import re
from typing import NamedTuple

COMMENT = r"/\*(?:[^*]|\*(?!/))*\*/|//[^\n]*"
MEMBER = re.compile(  # with the comment that follows it, which may be of several lines
    rf"^(\s+)((?:uint|int|__u|__s)\w+)\s+(\w+)((?:\[\w+\])*)(\s*:\s*\d+)?;[ \t]*(?:{COMMENT})?[ \t]*\n", re.MULTILINE
)
FLAG = re.compile(r"^#define\s+(\w+)\s+\(1u?\s*<<\s*(\d+)\)[^\n]*\n", re.MULTILINE)
ENUM = re.compile(r"^enum (\w+)\s*\{\n([^{}#]*?)^\};", re.MULTILINE)
ENUMERATOR = re.compile(rf"^(\s+)([A-Z]\w+)(\s*=\s*(?:\d+|0x[0-9a-f]+))?,[ \t]*(?:{COMMENT})?[ \t]*\n", re.MULTILINE)
ROOM = re.compile("_*(pad|padding|reserved|unused|rsvd|resv|mbz|dummy|spare)")
END = re.compile("_(MAX|COUNT|LAST|END|NR|NUM|MASK|FORCE_ENUM|UNDEFINED)(_|$)|MAX_")
HOW = {
    "struct": ("insert", "swap", "move", "resize", "rename", "append", "removal", "sign", "retype", "fill"),
    "flag": ("renumber", "remove", "twice"),
    "enum": ("swap", "rename", "append", "removal", "twice"),
}
STRUCT = re.compile(r"^struct (\w+)\s*\{\n([^{}]*?)^\};", re.MULTILINE)


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
        bare = re.sub(COMMENT, "", match[2])
        if len(MEMBER.findall(bare)) == len(MEMBER.findall(match[2])) and all(
            MEMBER.match(line + "\n") or not line.strip() for line in bare.split("\n")
        ):
            found[match[1]] = match.span(2)
    return found


def mutate(text: str, seed: int) -> Mutation | None:
    """One random change; None where the header has nothing to which that kind of change could be done."""
    choice = random.Random(seed)
    where = choice.choice(("struct", "struct", "flag", "enum"))
    what = choice.choice(HOW[where])
    if where == "flag":
        return _flag(text, choice, what)
    if where == "enum":
        return _enum(text, choice, what)
    bodies = structs(text)
    if not bodies:
        return None
    name = choice.choice(sorted(bodies))
    start, stop = bodies[name]
    body = text[start:stop]
    members = list(MEMBER.finditer(body))
    if what == "fill":
        return _fill(text, start, [row for row in members if ROOM.match(row[3]) and not row[5]], choice, name)
    used = set(re.findall(r"->(\w+)", text))  # by functions of the header, which would not compile
    rows = [row for row in members if not ROOM.match(row[3]) and row[3] not in used]
    plain = [row for row in rows if not row[5]]
    if len(plain) < 4 or len(plain) != len(rows):
        return None
    if what == "append":
        end = members[-1].end()
        new = body[:end] + "    unsigned long long mutant;\n" + body[end:]
        return Mutation(what, text[:start] + new + text[stop:], {"append"}, f"struct {name}.mutant")
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


def _fill(text: str, start: int, rows: list[re.Match], choice: random.Random, struct: str) -> Mutation | None:
    """A field that takes the place of one that only took up room."""
    if not rows:
        return None
    row = choice.choice(rows)
    at, end = start + row.start(3), start + row.end(3)
    new = text[:at] + "mutant" + text[end:]
    return Mutation("fill", new, {"filled-padding"}, f"struct {struct}.mutant")


def _enum(text: str, choice: random.Random, what: str) -> Mutation | None:
    """An enumerator that changes places with the next, is gone, or new, under another name or another's number."""
    found = [
        (match, rows)
        for match in ENUM.finditer(text)
        if len(rows := list(ENUMERATOR.finditer(text, *match.span(2)))) > 3
        and not any(END.search(row[2]) for row in rows)
        and len(rows) == len([line for line in match[2].split("\n") if re.match(r"\s+[A-Za-z_]\w*\s*[=,]", line)])
    ]
    if not found:
        return None
    _, rows = choice.choice(found)
    place = choice.randrange(1, len(rows) - 2)
    row, behind = rows[place], rows[place + 1]
    prefix = row[2].rpartition("_")[0]
    if what == "append":
        new = f"{rows[-1][1]}{prefix}_MUTANT,\n"
        return Mutation(what, text[: rows[-1].end()] + new + text[rows[-1].end() :], {"added"}, f"{prefix}_MUTANT")
    if what == "rename":
        if len(re.findall(rf"\b{row[2]}\b", text)) > 1:
            return None
        new = text[: row.start(2)] + prefix + "_MUTANT" + text[row.end(2) :]
        return Mutation(what, new, {"rename"}, f"{prefix}_MUTANT")
    if what == "twice":
        new = f"{row[1]}{prefix}_MUTANT = {row[2]} + 0,\n"
        follows = behind[3] or f" = {row[2]} + 1"
        rest = text[behind.start() : behind.end(2)] + follows + text[behind.end(3) if behind[3] else behind.end(2) :]
        return Mutation(what, text[: row.end()] + new + rest, {"number-given-twice"}, f"{prefix}_MUTANT")
    if what == "removal":
        if len(re.findall(rf"\b{row[2]}\b", text)) > 1:
            return None
        return Mutation(what, text[: row.start()] + text[row.end() :], {"removal"}, row[2])
    if row[3] or behind[3]:
        return None
    new = text[: row.start()] + behind[0] + row[0] + text[behind.end() :]
    return Mutation(what, new, {"renumbered"}, row[2])


def _flag(text: str, choice: random.Random, how: str) -> Mutation | None:
    """A flag that gets another number, a free one; or is gone; or a new one that takes another's."""
    found = list(FLAG.finditer(text))
    prefixes = [match[1].rpartition("_")[0].split("_")[:3] for match in found]
    if len(found) < 8:
        return None
    row = choice.choice(found)
    own = row[1].rpartition("_")[0].split("_")[:3]  # fewer words would bring together what has nothing in common
    mates = [other for other, prefix in zip(found, prefixes, strict=True) if prefix[: len(own)] == own]
    if how == "renumber":
        new = row[0].replace(f"<< {row[2]}", "<< 40").replace("(1u ", "(1ull ").replace("(1 ", "(1ull ")
        if "<< 40" not in new:
            return None
        return Mutation(how, text[: row.start()] + new + text[row.end() :], {"renumbered"}, row[1])
    if how == "remove":
        if len([other for other in found if other[1] == row[1]]) > 1:
            return None
        return Mutation(how, text[: row.start()] + text[row.end() :], {"removal"}, row[1])
    # What is called a size or a mask may be that, and no flag
    if len(mates) < 6 or row not in mates[1:] or re.search("_(SIZE|MASK)$", row[1]):
        return None
    name = "_".join((*own, "MUTANT"))
    line = f"#define {name} (1 << {row[2]})\n"
    return Mutation(how, text[: row.end()] + line + text[row.end() :], {"number-given-twice"}, name)


def right(made: Mutation, changes: list) -> bool:
    """Do the verdicts say what was done, and of the same struct or number nothing else?"""
    name = made.subject.partition(".")[0]
    own = [change for change in changes if change.subject.partition(".")[0] == name]
    return {change.kind for change in own} == made.kinds and made.subject in [change.subject for change in own]
