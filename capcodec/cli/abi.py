"""``capcodec abi``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import ArgumentError
from .arguments import read_bytes
from .commands import add
from .output import print_json, print_text, stdout

if TYPE_CHECKING:
    import argparse

    from ..upstream.rules_file import Rules
    from .commands import _Commands


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "abi",
        "Compare two C headers, two trees of headers, or the revisions of headers in a git repository: did structs "
        "only grow at their end, and did every number keep its name?",
        """
        capcodec abi old.h new.h
        capcodec abi old.h new.h --format junit    # or codequality for GitLab, github for annotations
        """,
        epilog="Exit status: 0 fine, 1 broken, 2 could not be read. Needs a C compiler, and the extra 'upstream'.",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="OLD and NEW; with --git, headers in the repository")
    parser.add_argument("--git", metavar="REPO", help="judge the history in this repository")
    parser.add_argument(
        "--base", metavar="TAG", default="", help="judge what came since; 'latest' is the newest release"
    )
    parser.add_argument("--range", metavar="A..B", default="", help="judge what came after A, up to B")
    parser.add_argument("--claims", action="store_true", help="with --git: numbers that branches claim twice")
    parser.add_argument("--rules", metavar="FILE", help="what is frozen and what is accepted; else .capcodec-abi.toml")
    add_compile_arguments(parser)
    parser.add_argument(
        "--format", default="text", choices=("text", "json", "codequality", "junit", "github"), help="of the report"
    )
    parser.add_argument("--json", dest="format", action="store_const", const="json", help="the same as --format json")
    parser.add_argument("--all", action="store_true", help="show what is fine too")
    parser.set_defaults(run=run)


def add_compile_arguments(parser: argparse.ArgumentParser) -> None:
    """How a header is to be compiled."""
    parser.add_argument(
        "--include", action="append", default=[], metavar="HEADER", help="a header that has to be included before"
    )
    parser.add_argument("-D", "--define", action="append", default=[], metavar="NAME[=VALUE]", help="define a macro")
    parser.add_argument(
        "-I", "--directory", action="append", default=[], metavar="DIR", help="look for included headers there"
    )


def rules_for(arguments: argparse.Namespace) -> Rules | None:
    """The rules that the arguments name; None if they name none."""
    from ..upstream import rules_file
    from ..upstream.header import Options

    found = None
    if arguments.rules:
        found = rules_file.parse(read_bytes(arguments.rules, rules_file.MAX_FILE, "a file of rules"), arguments.rules)
    elif not arguments.git:
        found = rules_file.Rules()
    said = Options(tuple(arguments.include), tuple(arguments.define), tuple(arguments.directory))
    if found is None and any(said):
        from ..upstream.history import rules_of
        from ..upstream.repository import Repository

        repository = Repository(arguments.git)
        found = rules_of(repository, repository.head())
    if found is None:
        return None
    return found._replace(options=Options(*(one + other for one, other in zip(found.options, said, strict=True))))


def run(arguments: argparse.Namespace) -> int:
    from ..upstream import gate, reports

    rules = rules_for(arguments)
    if not arguments.git:
        if len(arguments.paths) != 2 or arguments.base or arguments.range or arguments.claims:
            raise ArgumentError("expected OLD and NEW, or --git REPO with its options")
        assert rules is not None
        verdict = gate.files(arguments.paths[0], arguments.paths[1], rules)
    elif arguments.claims:
        return claims(arguments, rules)
    else:
        verdict = gate.repository(
            arguments.git, arguments.paths, base=arguments.base, range_=arguments.range, rules=rules
        )
    if arguments.format == "text":
        told = reports.text([*verdict.commits, *verdict.whole], arguments.all)
    elif arguments.format == "json":
        told = reports.as_json([*verdict.commits, *verdict.whole])
    else:
        told = {"codequality": reports.code_quality, "junit": reports.junit, "github": reports.github}[
            arguments.format
        ](verdict.whole)
    stdout().write(told)
    return verdict.status


def claims(arguments: argparse.Namespace, rules: Rules | None) -> int:
    from ..upstream.claims import claimed_twice

    found = claimed_twice(arguments.git, arguments.paths, rules)
    if arguments.format == "json":
        print_json([claim._asdict() for claim in found])
    else:
        print_text(*map(str, found), f"{len(found)} numbers are claimed twice")
    return int(bool(found))
