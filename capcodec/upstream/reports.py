"""Verdicts for people and for machines: text, JSON, GitLab's Code Quality, JUnit, GitHub's annotations."""

from __future__ import annotations

import json

from .verdict import BROKEN, FINE, NOTE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .history import Step
    from .verdict import Change

CODE_QUALITY = {FINE: "info", NOTE: "minor", BROKEN: "critical"}
GITHUB = {FINE: "notice", NOTE: "warning", BROKEN: "error"}


def text(steps: Sequence[Step], everything: bool = False) -> str:
    """For people: what is not fine, or everything, under the commit or the tags that did it."""
    lines = []
    for step in steps:
        changes = [item for item in step.changes if everything or item.severity != FINE or item.reason]
        if changes:
            lines.append(_head(step))
            lines += [f"  {_line(item)}" for item in changes]
    counts = {
        severity: sum(item.severity == severity for step in steps for item in step.changes) for severity in GITHUB
    }
    lines.append(f"{counts[BROKEN]} broken, {counts[NOTE]} to note, {counts[FINE]} fine")
    return "\n".join(lines) + "\n"


def _head(step: Step) -> str:
    fate = {"shipped": f", shipped in {step.release}", "repaired": ", in no release"}.get(step.fate, "")
    needed = f", compiled after {', '.join(step.includes)}" if step.includes else ""
    if step.commit is None:
        return f"{step.path}: {step.old} to {step.new}{needed}"
    return f"{step.path}: {step.new} {step.commit.date} {step.commit.subject}{fate}{needed}"


def _line(item: Change) -> str:
    accepted = f" [accepted: {item.reason}]" if item.reason else ""
    return f"{item.severity} {item.kind} {item.sentence}{accepted}"


def as_json(steps: Sequence[Step]) -> str:
    """All of it."""
    rows = [
        {
            "old": step.old,
            "new": step.new,
            "commit": step.commit._asdict() if step.commit else None,
            "path": step.path,
            "fate": step.fate,
            "release": step.release,
            "includes": list(step.includes),
            "changes": [item.as_dict() for item in step.changes],
        }
        for step in steps
    ]
    return json.dumps(rows, indent=1) + "\n"


def code_quality(steps: Sequence[Step]) -> str:
    """A report of GitLab's Code Quality: what is not fine, each with a fingerprint that stays."""
    import hashlib

    rows = []
    for step, item in _told(steps):
        print_of = f"{step.old} {step.new} {step.path} {item.kind} {item.subject} {item.old} {item.new}"
        rows.append(
            {
                "description": f"{item.sentence} [{step.old} -> {step.new}]",
                "check_name": item.kind,
                "fingerprint": hashlib.sha256(print_of.encode(errors="replace")).hexdigest(),
                "severity": CODE_QUALITY[item.severity],
                "location": {"path": item.file, "lines": {"begin": max(item.line, 1)}},
            }
        )
    return json.dumps(rows, indent=1) + "\n"


def github(steps: Sequence[Step]) -> str:
    """Workflow commands, which GitHub shows beside the lines that they name."""
    return "".join(
        f"::{GITHUB[item.severity]} file={_property(item.file)},line={max(item.line, 1)},"
        f"title={_property(item.kind)}::{_escaped(item.sentence)}\n"
        for _, item in _told(steps)
    )


def junit(steps: Sequence[Step]) -> str:
    """A JUnit report: a case for each revision of a header, which fails where something broke."""
    from xml.etree import ElementTree

    suite = ElementTree.Element(
        "testsuite", name="abi", tests=str(len(steps)), failures=str(sum(bool(step.broken) for step in steps))
    )
    for step in steps:
        case = ElementTree.SubElement(suite, "testcase", classname=_xml(step.path), name=f"{step.old} -> {step.new}")
        if step.broken:
            failure = ElementTree.SubElement(case, "failure", message=_xml(step.broken[0].sentence))
            failure.text = _xml("\n".join(map(_line, step.broken)))
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


FORMATS: dict[str, Callable[[Sequence[Step]], str]] = {
    "text": text,
    "json": as_json,
    "codequality": code_quality,
    "junit": junit,
    "github": github,
}


def _told(steps: Sequence[Step]) -> list[tuple[Step, Change]]:
    return [(step, item) for step in steps for item in step.changes if item.severity != FINE]


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _escaped(value).replace(":", "%3A").replace(",", "%2C")


def _xml(value: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(
        char if char in "\t\n" or (char >= " " and not 0xD7FF < ord(char) < 0xE000) else "?" for char in value
    )
