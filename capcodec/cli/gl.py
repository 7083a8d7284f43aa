"""``capcodec gl``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import ArgumentError
from .arguments import add_host_arguments, read_host
from .commands import add, add_json
from .output import print_json, print_text, version_text

if TYPE_CHECKING:
    import argparse
    from typing import Any

    from ..meaning.gl import Verdict, _Version
    from ..meaning.gl_requirements import Requirement
    from .commands import _Commands


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "gl",
        "Tell which OpenGL versions a guest gets from a capset, and what it lacks for the next ones. With --want, what "
        "its host would have to send; with --extensions, which extensions it gets, and what brings each; with --prove, "
        "what the installed Mesa says.",
        """
        capcodec gl host.bin                 # the versions, and what the higher ones need
        capcodec gl host.bin --want 4.6      # what the host would have to add
        capcodec gl host.bin --extensions    # those of OpenGL and ES, and the fields that bring them
        capcodec gl host.bin --no-coherent   # without blob=true,hostmem= in QEMU
        """,
    )
    add_host_arguments(parser)
    parser.add_argument(
        "--mesa", metavar="VERSION", help="the guest's Mesa: 22.3, 25.0 (the default) or 26; with --prove the installed"
    )
    parser.add_argument(
        "--no-coherent", action="store_true", help="the guest cannot map host memory: no blob=true,hostmem= in QEMU"
    )
    parser.add_argument("--want", metavar="VERSION", help="say what the host would have to add for it: 4.6, es 3.2")
    parser.add_argument(
        "--extensions",
        action="store_true",
        help="list the extensions: + and - for those that the guest gets and does not, each with what brings it",
    )
    parser.add_argument(
        "--prove",
        action="store_true",
        help="ask the installed Mesa too, and find the fewest fields whose change lifts its version",
    )
    add_json(parser, "the versions, or what --want, --extensions and --prove say")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ..meaning.gl import gl

    data = read_host(arguments)
    if arguments.prove:
        if arguments.want or arguments.mesa or arguments.no_coherent:
            raise ArgumentError("--prove asks the Mesa that is there, as it is: it takes no other Mesa, nor --want")
        from .gl_extensions import prove as prove_extensions
        from .gl_proof import prove

        return (prove_extensions if arguments.extensions else prove)(data, arguments.capset, arguments.json)
    if arguments.want and arguments.extensions:
        raise ArgumentError("--want is for versions: give it without --extensions")
    options = {
        "mesa": arguments.mesa or "25.0",
        "coherent": not arguments.no_coherent,
        "capset_id": arguments.capset,
    }
    if arguments.want:
        _want(data, arguments.want, options, arguments.json)
        return 0
    if arguments.extensions:
        from .gl_extensions import show

        show(data, options, arguments.json)
        return 0
    verdict = gl(data, **options)
    if arguments.json:
        print_json(as_dict(verdict))
    else:
        print_text(*lines(verdict))
    return 0


def lines(verdict: Verdict) -> list[str]:
    """What a person reads."""
    memory = "maps host memory coherently" if verdict.coherent else "cannot map host memory (--no-coherent)"
    assumed = f"  of Mesa {verdict.mesa} in a guest that {memory}"
    if verdict.no_display:
        return [f"no OpenGL: {verdict.no_display}", assumed]
    names = {"core": "core", "compatibility": "compatibility", "es": "ES"}
    versions = ", ".join(f"{name} {version_text(verdict.of(profile))}" for profile, name in names.items())
    # Of what the compatibility profile alone needs, the first: the others say the same of higher versions of GLSL
    extra = [need for need in verdict.missing if need.profiles == {"compatibility"}]
    listed = [need for need in verdict.missing if need not in extra[1:]]
    missing = [f"  {_version_of(need)} needs {need.reason}" for need in listed]
    return [
        f"OpenGL {version_text(verdict.version)}",
        *missing,
        f"  {versions}",
        assumed,
        *(f"  {text}" for text in verdict.overruns),
    ]


def as_dict(verdict: Verdict) -> dict[str, Any]:
    """For JSON."""
    from ..meaning.gl import VERSIONS

    return {
        "version": None if verdict.version is None else version_text(verdict.version),
        **{name: None if verdict.of(name) is None else version_text(verdict.of(name)) for name in VERSIONS},
        "mesa": verdict.mesa,
        "coherent": verdict.coherent,
        "no_display": verdict.no_display,
        "overruns": list(verdict.overruns),
        "missing": [
            {
                "version": version_text(need.version),
                "profiles": sorted(need.profiles),
                "name": need.name,
                "text": need.reason,
            }
            for need in verdict.missing
        ],
    }


def _version_of(need: Requirement) -> str:
    if "es" in need.profiles:
        return f"ES {version_text(need.version)}"
    return version_text(need.version) + ("" if "core" in need.profiles else " compatibility")


def _want(data: bytes, text: str, options: dict[str, Any], as_json: bool) -> None:
    from ..meaning.gl_wanted import wanted

    profile, version = parsed(text)
    found = wanted(data, version, profile=profile, **options)
    if as_json:
        print_json(
            {
                "changes": [change.as_dict() for change in found.changes],
                "size": found.size,
                "beyond": [need.reason for need in found.beyond],
            }
        )
        return
    name = f"OpenGL {version_text(version)} {profile} with Mesa {options['mesa']}"
    if not found.changes and not found.beyond:
        print_text(f"{name}: the guest gets it as it is")
        return
    print_text(f"{name} needs of the host:", *(f"  {change}" for change in found.changes))
    if found.size > len(data):
        print_text(f"  at least {found.size} bytes, where it sends {len(data)}")
    print_text(*(f"  and what no field of the host brings: {need.reason}" for need in found.beyond))


def parsed(text: str) -> tuple[str, _Version]:
    """Profile and version of a text such as ``4.6``, ``compatibility 4.5`` or ``es 3.2``.

    Raises:
        ArgumentError: it is none.
    """
    profile, _, number = text.lower().rpartition(" ")
    major, dot, minor = number.partition(".")
    if not (dot and major.isdecimal() and minor.isdecimal() and len(number) < 8):
        raise ArgumentError(f"expected a version such as 4.6, compatibility 4.5 or es 3.2, got {text!r}")
    return profile or "core", (int(major), int(minor))
