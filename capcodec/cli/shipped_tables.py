"""What is harvested from virglrenderer, and which table of which data module it becomes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from ..capsets import venus, virgl
from ..capsets.virglrenderer_releases import RELEASES
from ..errors import HeaderError
from ..structs.layout import layout_of
from ..upstream import data_modules, harvest
from ..upstream.header import Options
from ..upstream.history import History
from ..upstream.repository import Repository
from ..upstream.rules_file import Rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..schema import Schema
    from ..upstream.harvest import Past
    from ..upstream.model import Field

LIBDRM = ("/usr/include/libdrm", "/usr/include/drm")  # of drm_hw.h with ENABLE_DRM_AMDGPU
DRM = "virgl_renderer_capset_drm"


class Harvest(NamedTuple):
    """What was harvested.

    Attributes:
        tables: text of tables by name, by the name of their module.
        remarks: what a person has to look at.
        fields: new ones, with the module and the struct in it that get them.
    """

    tables: dict[str, dict[str, str]]
    remarks: list[str]
    fields: list[tuple[str, str, list[Field]]]


def harvested(path: str, newest: str = "") -> Harvest:
    """All that a repository of virglrenderer says.

    Raises:
        RepositoryError: git does not have what is needed.
        HeaderError: a header cannot be read.
    """
    repository = Repository(path)

    def past(header: str, *defines: str) -> Past:
        directories = tuple(filter(os.path.isdir, LIBDRM)) if "ENABLE_DRM_AMDGPU" in defines else ()
        # Before d1d572ef4d3e venus's struct stood behind this switch
        options = Options(("stdint.h",), ("VIRGL_RENDERER_UNSTABLE_APIS", *defines), directories)
        return harvest.Past(History(repository, Rules(options), newest), header)

    hw = past("src/virgl_hw.h")
    found = Harvest({}, [], [])
    _virgl(hw, found)
    _formats(hw, found)
    of_venus = past("src/venus_hw.h")
    name = "virgl_renderer_capset_venus"
    found.tables["venus_hw.py"] = _marks({name.upper(): harvest.fields(of_venus, [name], Rules().is_padding)})
    _new_fields(of_venus, found, "venus.py", venus.virgl_renderer_capset_venus)
    of_drm, with_amdgpu = past("src/drm_hw.h"), past("src/drm_hw.h", "ENABLE_DRM_AMDGPU")
    found.tables["drm_hw.py"] = _marks(
        {
            "MSM": harvest.fields(of_drm, [DRM, "u", "msm"], Rules().is_padding, sized=False),
            "AMDGPU": harvest.fields(of_drm, [DRM, "u", "amdgpu"], Rules().is_padding, sized=False),
            "UNION": harvest.fields(of_drm, [DRM, "u"], Rules().is_padding),
            "UNION_WITH_ENABLE_DRM_AMDGPU": harvest.fields(with_amdgpu, [DRM, "u"], Rules().is_padding),
            DRM.upper(): harvest.fields(of_drm, [DRM], Rules().is_padding, until="pad"),
        }
    )
    return found


def _marks(tables: dict[str, dict[str, harvest.Origin]]) -> dict[str, str]:
    return {name: data_modules.marks(name, origins) for name, origins in tables.items()}


def _virgl(past: Past, found: Harvest) -> None:
    """Capsets 1 and 2: fields, flags, and the layouts that are gone."""
    is_padding = Rules().is_padding
    tables, names = {}, {}
    for struct in ("virgl_caps_bool_set1", "virgl_caps_v1", "virgl_caps_v2"):
        origins = harvest.fields(past, [struct], is_padding, sized=struct != "virgl_caps_bool_set1")
        tables[struct.upper()] = data_modules.marks(struct.upper(), origins)
    for name, prefix, without in (("VIRGL_CAP", "VIRGL_CAP_", "VIRGL_CAP_V2_"), ("VIRGL_CAP_V2", "VIRGL_CAP_V2_", "")):
        flags, brought = harvest.flags(past, prefix, without)
        names[name] = data_modules.names(name, flags, brought)
        tables[name] = data_modules.marks(name, brought)
    for name, schema, variant in (
        ("VIRGL_CAPS_BOOL_SET1_BEFORE_03E3116A", virgl.virgl_caps_bool_set1, "before-03e3116a"),
        ("VIRGL_CAPS_V2_BEFORE_3222F87B", virgl.virgl_caps_v2, "before-3222f87b"),
        ("VIRGL_CAPS_V2_0_9_0", virgl.virgl_caps_v2, "0.9.0"),
    ):
        own = list(_own(schema, schema.variants[variant]))
        sized = schema is virgl.virgl_caps_v2
        origins = harvest.fields(past, [schema.name], is_padding, layout=own, sized=sized)
        tables[name] = data_modules.marks(name, origins)
    found.tables["virgl_hw.py"] = tables
    found.tables["virgl.py"] = names
    _new_fields(past, found, "virgl.py", virgl.virgl_caps_v2)


def _own(schema: Schema, variant: Schema) -> Iterator[tuple[str, int, int]]:
    """Name, first bit and width of the fields of a variant that the newest layout does not have at that place."""
    newest = layout_of(schema).fields
    for field in layout_of(variant).fields.values():
        place = (field.offset, field.shift)
        if field.name not in newest or (newest[field.name].offset, newest[field.name].shift) != place:
            yield field.name, field.offset * 8 + field.shift, field.size * 8 if field.bits is None else field.bits


def _formats(past: Past, found: Harvest) -> None:
    rows = harvest.formats(past, "virgl_formats", "VIRGL_FORMAT_")
    found.tables["virgl_formats.py"] = {"FORMATS": data_modules.rows("FORMATS", rows)}
    shipped = {row[0]: row[2] for row in RELEASES}
    releases: list[tuple[str, str, int, int]] = []
    for name, date, version, count in harvest.releases(past, "virgl_formats", "VIRGL_FORMAT_MAX"):
        if version is None:
            version = shipped.get(name, releases[-1][2] if releases else 0)
            if name not in shipped:
                found.remarks.append(f"host_feature_check_version of {name}: the repository lacks vrend_renderer.c")
        releases.append((name, date, version, count))
    found.tables["virglrenderer_releases.py"] = {"RELEASES": data_modules.rows("RELEASES", releases)}


def _new_fields(past: Past, found: Harvest, module: str, schema: Schema) -> None:
    """Fields that the package does not declare yet; no header says what they mean."""
    declared = layout_of(schema).fields
    fields = harvest.new_fields(past, [schema.name], declared)
    found.tables.setdefault(module, {})
    found.fields.append((module, schema.name, fields))
    found.remarks.extend(f"{schema.name}.{field.name} has no meaning yet: say it in {module}" for field in fields)
    newest = past.newest.find(schema.name)
    gone = set(declared) - {field.name for field in newest.fields} if newest else set()
    if gone:
        raise HeaderError(f"{schema.name} lacks {', '.join(sorted(gone))} today: declare a variant of the old layout")
