"""Numbers and names of Vulkan's extensions, against the registry that Debian ships, of several years."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

import real_headers
from capcodec.capsets.venus import VENUS_EXTENSIONS
from capcodec.capsets.vk_xml import EXTENSIONS, VK_HEADER_VERSION

# Extensions that had another name before they were complete
RENAMED = {39: "VK_EXT_video_encode_h264", 40: "VK_EXT_video_encode_h265"}


@pytest.mark.parametrize("header", real_headers.headers("*/libvulkan-dev/vk.xml"), indirect=True)
def test_numbers_and_names(header):
    registry = ElementTree.parse(header).getroot()
    version = re.search(r"#define VK_HEADER_VERSION (\d+)", "".join(registry.find("types").itertext()))
    found = {}
    for extension in registry.find("extensions"):
        found.setdefault(int(extension.get("number")), {})[extension.get("name")] = extension.get("supported")
    for number, names in found.items():
        if number in RENAMED and RENAMED[number] in names:
            assert EXTENSIONS[number] == RENAMED[number].replace("VK_EXT", "VK_KHR")
        elif any(supported != "disabled" for supported in names.values()):
            newer = int(version[1]) > VK_HEADER_VERSION and number not in EXTENSIONS
            assert newer or EXTENSIONS[number] in names
        elif number in EXTENSIONS and EXTENSIONS[number] not in names:
            # Only reserved then, and taken into use since
            assert all(f"extension_{number}" in name for name in names), number


@pytest.mark.parametrize("header", real_headers.headers("*/mesa/vn_protocol_driver_info.h"), indirect=True)
def test_numbers_that_venus_uses(header):
    """Those of venus-protocol's own table, its own two extensions among them."""
    table = re.findall(r'{ "(VK_\w+)", (\d+), \d+ }', header.read_text())
    assert len(table) > 50
    names = {**EXTENSIONS, **VENUS_EXTENSIONS}
    assert {names[int(number)] for _, number in table} == {name for name, _ in table}
    assert all(names[int(number)] == name for name, number in table)


def test_venus_own_numbers_are_none_of_the_registry():
    assert not VENUS_EXTENSIONS.keys() & EXTENSIONS.keys()
    assert len(set(EXTENSIONS.values())) == len(EXTENSIONS)
