"""``capcodec gl --prove``: what the installed Mesa says, beside what is known of it."""

from __future__ import annotations

from ..captures import load
from ..classes import VirglCapsV2
from ..meaning.gl import VERSIONS, gl
from ..meaning.gl_wanted import wanted
from .output import print_json, print_text, version_text

RICH = "virglrenderer-1.3.0-llvmpipe-gl.capset2.bin"  # a host that has almost everything


def prove(data: bytes, capset_id: int | str | None, as_json: bool) -> int:
    """Print both, and the fewest fields whose change lifts the version. Status 1 if Mesa and we differ."""
    from ..vtest.installed_mesa import InstalledMesa
    from ..vtest.proof import lifting

    gl(data, capset_id=capset_id)  # refuses other capsets
    with InstalledMesa() as mesa:
        mesa.ask({2: load(RICH)})  # tells its version
        answer = mesa.ask({2: data})
        verdict = gl(data, mesa=mesa.version, coherent=mesa.coherent, capset_id=2)
        differs = [name for name in VERSIONS if answer.of(name) != verdict.of(name)]
        rich = wanted(load(RICH), VERSIONS["core"][-1], mesa="26").caps.pack().ljust(VirglCapsV2.size, b"\0")
        lifts = {name: lifting(mesa, data, rich, name) for name in VERSIONS}
    if as_json:
        print_json(
            {
                "mesa": mesa.release,
                "coherent": mesa.coherent,
                "versions": {
                    name: None if answer.of(name) is None else version_text(answer.of(name)) for name in VERSIONS
                },
                "error": answer.error,
                "differs": differs,
                "lifts": {
                    name: None if parts is None else [part.text for part in parts] for name, parts in lifts.items()
                },
            }
        )
        return int(bool(differs))
    memory = "coherent memory" if mesa.coherent else "no coherent memory, so no more than 4.3"
    print_text(f"Mesa {mesa.release}, as a vtest guest with {memory}:")
    if answer.error:
        print_text(f"  {answer.error}")
    for name in VERSIONS:
        same = f"; gl says {version_text(verdict.of(name))}" if name in differs else ", as gl says"
        print_text(f"  {name} {version_text(answer.of(name))}{same}")
        parts = lifts[name]
        if parts is None:
            print_text("    no change of the fields of a host lifts it")
        else:
            print_text("    the fewest changes that lift it:", *(f"      {part.text}" for part in parts))
    return int(bool(differs))
