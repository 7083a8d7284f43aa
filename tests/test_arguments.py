"""Careless callers: whatever is given, a function takes it, or an error of ours says in one line what was wrong."""

from __future__ import annotations

import importlib.util
import inspect

import pytest

import capcodec
from capcodec import Batch, CapcodecError, VirglCapsV2, captures, fleet, measure, registry, schema
from capcodec.files import c_array, capset_file, dmesg, hexdump, saved
from capcodec.meaning import formats, releases
from capcodec.testing import captured, strategies

BLOB = captures.load(captures.names(2)[-1])
CAPS = VirglCapsV2.unpack(BLOB)
BATCH = Batch(VirglCapsV2, BLOB * 2, len(BLOB))
ONE = schema.struct("one", schema.u32("a"))
GIVEN = [
    *(None, True, 0, -1, 1 << 70, 1.5, float("nan"), "", "x", "é\0\udcff", b"", b"\xff", (1,), [], {}, {"a": 1}),
    *(object(), VirglCapsV2, CAPS, memoryview(bytes(8))[::2]),
]

# Each public function with one of its arguments left open
BASELINE = fleet.baseline({"a": BLOB})
CALLS = {
    "Batch": [
        lambda x: Batch(x, b"", 1),
        lambda x: Batch(VirglCapsV2, x, 4),
        lambda x: Batch(VirglCapsV2, BLOB, x),
        lambda x: Batch(VirglCapsV2, BLOB, 4, x),
    ],
    "Batch.of": [lambda x: Batch.of(x, []), lambda x: Batch.of(VirglCapsV2, x), lambda x: Batch.of(VirglCapsV2, [x])],
    "Batch.column": [BATCH.column],
    "Batch.columns": [BATCH.columns, lambda x: BATCH.columns(["glsl_level"], out=x)],
    "VirglCapsV2": [VirglCapsV2, lambda x: VirglCapsV2(max_samples=x), lambda x: VirglCapsV2(sample_locations=x)],
    "VirglCapsV2.unpack": [VirglCapsV2.unpack],
    "VirglCapsV2.view": [VirglCapsV2.view],
    "VirglCapsV2.from_dict": [VirglCapsV2.from_dict],
    "VirglCapsV2.from_json": [VirglCapsV2.from_json],
    "VirglCapsV2.zeros": [VirglCapsV2.zeros],
    "VirglCapsV2.guest_defaults": [VirglCapsV2.guest_defaults],
    "VirglCapsV2.has_field": [CAPS.has_field],
    "capset_for": [capcodec.capset_for, lambda x: capcodec.capset_for(2, x)],
    "define": [capcodec.define, lambda x: capcodec.define(ONE, module=x)],
    "class_of": [registry.class_of, lambda x: registry.class_of(BLOB, x)],
    "diff": [
        lambda x: capcodec.diff(x, BLOB),
        lambda x: capcodec.diff(BLOB, x),
        lambda x: capcodec.diff(BLOB, BLOB, x),
    ],
    "baseline": [fleet.baseline, lambda x: fleet.baseline([x]), lambda x: fleet.baseline([BLOB], x), BASELINE.loses],
    "fits": [lambda x: fleet.fits(x, [BLOB]), lambda x: fleet.fits(BLOB, x), lambda x: fleet.fits(BLOB, [BLOB], x)],
    "gl": [
        capcodec.gl,
        lambda x: capcodec.gl(BLOB, capset_id=x),
        lambda x: capcodec.gl(BLOB, mesa=x),
    ],
    "guest_view": [
        capcodec.guest_view,
        lambda x: capcodec.guest_view(BLOB, x),
        lambda x: capcodec.guest_view(BLOB, None, x),
    ],
    "identify": [capcodec.identify, lambda x: capcodec.identify(BLOB, x)],
    "lint": [capcodec.lint, lambda x: capcodec.lint(BLOB, x)],
    "min_copy": [
        lambda x: capcodec.min_copy(x, BLOB),
        lambda x: capcodec.min_copy(bytearray(8), x),
        lambda x: capcodec.min_copy(bytearray(8), BLOB, tail=x),
    ],
    "min_copy_many": [
        lambda x: capcodec.min_copy_many(x, BLOB, 4, 4),
        lambda x: capcodec.min_copy_many(bytearray(8), x, 4, 4),
        lambda x: capcodec.min_copy_many(bytearray(8), BLOB, x, 4, 1),
        lambda x: capcodec.min_copy_many(bytearray(8), BLOB, 4, x, 1),
        lambda x: capcodec.min_copy_many(bytearray(8), BLOB, 4, 4, x),
        lambda x: capcodec.min_copy_many(bytearray(8), BLOB, 4, 4, 1, dst_size=x),
        lambda x: capcodec.min_copy_many(bytearray(8), BLOB, 4, 4, 1, src_size=x),
    ],
    "numpy_dtype": [capcodec.numpy_dtype, lambda x: capcodec.numpy_dtype(VirglCapsV2, x)],
    "registry.class_named": [registry.class_named],
    "registry.decoded": [registry.decoded, lambda x: registry.decoded(BLOB, x)],
    "registry.find": [registry.find],
    "registry.guess": [registry.guess, lambda x: registry.guess(160, x)],
    "measure.counts_up_to": [measure.counts_up_to],
    "captures.load": [captures.load],
    "captures.names": [captures.names],
    "captured.load": [captured.load],
    "captured.captured": [captured.captured, lambda x: captured.captured(2, x)],
    "strategies.capsets": [strategies.capsets, lambda x: strategies.capsets(VirglCapsV2, size=x)],
    "strategies.plausible": [strategies.plausible],
    "strategies.hostile": [strategies.hostile],
    "strategies.values": [strategies.values],
    "formats.format_name": [formats.format_name, lambda x: formats.format_name(1, x)],
    "formats.format_names": [formats.format_names],
    "formats.format_number": [formats.format_number, lambda x: formats.format_number("NONE", x)],
    "releases.release_named": [releases.release_named],
    "releases.in_release": [lambda x: releases.in_release("0.9.0", x)],
    "releases.size_in": [lambda x: releases.size_in(VirglCapsV2, x)],
    "c_array.parse": [c_array.parse],
    "capset_file.load": [capset_file.load],
    "capset_file.dump": [capset_file.dump],
    "capset_file.find": [lambda x: capset_file.find((), x), lambda x: capset_file.find((), 1, x)],
    "dmesg.is_log": [dmesg.is_log],
    "dmesg.read": [dmesg.read],
    "hexdump.parse": [hexdump.parse, lambda x: hexdump.parse("00", x)],
    "hexdump.dump": [lambda x: hexdump.dump(x, "xxd"), lambda x: hexdump.dump(b"a", x)],
    "hexdump.recognized": [hexdump.recognized],
    "hexdump.style_of_lines": [hexdump.style_of_lines],
    "saved.load": [saved.load, lambda x: saved.load(BLOB, x), lambda x: saved.load(BLOB, None, x)],
    "saved.load_all": [saved.load_all, lambda x: saved.load_all(BLOB, x), lambda x: saved.load_all(BLOB, None, x)],
    "saved.recognize": [saved.recognize],
    "saved.is_text": [saved.is_text],
}

