"""Capsets 3, 7, 8 and 9: layouts against C structs as gfxstream's header has them."""

from __future__ import annotations

import pytest

from c_program import Program
from capcodec import capset_for

# virtgpu_gfxstream_protocol.h of gfxstream 9fcff254 (2025-06-12): fields, which are all uint32_t, and their counts
VULKAN = {
    "protocolVersion": 1, "ringSize": 1, "bufferSize": 1, "colorBufferMemoryIndex": 1, "deferredMapping": 1,
    "blobAlignment": 1, "noRenderControlEnc": 1, "alwaysBlob": 1, "externalSync": 1, "virglSupportedFormats": 16,
    "vulkanBatchedDescriptorSetUpdate": 1,
}  # fmt: skip
PLAIN = {"protocolVersion": 1, "ringSize": 1, "bufferSize": 1, "blobAlignment": 1}


@pytest.mark.parametrize(("capset_id", "fields"), [(3, VULKAN), (7, PLAIN), (8, PLAIN), (9, PLAIN)])
def test_the_compiler_lays_it_out_as_we_do(capset_id, fields, tmp_path):
    cls = capset_for(capset_id)
    program = Program()
    members = " ".join(f"uint32_t {name}[{count}];" for name, count in fields.items())
    program.declarations.append(f"struct capset {{ {members} }};")
    program.statements += [
        f'printf("%zu %zu\\n", offsetof(struct capset, {name}), sizeof ((struct capset *)0)->{name});'
        for name in fields
    ]
    theirs = [(int(offset), int(size)) for offset, size in program.run(tmp_path)]
    assert list(cls.fields)[: len(fields)] == list(fields)
    assert [(field.offset, field.size) for field in cls.fields.values()][: len(fields)] == theirs


def test_sizes_and_what_brought_them():
    vulkan = capset_for(3)
    assert vulkan.size_steps[:3] == (16, 100, 104)
    assert vulkan.variants["before-219d5093e"].size_steps == (16, 84)
    assert vulkan.fields["deferredMapping"].since.commit == "4721513f8"
    assert vulkan.fields["blobAlignment"].since.size == 100
    assert all(not field.since.release for field in vulkan.fields.values() if field.since)
    assert capset_for(8).fields["blobAlignment"].since.commit == "defe6dd1e"
