"""The pytest plugin of :mod:`capcodec.testing`.

It stands beside the package, since importing a part of that imports its core. Here nothing of it is imported before a
test asks for it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from capcodec.testing import Capture
    from capcodec.testing.golden import Golden

MARK = "capset_captures(capset_id=None, releases=None): which of the real capsets the fixture capset_capture gives"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add an option of the command line."""
    group = parser.getgroup("capcodec", "capsets")
    group.addoption(
        "--update-capsets", action="store_true", help="write golden files of capsets in place of comparing with them"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest the mark, and syrupy what a capset is."""
    config.addinivalue_line("markers", MARK)
    if config.pluginmanager.hasplugin("syrupy"):
        _teach_syrupy(config)


def is_capset(value: object) -> bool:
    """Is it an instance of a struct? None can be if nobody has imported the core."""
    core: Any = sys.modules.get("capcodec.structs._classes")
    return core is not None and isinstance(value, core.Struct)


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Say which fields of two instances differ."""
    if op != "==":
        return None
    where = ""
    if isinstance(left, (list, tuple)) and type(left) is type(right) and len(left) == len(right):
        differing = [place for place, (ours, theirs) in enumerate(zip(left, right, strict=True)) if ours != theirs]
        if not differing:
            return None
        where = f" at index {differing[0]}"
        left, right = left[differing[0]], right[differing[0]]
    if not (is_capset(left) and is_capset(right)):
        return None
    from capcodec.testing.compare import explain

    kinds = dict.fromkeys(type(value).__name__ for value in (left, right))
    who = " and ".join(f"a {kind}" for kind in kinds) if len(kinds) > 1 else f"two {type(left).__name__}"
    return [f"{who} differ{where}", *explain(left, right)]  # type: ignore[arg-type]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each real capset, if it asks for one."""
    if "capset_capture" not in metafunc.fixturenames:
        return
    from capcodec import CapcodecError
    from capcodec.testing.captured import captured

    mark = metafunc.definition.get_closest_marker("capset_captures")
    wrong = "there are no such captures"
    try:
        found = captured(*mark.args, **mark.kwargs) if mark else captured()
    except (CapcodecError, TypeError) as error:
        found, wrong = [], str(error)
    if not found:
        pytest.fail(f"{metafunc.definition.nodeid}: capset_captures: {wrong}", pytrace=False)
    ids = [capture.name.removesuffix(".bin") for capture in found]
    metafunc.parametrize("capset_capture", found, ids=ids, indirect=True)


@pytest.fixture
def capset_capture(request: pytest.FixtureRequest) -> Capture:
    """A real capset: its ``data``, its ``release``, a new instance as ``caps``. The test runs once for each."""
    found: Capture = request.param
    return found


@pytest.fixture
def capset_golden(request: pytest.FixtureRequest) -> Golden:
    """``capset_golden(caps)`` compares an instance with the test's golden file, in a folder named as its module."""
    from capcodec.testing.golden import Golden

    path = request.node.path
    cls = f"{request.cls.__name__}." if request.cls else ""
    return Golden(path.parent / path.stem, cls + request.node.name, request.config.getoption("--update-capsets"))


def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> None:
    """Tell pytest-regressions what a capset is."""
    if fixturedef.argname == "data_regression" and "capcodec.structs._classes" in sys.modules:
        from json import loads

        from pytest_regressions.data_regression import RegressionYamlDumper

        from capcodec import Array, Struct

        def represented(dumper: Any, caps: Any) -> Any:
            return _a_line_each(dumper.represent_data(loads(caps.to_json())))

        def as_a_list(dumper: Any, array: Any) -> Any:
            return _a_line_each(dumper.represent_data(array.tolist()))

        RegressionYamlDumper.add_custom_yaml_representer(Struct, represented)
        RegressionYamlDumper.add_custom_yaml_representer(Array, as_a_list)


def _a_line_each(node: Any, inline: bool = False) -> Any:
    """The YAML of a capset with its arrays on one line each, as in its JSON: no diff is then too long to be shown."""
    if node.id == "sequence":
        node.flow_style = inline or all(element.id == "scalar" for element in node.value)
        for element in node.value:
            _a_line_each(element, inline=True)
    elif node.id == "mapping":
        node.flow_style = inline
        for _, value in node.value:
            _a_line_each(value, inline)
    return node


def _teach_syrupy(config: pytest.Config) -> None:
    """Let snapshots keep the whole text: syrupy itself would keep the ``repr``, which leaves most fields out."""
    from collections import OrderedDict
    from json import loads

    try:
        from syrupy.extensions.amber.serializer import AmberDataSerializer, AmberDataSerializerPlugin
        from syrupy.extensions.json import JSONSnapshotExtension

        filtered: Any = vars(JSONSnapshotExtension)["_filter"].__func__
    except (ImportError, LookupError):
        warning = pytest.PytestConfigWarning("this syrupy keeps no more of a capset than its repr; newer ones keep all")
        config.issue_config_time_warning(warning, 2)
        return

    class CapsetSerializer(AmberDataSerializerPlugin):
        @classmethod
        def is_data_serializable(cls, data: Any) -> bool:
            return is_capset(data)

        @classmethod
        def serialize(cls, data: Any, *, depth: int = 0, **others: Any) -> str:
            return "\n".join("  " * depth + line for line in data.to_json().splitlines())

    AmberDataSerializer.serializer_plugins = (*(AmberDataSerializer.serializer_plugins or ()), CapsetSerializer)

    def _filter(cls: Any, /, data: Any, **others: Any) -> Any:
        data = loads(data.to_json(), object_pairs_hook=OrderedDict) if is_capset(data) else data
        return filtered(cls, data=data, **others)

    JSONSnapshotExtension._filter = classmethod(_filter)  # type: ignore[assignment]