MODULES = [registry, captures, captured, strategies, formats, c_array, capset_file, dmesg, hexdump, saved]
if importlib.util.find_spec("pyarrow") is not None:
    from capcodec.fleet import conditions, description, parquet, records

    (FLEET,) = records.records([("a", 2, BLOB)])
    CALLS |= {
        "records.records": [
            lambda x: list(records.records(x)),
            lambda x: list(records.records([x])),
            lambda x: list(records.records([("a", 2, BLOB)], x)),
            *(lambda x, place=place: list(records.records([each_but(place, x)])) for place in range(3)),
        ],
        "records.fleet_of": [records.fleet_of],
        "records.of_capset": [lambda x: records.of_capset(FLEET, x)],
        "description.describe": [description.describe, lambda x: description.describe(FLEET, x)],
        "conditions.selected": [
            lambda x: conditions.selected(x, []),
            lambda x: conditions.selected(FLEET, x),
            lambda x: conditions.selected(FLEET, [x]),
            lambda x: conditions.selected(FLEET, [], x),
            *(lambda x, place=place: conditions.selected(FLEET, [condition(place, x)]) for place in range(3)),
        ],
        "conditions.Condition.of": [conditions.Condition.of],
        "parquet.write": [lambda x: parquet.write("/dev/null", x), lambda x: parquet.write("/dev/null", [x])],
        "parquet.read": [lambda x: list(parquet.read(x if not isinstance(x, (str, bytes)) else 5))],
    }
    MODULES += [records, description, conditions, parquet]


def each_but(place: int, given: object) -> list:
    return [given if at == place else value for at, value in enumerate(("a", 2, BLOB))]


def condition(place: int, given: object) -> object:
    return conditions.Condition(*(given if at == place else part for at, part in enumerate(("max_samples", "=", "1"))))


def message_of(call, given):
    """Of the error; None if the argument was taken."""
    try:
        call(given)
    except CapcodecError as error:
        return str(error)
    return None


@pytest.mark.parametrize("calls", CALLS.values(), ids=CALLS)
def test_whatever_is_given(calls):
    for call in calls:
        for given in GIVEN:
            message = message_of(call, given)
            assert message is None or (0 < len(message) < 400 and "\n" not in message)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_no_function_is_left_out(module):
    functions = [found for found in vars(module).values() if inspect.isfunction(found)]
    own = {found.__name__ for found in functions if found.__module__ == module.__name__ and found.__name__[0] != "_"}
    tried = {name.split(".")[-1] for name in CALLS}
    assert own <= tried


def test_no_function_of_the_package_is_left_out():
    functions = {name for name in capcodec.__all__ if inspect.isroutine(getattr(capcodec, name))}
    assert functions - {"get_include"} <= {*CALLS}  # which takes no argument
