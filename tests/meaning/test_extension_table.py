"""How the table of extensions is found, with a Mesa whose needs are known."""

from __future__ import annotations

import itertools
import random

import pytest

from capcodec import VirglCapsV2
from capcodec.meaning.formats import format_number
from capcodec.meaning.gl import VERSIONS
from capcodec.meaning.gl_needs import FORMATS_OF
from capcodec.meaning.mesa import mesa_named
from extension_table import Asked, Finder, Said, choices, together

TOP = {profile: versions[-1] for profile, versions in VERSIONS.items()}


def has(caps: VirglCapsV2, mask: str, *names: str) -> bool:
    numbers = [format_number(name, FORMATS_OF) for name in names]
    return all(caps[f"{mask}.bitmask"][number // 32] >> number % 32 & 1 for number in numbers)


NEEDS = {
    "": lambda caps: True,
    "capability_bits.COPY_IMAGE": lambda caps: caps["capability_bits.COPY_IMAGE"],
    "max_texture_2d_size >= 2049": lambda caps: caps.max_texture_2d_size >= 2049,
    "max_atomic_counters[1] >= 1 | max_shader_storage_blocks[1] >= 3": lambda caps: (
        caps.max_atomic_counters[1] or caps.max_shader_storage_blocks[1] >= 3
    ),
    "v1.bset.has_cull; sampler.ASTC_4x4 + sampler.ASTC_5x4 | sampler.ASTC_5x5 + sampler.ASTC_6x5; "
    "sampler.S8X24_UINT | sampler.X24S8_UINT": lambda caps: (
        caps.bset.has_cull
        and (has(caps, "sampler", "ASTC_4x4", "ASTC_5x4") or has(caps, "sampler", "ASTC_5x5", "ASTC_6x5"))
        and (has(caps, "sampler", "S8X24_UINT") or has(caps, "sampler", "X24S8_UINT"))
    ),
    # A poor host has it just because it has no samples
    "supported_multisample_formats.NONE | v1.max_texture_array_layers >= 2048": lambda caps: (
        caps.max_samples < 2
        or caps.max_texture_array_layers >= 2048
        or has(caps, "supported_multisample_formats", "NONE")
    ),
}


class Known(Asked):
    """Has the highest versions of everything, whatever the host has."""

    def __init__(self) -> None:
        self.times = 0
        self.known = mesa_named("25.0")
        self.options = {"mesa": "25.0", "coherent": True}

    def __call__(self, data: bytes) -> dict[str, Said]:
        self.times += 1
        caps = VirglCapsV2.unpack(data)
        there = frozenset(needs for needs, met in NEEDS.items() if met(caps))
        return {profile: Said(version, there) for profile, version in TOP.items()}


def test_every_need_is_found():
    finder = Finder(Known())
    found = [(row.profile, row.name, finder.words(row)) for row in finder.table()]
    assert found == [(profile, needs, needs) for profile in VERSIONS for needs in sorted(NEEDS)]


@pytest.mark.parametrize("seed", range(20))
def test_choices(seed):
    """Against all subsets."""
    rng = random.Random(seed)
    cuts = [frozenset(rng.sample(range(7), rng.randrange(1, 4))) for _ in range(rng.randrange(5))]
    subsets = [frozenset(each) for count in range(8) for each in itertools.combinations(range(7), count)]
    enough = [subset for subset in subsets if all(subset & cut for cut in cuts)]
    fewest = [subset for subset in enough if not any(other < subset for other in enough)]
    assert choices(cuts) == sorted(fewest, key=sorted)
    groups = together(cuts)
    assert sorted(map(sorted, itertools.chain(*groups))) == sorted(map(sorted, cuts))
    for one, other in itertools.combinations(groups, 2):
        assert not frozenset().union(*one) & frozenset().union(*other)
    product = {frozenset().union(*each) for each in itertools.product(*map(choices, groups))}
    assert product == set(fewest)
