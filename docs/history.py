"""Print the table of history.md: the size steps of capset 2, and the fields that each of them brought."""

from __future__ import annotations

from capcodec import VirglCapsV2


def table() -> str:
    """The table as Markdown."""
    lines = ["| size | release | date | commit | fields |", "| ---: | --- | --- | --- | --- |"]
    before = 0
    for step in VirglCapsV2.layout.steps:
        brought = [f"`{field.path}`" for field in VirglCapsV2.layout.fields.values() if before < field.end <= step.size]
        lines.append(f"| {step.size} | {step.release} | {step.date} | {step.commit} | {', '.join(brought)} |")
        before = step.size
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table(), end="")
