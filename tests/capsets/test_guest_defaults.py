"""What a guest assumes: Mesa's pre-fill, and what is left of it after a host's capset came in."""

from __future__ import annotations

import pytest

from capcodec import SizeStepError, VirglCapsV1, VirglCapsV2, captures, min_copy

# virgl_ws_fill_new_caps_defaults in Mesa's src/gallium/winsys/virgl/virgl_winsys.h; the struct around it is zero
MESA = {
    "min_aliased_point_size": 1.0,
    "max_aliased_point_size": 255.0,
    "min_smooth_point_size": 1.0,
    "max_smooth_point_size": 190.0,
    "min_aliased_line_width": 1.0,
    "max_aliased_line_width": 10.0,
    "min_smooth_line_width": 0.0,
    "max_smooth_line_width": 10.0,
    "max_texture_lod_bias": 15.0,
    "max_geom_output_vertices": 256,
    "max_geom_total_output_components": 1024,
    "max_vertex_outputs": 32,
    "max_vertex_attribs": 16,
    "max_shader_patch_varyings": 30,
    "min_texel_offset": -8,
    "max_texel_offset": 7,
    "min_texture_gather_offset": -8,
    "max_texture_gather_offset": 7,
    "uniform_buffer_offset_alignment": 256,
    "shader_buffer_offset_alignment": 32,
    "max_texture_samplers": 16,
    "max_const_buffer_size": [4096 * 16] * 6,
    "max_shader_storage_blocks": [2**31 - 1] * 6,
}


def plain(value):
    return value.tolist() if hasattr(value, "tolist") else value


@pytest.mark.parametrize("size", VirglCapsV2.size_steps)
def test_defaults_at_every_size(size):
    guest = VirglCapsV2.guest_defaults(size)
    assert guest.valid_size == len(guest.pack()) == size
    for field in VirglCapsV2.layout.leaves():
        if field.end > size:
            assert not guest.has_field(field.path)
        elif field.path in MESA:
            assert plain(guest[field.path]) == MESA[field.path]
        else:
            assert not any(guest.pack()[field.offset : field.end])


def test_capset_1_has_no_defaults():
    assert VirglCapsV1.guest_defaults().pack() == bytes(308)


@pytest.mark.parametrize("name", captures.names(2))
@pytest.mark.parametrize("size", VirglCapsV2.size_steps)
def test_what_the_host_did_not_send_keeps_its_default(name, size):
    host = captures.load(name)
    guest = VirglCapsV2.guest_defaults(size)
    copied = min_copy(guest, host)
    assert copied == min(size, len(host))
    assert guest.pack()[:copied] == host[:copied]
    beyond = [field for field in VirglCapsV2.layout.leaves() if copied <= field.offset and field.end <= size]
    assert (size > len(host)) == bool(beyond)
    for field in beyond:
        zero = b"" if field.type == "char" else [0] * field.dims[0] if field.dims else 0
        assert plain(guest[field.path]) == MESA.get(field.path, zero), field


@pytest.mark.parametrize("size", [0, 307, 308, 379, 381, 1409, -1])
@pytest.mark.parametrize("make", [VirglCapsV2.guest_defaults, VirglCapsV2.zeros])
def test_sizes_that_never_were(make, size):
    with pytest.raises(
        SizeStepError, match=f"virgl_caps_v2 never had {size} bytes; its size steps are 380, 388, .* 1408"
    ):
        make(size)
