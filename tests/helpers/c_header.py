"""The layout and the numbers of a C header, as the C compiler has them."""

from __future__ import annotations

import subprocess


def printed(tmp_path, include: str, statements: list[str], *options: str) -> list[list[str]]:
    """The words of every line that C statements print."""
    source, binary = tmp_path / "a.c", tmp_path / "a"
    lines = [f"#include <{name}>" for name in ("stddef.h", "stdio.h", include)]
    source.write_text("\n".join([*lines, "int main(void)", "{", *statements, "return 0; }"]))
    subprocess.run(["cc", "-w", *options, "-o", binary, source], check=True)
    output = subprocess.run([binary], capture_output=True, text=True, check=True).stdout
    return [line.split() for line in output.splitlines()]


def check_layouts(tmp_path, include: str, classes, *options: str) -> None:
    """Every struct has in the header a size that it ever had, and every field within it its offset and size."""
    sizes = printed(tmp_path, include, [f'printf("%zu\\n", sizeof(struct {cls.name}));' for cls in classes], *options)
    statements, expected = [], []
    for cls, (size,) in zip(classes, sizes, strict=True):
        assert int(size) in cls.size_steps, cls.name
        for field in (field for field in cls.layout.leaves() if field.bits is None and field.end <= int(size)):
            statements.append(
                f'printf("{field.path} %zu %zu\\n", offsetof(struct {cls.name}, {field.path}), '
                f"sizeof(((struct {cls.name} *)0)->{field.path}));"
            )
            expected.append([field.path, str(field.offset), str(field.size)])
    assert printed(tmp_path, include, statements, *options) == expected
