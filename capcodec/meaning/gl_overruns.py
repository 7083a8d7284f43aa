"""Numbers that a host must not send, because Mesa's driver has arrays of a fixed size and does not check."""

from __future__ import annotations

from .mesa import mesa_named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .gl_needs import GuestCaps
    from .mesa import Mesa

ROOM = 32  # PIPE_MAX_ATTRIBS, PIPE_MAX_CONSTANT_BUFFERS, PIPE_MAX_SHADER_BUFFERS and the like
SIGNED = 1 << 31  # from here on Mesa takes most for negative numbers, of which its loops do nothing
UNSIGNED = ("max_vertex_attribs", "max_texture_samplers")
CHECKED_SINCE = {
    path: mesa_named("25.0").number for path in ("v1.max_uniform_blocks", "max_vertex_attribs", "max_texture_samplers")
}
UNCHECKED = (
    "max_shader_buffer_frag_compute",
    "max_shader_buffer_other_stages",
    "max_shader_image_frag_compute",
    "max_shader_image_other_stages",
    *(f"max_shader_storage_blocks[{stage}]" for stage in range(6)),
)


def _parts(path: str) -> tuple[str, str, int | None]:
    """A path, the field or the array that it leads to, and the index of the element."""
    outer, _, index = path.rstrip("]").partition("[")
    return path, outer, int(index) if index else None


_PLACES = [_parts(path) for path in (*CHECKED_SINCE, *UNCHECKED)]


def overruns(caps: GuestCaps, mesa: Mesa) -> Iterator[str]:
    """The fields that say more than the driver has room for, in words. It writes over other memory, and may crash."""
    for path, outer, index in _PLACES:
        if path in CHECKED_SINCE and mesa.number >= CHECKED_SINCE[path]:
            continue
        found = caps.value(outer)
        value = found if index is None else found[index] if found else 0
        if value > ROOM and (path in UNSIGNED or value < SIGNED):
            yield f"{path} = {value}: Mesa {mesa.name} has room for {ROOM}, does not check, and may crash"
