"""``capcodec gl --extensions``: which extensions a guest gets, and which fields of its host bring them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..captures import load
from ..errors import ArgumentError
from ..meaning.gl import VERSIONS, gl
from ..meaning.gl_extensions import extensions
from ..meaning.mesa import mesa_named
from .gl_proof import RICH
from .output import print_json, print_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ..meaning.gl_extensions import Extension

NAMES = {"core": "core", "compatibility": "compatibility", "es": "ES"}


def show(data: bytes, options: dict[str, Any], as_json: bool) -> None:
    """Print what the table says."""
    found = extensions(data, **options)
    release = mesa_named(options["mesa"]).tried
    if as_json:
        rows = [each._asdict() for each in found]
        print_json({"mesa": release, "coherent": options["coherent"], "extensions": rows})
        return
    counts = ", ".join(
        f"{name} {sum(each.there and each.profile == profile for each in found)}" for profile, name in NAMES.items()
    )
    print_text(f"extensions with Mesa {release}: {counts}", *lines(found))


def lines(found: Iterable[Extension]) -> list[str]:
    """A line for each extension, or several where profiles differ."""
    profiles: dict[tuple[str, bool, str], list[str]] = {}
    for name, profile, there, needs in found:
        profiles.setdefault((name, there, needs), []).append(NAMES[profile])
    return [
        f"  {'+' if there else '-'} {name} ({', '.join(those)})" + (f": {needs}" if needs else "")
        for (name, there, needs), those in profiles.items()
    ]


def prove(data: bytes, capset_id: int | str | None, as_json: bool) -> int:
    """Print what the installed Mesa lists, and where the table says otherwise. Status 1 if it does."""
    from ..vtest.installed_mesa import InstalledMesa

    gl(data, capset_id=capset_id)  # refuses other capsets
    with InstalledMesa(extensions=True) as mesa:
        mesa.ask({2: load(RICH)})  # tells its version
        answer = mesa.ask({2: data})
        listed = {name: answer.strings.get(name, {}).get("extensions", []) for name in VERSIONS}
        try:
            known = extensions(data, mesa=mesa.version, coherent=mesa.coherent, capset_id=2)
        except ArgumentError as error:  # no table of this Mesa
            known, remark = None, str(error)
        else:
            remark = answer.error
    differs = {name: _differences(name, listed[name], known) for name in VERSIONS}
    if as_json:
        print_json(
            {"mesa": mesa.release, "coherent": mesa.coherent, "error": remark, "listed": listed, "differs": differs}
        )
    else:
        print_text(f"extensions with Mesa {mesa.release}, as it says:", *([f"  {remark}"] if remark else []))
        names = sorted({each for those in listed.values() for each in those})
        for each in names:
            print_text(f"  {each} ({', '.join(NAMES[name] for name in VERSIONS if each in listed[name])})")
        for name, those in differs.items():
            print_text(*(f"  {NAMES[name]} {text}" for text in those))
    return int(any(differs.values()))


def _differences(profile: str, listed: list[str], known: list[Extension] | None) -> list[str]:
    if known is None:
        return []
    there = {each.name for each in known if each.profile == profile and each.there}
    extra = [f"{name}: the table says that the guest does not get it" for name in sorted({*listed} - there)]
    return extra + [f"{name}: the table says that the guest gets it" for name in sorted(there - {*listed})]
