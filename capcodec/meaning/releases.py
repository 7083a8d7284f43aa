"""The releases of virglrenderer, as far as a capset shows them.

Tags, and ``src/virgl_hw.h`` and ``src/vrend/vrend_renderer.c`` of each, compiled. The size of capset 1 is 308 in all.
"""

from __future__ import annotations

from typing import NamedTuple

from ..errors import ArgumentError


class Release(NamedTuple):
    """One release.

    Attributes:
        name: as its tag says.
        date: of the tag's commit, ISO.
        layout_commit: the newest commit of ``virgl_hw.h`` in it that changed a layout.
        capset2_size: bytes; 0 if it has no capset 2.
        host_feature_check_version: that its hosts send; 0 if they send none.
        format_max: VIRGL_FORMAT_MAX, one more than the highest format number.
    """

    name: str
    date: str
    layout_commit: str
    capset2_size: int
    host_feature_check_version: int
    format_max: int


RELEASES = (
    Release("0.2.0", "2015-10-23", "b4cd13e121ff", 0, 0, 236),
    Release("0.4.0", "2016-02-17", "b4cd13e121ff", 0, 0, 236),
    Release("0.5.0", "2016-04-11", "b4cd13e121ff", 0, 0, 236),
    Release("0.6.0", "2017-02-10", "b4cd13e121ff", 0, 0, 236),
    Release("0.7.0", "2018-09-19", "cd8c1b66d294", 556, 0, 312),
    Release("0.8.0", "2019-08-28", "e3683f0fbd5a", 688, 3, 313),
    Release("0.8.1", "2019-12-20", "50e830bba96c", 688, 3, 313),
    Release("0.8.2", "2020-02-12", "fc43ff62a5b5", 688, 3, 313),
    Release("0.9.0", "2021-04-01", "1c9a7a52e0c3", 696, 4, 313),
    Release("0.9.1", "2021-04-20", "5e2d10463d6b", 696, 4, 313),
    Release("0.10.0", "2022-09-02", "a92fed821f5a", 1372, 12, 317),
    Release("0.10.1", "2022-09-06", "a92fed821f5a", 1372, 12, 317),
    Release("0.10.3", "2022-09-19", "3c5a9bbb7464", 1376, 13, 322),
    Release("0.10.4", "2023-01-02", "3eef9070d79a", 1376, 15, 322),
    Release("1.0.0", "2023-09-18", "fddc2e9e119b", 1384, 19, 323),
    Release("1.0.1", "2024-01-08", "70d2d4b0df4f", 1384, 21, 443),
    Release("1.1.0", "2024-09-10", "328e5f668c2b", 1384, 22, 443),
    Release("1.1.1", "2025-04-02", "1a8a95775029", 1408, 23, 455),
    Release("1.2.0", "2025-09-08", "1a0679788221", 1408, 23, 481),
    Release("1.3.0", "2026-02-10", "fcfb9f2323d4", 1408, 23, 481),
)


def release_named(name: str) -> Release:
    """The release of that name.

    Raises:
        ArgumentError: there is none.
    """
    for release in RELEASES:
        if release.name == name:
            return release
    raise ArgumentError(f"no release {name!r} is known; there are {', '.join(release.name for release in RELEASES)}")
