"""The JSON text of capsets by Python's json module, ``to_dict`` and ``from_dict``: what the core is held to."""

from __future__ import annotations

import json
import re
import struct

from capcodec import TextError

HEX_KEYS = ("_partial", "_tail")
INFINITIES = (float("inf"), float("-inf"))


def name_of(layout) -> str:
    return f"{layout.name} {layout.schema.variant}".rstrip()


def dumps(capset) -> str:
    return _spell({"_struct": name_of(capset.layout), **_plain_struct(capset.layout, capset.to_dict())}, "\n") + "\n"


def _spell(value, newline: str) -> str:
    inner = newline + " "
    if isinstance(value, dict) and value:
        parts = [f"{json.dumps(key)}: {_spell(part, inner)}" for key, part in value.items()]
        return "{" + inner + ("," + inner).join(parts) + newline + "}"
    if isinstance(value, list) and isinstance(value[0], (dict, list)):
        return "[" + inner + ("," + inner).join(json.dumps(part) for part in value) + newline + "]"
    return json.dumps(value)


def _plain_struct(layout, given: dict) -> dict:
    rows = layout.keys
    return {
        key: _plain(rows[key], value) if key in rows else value.hex() if key in HEX_KEYS else value
        for key, value in given.items()
    }


def _plain(field, value):
    if isinstance(value, list):
        return [_plain(field, element) for element in value]
    if isinstance(value, dict):
        return _plain_struct(field.layout, value)
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return _plain_float(value, field.type == "f32") if isinstance(value, float) else value


def _plain_float(value: float, single: bool) -> float | str:
    if value != value:
        bits = struct.unpack("<Q", struct.pack("<d", value))[0]
        return f"nan:{bits >> 32 & 0x80000000 | 0xFF << 23 | bits >> 29 & 0x7FFFFF if single else bits:#x}"
    if value in INFINITIES:
        return repr(value)
    if not single:
        return value
    candidates = (float(f"{value:.{digits}g}") for digits in range(1, 10))
    return next(short for short in candidates if _packs_to(short, struct.pack("<f", value)))


def _packs_to(value: float, packed: bytes) -> bool:
    try:
        return struct.pack("<f", value) == packed
    except OverflowError:
        return False


def loads(cls, text: str):
    """Raises an error of some kind where the text is no capset's."""

    def unique(pairs):
        if len(dict(pairs)) < len(pairs):
            raise TextError("a key stands twice")
        return dict(pairs)

    def refuse(constant):
        raise TextError(constant)

    given = json.loads(text, object_pairs_hook=unique, parse_constant=refuse)
    if not isinstance(given, dict):
        raise TextError("no object")
    if given.pop("_struct", name_of(cls.layout)) != name_of(cls.layout):
        raise TextError("another struct's")
    for key in HEX_KEYS:
        if key in given:
            given[key] = bytes.fromhex(given[key])
    if type(given.get("_valid_size", 0)) is not int:
        raise TextError("the size is no number")
    return cls.from_dict(_rich_struct(cls.layout, given))


def _rich_struct(layout, given: dict) -> dict:
    rows = layout.keys
    return {key: _rich(rows[key], value, 0) if key in rows else value for key, value in given.items()}


def _rich(field, value, depth: int):
    if isinstance(value, list) and depth < len(field.dims):
        return [_rich(field, part, depth + 1) for part in value]
    if isinstance(value, dict) and field.layout is not None:
        return _rich_struct(field.layout, value)
    if isinstance(value, str) and field.type == "char":
        return value.encode("latin-1")
    if isinstance(value, str) and field.type in ("f32", "f64"):
        return _rich_float(field, value)
    if isinstance(value, float) and value in INFINITIES:
        raise TextError("not finite")
    return value


def _rich_float(field, value: str) -> float:
    if value in ("inf", "-inf"):
        return float(value)
    width, fraction = (32, 23) if field.type == "f32" else (64, 52)
    top = (1 << width - 1) - (1 << fraction)
    bits = int(re.fullmatch("nan:(?:0[xX])?([0-9a-fA-F]+)", value)[1], 16)
    if bits & top != top or not bits & (1 << fraction) - 1 or bits >> width:
        raise TextError("no NaN")
    if field.type == "f32":
        bits = (bits & 0x80000000) << 32 | 0x7FF << 52 | (bits & 0x7FFFFF) << 29
    return struct.unpack("<d", struct.pack("<Q", bits))[0]
