"""How long until a capset is JSON text that reads well, and until such text is an instance again?

No rival knows the form: char arrays are decoded beforehand, and what they read stays a dict.
"""

from __future__ import annotations

import json

import orjson
import pytest

import rivals
from capcodec import VirglCapsV2


def decoded(value):
    """What JSON can hold."""
    if isinstance(value, dict):
        return {key: decoded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [decoded(part) for part in value]
    return value.decode("latin-1") if isinstance(value, bytes) else value


CAPSET = VirglCapsV2.unpack(rivals.DATA)
NAMES = {
    "VirglCapsV2": VirglCapsV2,
    "capset": CAPSET,
    "indented": orjson.OPT_INDENT_2,
    "json": json,
    "orjson": orjson,
    "text": CAPSET.to_json(),
    "values": decoded(CAPSET.to_dict()),
}
TO_JSON = {
    "capcodec": "capset.to_json()",
    "to_dict and orjson": "capset.to_dict(); orjson.dumps(values, option=indented)",
    "json of a dict": "json.dumps(values, indent=2)",
}
FROM_JSON = {
    "capcodec": "VirglCapsV2.from_json(text)",
    "json, to a dict": "json.loads(text)",
    "orjson, to a dict": "orjson.loads(text)",
}


@pytest.mark.parametrize("who", TO_JSON)
def test_to_json(measure, who):
    measure("to_json", TO_JSON[who], NAMES, statements=100)


@pytest.mark.parametrize("who", FROM_JSON)
def test_from_json(measure, who):
    measure("from_json", FROM_JSON[who], NAMES, statements=100)


def test_rivals_read_the_same_values():
    expected = {"_struct": "virgl_caps_v2", **NAMES["values"]}
    assert json.loads(NAMES["text"]) == orjson.loads(NAMES["text"]) == expected
