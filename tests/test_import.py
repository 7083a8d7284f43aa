"""What importing the package costs, and who may know whom."""

from __future__ import annotations

import ast
import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import capcodec

PACKAGE = Path(capcodec.__file__).parent
SITE = str(PACKAGE.parent)
UNWANTED = ["socket", "ctypes", "argparse", "json", "dataclasses", "inspect", "numpy", "typing", "enum", "re", "rich"]

# What a module may import of the package, below it in the order: schema, layout, core, classes, meaning, screens
LAYERS = [
    {"errors"},
    {"schema", "structs", "files", "vtest"},
    {
        "structs.field",
        "capsets",
        "capsets.drm_hw",
        "capsets.venus_hw",
        "capsets.virgl_formats",
        "capsets.virgl_hw",
        "capsets.virglrenderer_releases",
        "capsets.virtgpu_gfxstream_protocol",
        "capsets.vk_xml",
    },
    {
        "capsets.apir",
        "capsets.cross_domain",
        "capsets.drm",
        "capsets.gfxstream",
        "capsets.venus",
        "capsets.virgl",
    },
    {"structs.field_errors"},
    {"structs.abi"},
    {"structs.layout"},
    {"structs.columns"},
    {"structs._core"},
    {"structs.methods", "structs.json_text", "structs.define"},
    {"registry", "captures", ""},
    {"meaning", "meaning.mesa_rules", "meaning.releases", "meaning.walk"},
    {"meaning.formats", "meaning.guest_view", "meaning.release_0_9", "meaning.vulkan"},
    {"meaning.identify_rules", "meaning.lint_rules", "meaning.vocabularies"},
    {"meaning.identify", "meaning.lint"},
    {"meaning.diff", "meaning.gl", "messages", "messages.drm_ioctl", "messages.virtio_gpu", "vtest.protocol"},
    {"files.capset_file", "files.c_array", "files.dmesg"},
    {"files.hexdump"},
    {"meaning.describe", "measure", "flow.party", "flow.memory"},
    {"flow.host"},
    {"flow.vmm"},
    {"flow.kernel"},
    {"flow.guest"},
    {"flow.negotiation"},
    {"flow", "flow.matrix"},
    {"sources", "vtest.wire", "sources._fill_caps"},
    {"sources.render_node", "sources.virglrenderer", "vtest.client"},
    {"vtest.session"},
    {"vtest.server"},
    {"cli.screen", "cli.arguments", "cli.edit"},
    {"cli.bench", "cli.copy", "cli.demo", "cli.diff", "cli.flow", "cli.guest", "cli.identify", "cli.lint", "cli.probe"},
    {"cli.dmesg", "cli.dump", "cli.file", "cli.gl", "cli.serve", "cli.show"},
    {"cli", "__main__"},
]


def python(code: str) -> str:
    """Run in a fresh interpreter that has only the package's own site, and no start-up files."""
    code = f"import sys; sys.path.insert(0, {SITE!r}); {code}"
    return subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True, capture_output=True, text=True).stdout


def test_what_stays_unimported():
    found = python(f"import capcodec; print([name for name in {UNWANTED} if name in sys.modules])")
    assert found.strip() == "[]"


def test_import_opens_no_files_but_its_own():
    opened = python(
        "opened = []; sys.addaudithook(lambda event, args: event == 'open' and opened.append(str(args[0]))); "
        "import capcodec; print(*opened, sep='\\n')"
    ).split()
    assert opened
    assert [name for name in opened if not name.endswith((".py", ".pyc", ".so"))] == []


def modules():
    for path in PACKAGE.rglob("*.py"):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        yield name.removesuffix("__init__").rstrip("."), path


def imports_of(name: str, path: Path, everywhere: bool):
    """Modules of the package that a module imports: at its top only, or anywhere but for type checkers."""
    tree = ast.parse(path.read_text())
    package = name.split(".") if path.name == "__init__.py" and name else name.split(".")[:-1]
    nodes = [node for node in tree.body if not isinstance(node, ast.If)]
    for top in nodes:
        for node in ast.walk(top) if everywhere or isinstance(top, (ast.ImportFrom, ast.Try)) else ():
            if isinstance(node, ast.ImportFrom) and node.level:
                base = package[: len(package) - node.level + 1] + (node.module.split(".") if node.module else [])
                for alias in node.names:
                    full = ".".join([*base, alias.name])
                    yield full if full in MODULES else ".".join(base)


MODULES = {name for name, _ in modules()} | {"structs._core"}


def test_modules_know_only_what_is_below_them():
    level = {name: i for i, names in enumerate(LAYERS) for name in names}
    assert set(level) == MODULES, "a new module has to find its place in the order above"
    for name, path in modules():
        for imported in imports_of(name, path, everywhere=False):
            assert level[imported] <= level[name], f"{name} imports {imported}, which stands above it"
            assert imported != name


def test_missing_extension_says_how_to_build_it(tmp_path):
    """A source tree without the compiled module must not import, and not pretend."""
    tree = tmp_path / "capcodec"
    for name, path in modules():
        target = tree / path.relative_to(PACKAGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text())
        assert name is not None
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import capcodec"],
        capture_output=True,
        text=True,
    )
    assert result.returncode != 0
    assert "ImportError: capcodec's extension module is not built here" in result.stderr
    assert "pip install ." in result.stderr


def test_what_is_public_is_there():
    assert sorted(capcodec.__all__) == capcodec.__all__
    for name in capcodec.__all__:
        assert getattr(capcodec, name).__doc__
    assert (PACKAGE / "py.typed").is_file()
    assert (PACKAGE / "structs" / "_core.pyi").is_file()


@pytest.mark.parametrize("module", [capcodec, capcodec.schema])
def test_examples_in_docstrings(module):
    if module is capcodec:
        assert doctest.testmod(module).attempted
    assert doctest.testmod(module).failed == 0
