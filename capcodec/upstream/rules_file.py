"""What the maintainers of a header say of it: how it compiles, what may grow, and which breaks they accepted.

A TOML file, ``.capcodec-abi.toml`` at the top of the header's own repository if nothing else is said::

    [compile]
    include = ["stdint.h"]            # -D and -I likewise: define, directory

    [struct.virgl_caps_v1]
    frozen = true                     # a field added at its end is a break
    reason = "the first guest kernels copy the host's size into the guest's struct"

    [severity]
    rename = "broken"                 # fine, note or broken, by kind of change

    [[accept]]
    subject = "struct virgl_caps_v2.*"  # * stands for anything
    kind = "move"
    commit = "5e2d10463d6b"           # if only that one is meant
    reason = "0.9.1 puts back what 0.9.0 had swapped"
"""

from __future__ import annotations

import re
import sys
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import NamedTuple

from ..errors import ArgumentError
from .header import Options
from .verdict import BROKEN, FINE, KINDS, NOTE, Change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

FILE = ".capcodec-abi.toml"
MAX_FILE = 1 << 20  # bytes
PADDING = r"_*(pad(ding)?|reserved|rsvd|resv|unused|mbz|dummy|spare)\d*(_\w*)?"
GROWING = {"append", "filled-padding", "nested-grew", "union-arm-added", "union-arm-grew"}


_NONE: Mapping[str, str] = MappingProxyType({})


class Accepted(NamedTuple):
    """A change that the maintainers accepted.

    Attributes:
        subject: of the change; ``*`` stands for anything.
        kind: of the change; any if empty.
        commit: the digits that the commit begins with; any if empty.
        reason: why.
    """

    subject: str
    kind: str
    commit: str
    reason: str


class Rules(NamedTuple):
    """The rules for one repository.

    Attributes:
        options: how its headers compile.
        frozen: reasons by name of a struct that may not grow.
        severity: by kind of change, where it is not the usual one.
        accepted: changes that are no breaks.
        padding: pattern of the names of fields that only take up room.
    """

    options: Options = Options()
    frozen: Mapping[str, str] = _NONE
    severity: Mapping[str, str] = _NONE
    accepted: tuple[Accepted, ...] = ()
    padding: str = PADDING

    def is_padding(self, name: str) -> bool:
        """Does a field of that name only take up room?"""
        return re.fullmatch(self.padding, name, re.IGNORECASE) is not None

    def judged(self, changes: Iterable[Change], commit: str = "") -> list[Change]:
        """The changes with the severity that these rules give them."""
        return [self._judged(item, commit) for item in changes]

    def _judged(self, item: Change, commit: str) -> Change:
        if item.kind in self.severity:
            item = item._replace(severity=self.severity[item.kind])
        struct = item.subject.partition(".")[0].removeprefix("struct ").removeprefix("union ")
        if struct in self.frozen and item.kind in GROWING:
            item = item._replace(severity=BROKEN, text=f"{item.text}, but it is frozen: {self.frozen[struct]}")
        for accepted in self.accepted:
            if (
                item.severity != FINE
                and fnmatchcase(item.subject, accepted.subject)
                and accepted.kind in ("", item.kind)
                and commit.startswith(accepted.commit)
            ):
                return item._replace(severity=FINE, reason=accepted.reason)
        return item


def parse(data: bytes, name: str = FILE) -> Rules:
    """The rules in a file.

    Args:
        data: of the file.
        name: of the file, for errors.

    Raises:
        ArgumentError: it is no TOML, or says something that is not known here; the message names the key.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        try:
            import tomli as tomllib
        except ImportError:
            raise ArgumentError("reading rules needs tomli: pip install 'capcodec[upstream]'") from None
    if len(data) > MAX_FILE:
        raise ArgumentError(f"{name} has more than {MAX_FILE} bytes")
    try:
        table = tomllib.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise ArgumentError(f"{name} is no TOML: {error}") from None
    return _Reader(name).rules(table)


class _Reader:
    """Takes a table apart, and misses nothing that stands in it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def rules(self, table: dict[str, Any]) -> Rules:
        self.known(table, "", {"compile", "struct", "severity", "accept", "padding"})
        compiling = self.table(table, "compile")
        self.known(compiling, "compile.", {"include", "define", "directory"})
        options = Options(*(self.strings(compiling, key) for key in ("include", "define", "directory")))
        severity = {
            str(kind): self.string({kind: value}, kind) for kind, value in self.table(table, "severity").items()
        }
        self.known(severity, "severity.", set(KINDS))
        for kind, value in severity.items():
            if value not in (FINE, NOTE, BROKEN):
                raise ArgumentError(f"{self.name}: severity.{kind} is fine, note or broken, not {value!r}")
        frozen = {}
        for struct, said in self.table(table, "struct").items():
            if not isinstance(said, dict):
                raise ArgumentError(f"{self.name}: struct.{struct} has to be a table")
            self.known(said, f"struct.{struct}.", {"frozen", "reason"})
            if said.get("frozen") is True:
                frozen[struct] = self.string(said, "reason")
        accepted = table.get("accept", [])
        if not isinstance(accepted, list) or not all(isinstance(row, dict) for row in accepted):
            raise ArgumentError(f"{self.name}: accept has to be a list of tables")
        return Rules(options, frozen, severity, tuple(map(self.accepted, accepted)), self.pattern(table))

    def accepted(self, row: dict[str, Any]) -> Accepted:
        self.known(row, "accept.", {"subject", "kind", "commit", "reason"})
        found = Accepted(
            *(
                self.string(row, key, needed=key in ("subject", "reason"))
                for key in ("subject", "kind", "commit", "reason")
            )
        )
        if found.kind:
            self.known({found.kind: 0}, "accept.kind ", set(KINDS))
        return found

    def pattern(self, table: dict[str, Any]) -> str:
        text = self.string(table, "padding", needed=False)
        try:
            re.compile(text)
        except (re.error, RecursionError, OverflowError) as error:
            raise ArgumentError(f"{self.name}: padding is no pattern: {error}") from None
        return text or PADDING

    def known(self, table: dict[str, Any], path: str, keys: set[str]) -> None:
        for key in table:
            if key not in keys:
                raise ArgumentError(f"{self.name}: {path}{key} is not known; there are {', '.join(sorted(keys))}")

    def table(self, table: dict[str, Any], key: str) -> dict[str, Any]:
        found = table.get(key, {})
        if not isinstance(found, dict):
            raise ArgumentError(f"{self.name}: {key} has to be a table")
        return found

    def string(self, table: dict[str, Any], key: str, *, needed: bool = True) -> str:
        found = table.get(key, "")
        if not isinstance(found, str) or (needed and not found.strip()):
            raise ArgumentError(f"{self.name}: {key} has to be text" + (", and to say something" if needed else ""))
        return found

    def strings(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        found = table.get(key, [])
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            raise ArgumentError(f"{self.name}: {key} has to be a list of texts")
        return tuple(found)
