"""What breaks between two revisions of virgl_hw.h, from their text and from what gcc said of their structs.

A second opinion on the gate, which shares nothing with it: names and numbers as a person reads them in the text,
layouts from ``virgl_layout_history.json``. It says what broke, and not how.
"""

from __future__ import annotations

import re

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
DEFINE = re.compile(r"^#define[ \t]+(\w+)[ \t]+(\S.*)$", re.MULTILINE)
ENUM = re.compile(r"\benum\s+(\w+)\s*\{(.*?)\}", re.DOTALL)
STRUCT = re.compile(r"^\s*(struct|union)\s+(\w+)\s*\{", re.MULTILINE)
FAMILY = re.compile(r"VIRGL_CAP_V2|[A-Z0-9]+_[A-Z0-9]+|\w+")
UNUSED = re.compile(r"^(reserved|unused|pad)")
BEHIND_THE_LAST = {"VIRGL_FORMAT_MAX"}  # "Below formats must not be used in the guest", says the header behind it


def numbers(text: str) -> dict[str, tuple[str, int]]:
    """Family and number of each name that has one: an enum, or the first two words of a macro's name."""
    bare = COMMENT.sub(" ", text)
    found: dict[str, tuple[str, int]] = {}
    for family, body in ENUM.findall(bare):
        value = -1
        for item in filter(str.strip, body.split(",")):
            name, _, said = (part.strip() for part in item.partition("="))
            value = _value(said, found) if said else value + 1
            if name in BEHIND_THE_LAST:
                break
            found[name] = family, value
    for name, body in DEFINE.findall(bare):
        number = _value(body.strip(), found)
        if number is not None:
            found[name] = FAMILY.match(name)[0], number
    return found


def _value(text: str, known: dict[str, tuple[str, int]]) -> int | None:
    """Of ``5``, ``0x10``, ``(1u << 3)``, and of another name that stands for a number; None of anything else."""
    text = re.sub(r"\b(\d+|0x[0-9a-fA-F]+)[uU]\b", r"\1", text.strip())
    if text in known:
        return known[text][1]
    if re.fullmatch(r"[()\s<0-9xa-fA-F]+", text):
        return int(eval(text)) & 0xFFFFFFFF  # digits, shifts and parentheses, as fullmatch says
    return None


def broken_names(old: str, new: str) -> set[str]:
    """Names of flags, formats and commands that are gone, have another number, or one that was given before."""
    before, after = numbers(old), numbers(new)
    fresh = {place: name for name, place in after.items() if name not in before}
    aliases = {name for name, body in DEFINE.findall(COMMENT.sub(" ", new)) if body.strip() in after}
    found = {
        name for name, place in before.items()
        if (after[name][1] != place[1] if name in after else place not in fresh)
    }  # fmt: skip
    enums = {family for family, _ in ENUM.findall(COMMENT.sub(" ", new))}
    for name, place in after.items():
        if name not in before and name not in aliases and (place[0] in enums or not place[1] & (place[1] - 1)):
            found |= {name for other in before if other not in aliases and after.get(other) == place == before[other]}
    return found


def broken_structs(old: str, new: str) -> set[str]:
    """Names of structs and unions that are gone."""
    before, after = ({name for _, name in STRUCT.findall(COMMENT.sub(" ", text))} for text in (old, new))
    return before - after


def broken_layouts(old: dict, new: dict) -> set[str]:
    """Names of structs of which gcc lays a field otherwise than before: elsewhere, or wider, or not at all."""
    return {name for name in old if name in new and not _kept(old[name], new[name])}


def _kept(old: dict, new: dict) -> bool:
    places = {_place(field) for field in new["fields"]}
    names = {field["name"]: _place(field) for field in new["fields"]}
    return all(
        names[field["name"]] == _place(field) if field["name"] in names else _place(field) in places
        for field in old["fields"]
        if not UNUSED.match(field["name"])
    )


def _place(field: dict) -> tuple:
    """Place and size. A nested struct may grow, as the last thing that moves nothing."""
    if "bit_size" in field:
        return "bit", field["bit_offset"], field["bit_size"]
    return "byte", field["offset"], str(field.get("count"))
