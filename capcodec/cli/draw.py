"""``capcodec draw``: pictures, by matplotlib, which the extra ``pictures`` brings."""

from __future__ import annotations

import io
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from ..errors import ArgumentError, CapcodecError
from ..registry import capset_for, find
from .bytemap import runs, step_of
from .commands import add, add_json
from .output import print_json, write_file

if TYPE_CHECKING:
    import argparse

    from matplotlib.axes import Axes

    from ..structs._classes import Struct
    from .commands import _Commands

WIDTH = 64  # bytes of a row of the grid
WORD = 4
LETTER = 0.8  # bytes of the grid that a letter covers
SETTINGS: Any = {"svg.fonttype": "none", "svg.hashsalt": "capcodec", "font.size": 8}  # the same picture every time
FORMATS = ("svg", "png", "pdf")


def add_to(commands: _Commands) -> None:
    parser = add(
        commands,
        "draw",
        "Draw the layout of a capset on a grid of bytes, coloured by the size step that brought them; or its growth "
        "over the years.",
        """
        capcodec draw layout --output layout.svg
        capcodec draw growth --output growth.png
        capcodec draw layout --capset drm --output drm.pdf
        """,
    )
    parser.add_argument("picture", choices=tuple(PICTURES))
    parser.add_argument(
        "--capset", default="virgl2", metavar="ID", help="of which capset, by number or name; virgl2 if not given"
    )
    parser.add_argument(
        "-o",
        "--output",
        default="-",
        metavar="OUT",
        help="a file that ends in .svg, .png or .pdf; SVG on stdout if not given",
    )
    add_json(parser, "what was written")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    ending = arguments.output.rpartition(".")[2] if arguments.output != "-" else "svg"
    if ending not in FORMATS:
        raise ArgumentError(f"expected a file that ends in .{', .'.join(FORMATS)}, got {arguments.output}")
    name = int(arguments.capset) if arguments.capset.isdecimal() else arguments.capset
    data = drawn(PICTURES[arguments.picture], capset_for(find(name).capset_id), ending)
    write_file(arguments.output, data, arguments.json)
    if arguments.json:
        print_json({"picture": arguments.picture, "output": arguments.output, "size": len(data)})


def drawn(picture: Any, cls: type[Struct], ending: str) -> bytes:
    """A picture of a capset as a file of that format."""
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError as error:
        raise CapcodecError("pictures need matplotlib: pip install 'capcodec[pictures]'") from error

    with matplotlib.rc_context(SETTINGS):
        figure = Figure(figsize=(9, 5), layout="constrained")
        picture(figure.add_subplot(), cls)
        file = io.BytesIO()
        figure.savefig(file, format=ending, metadata={"Date": None} if ending == "svg" else None)
    return file.getvalue()


def colors(cls: type[Struct]) -> list[Any]:
    """A colour for each size step, the oldest first."""
    from matplotlib import colormaps

    steps = len(cls.layout.steps)
    return [colormaps["viridis"](0.15 + 0.8 * index / max(steps - 1, 1)) for index in range(steps)]


def layout(axes: Axes, cls: type[Struct]) -> None:
    """Every field where it lies. A field that is wide enough bears its name."""
    steps = list(cls.layout.steps)
    palette = colors(cls)
    boxes: list[list[tuple[int, int, int]]] = [[] for _ in steps]
    for field in cls.layout.fields.values():
        number = step_of(steps, field.end - 1)
        boxes[number] += runs(field, WIDTH)
        row, column, width = max(runs(field, WIDTH), key=lambda run: run[2])
        if len(field.path) * LETTER < width:
            ink = "white" if number < 0.6 * len(steps) else "black"
            axes.text(column + width / 2, row + 0.5, field.path, ha="center", va="center", color=ink, fontsize=6)
    for step, color, brought in zip(steps, palette, boxes, strict=True):
        for row in sorted({at for at, _, _ in brought}):
            spans = [(column, width) for at, column, width in brought if at == row]
            axes.broken_barh(spans, (row, 1), facecolors=[color], edgecolors="white", linewidth=0.6)
        told = f"{step.size} bytes" + (f", {step.release}" if step.release else "")
        axes.broken_barh([], (0, 1), facecolors=[color], label=told)
    rows = -(-cls.size // WIDTH)
    axes.set(xlim=(0, WIDTH), ylim=(rows, 0), title=f"{cls.name}, {cls.size} bytes, {WIDTH} in a row", frame_on=False)
    axes.set_xticks(range(0, WIDTH + 1, 2 * WORD))
    axes.set_yticks([row + 0.5 for row in range(rows)], [str(row * WIDTH) for row in range(rows)])
    axes.tick_params(length=0)
    columns = min(len(steps), 7)
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.06),
        ncols=columns,
        frameon=False,
        title="came with size step",
        fontsize=7,
    )


def growth(axes: Axes, cls: type[Struct]) -> None:
    """The size over the years; each step names the first release that has it."""
    from datetime import date

    steps = [step for step in cls.layout.steps if step.date]
    if not steps:
        raise ArgumentError(f"{cls.name} has no history of sizes")
    # A commit may be older than the one before it: what counts is when the struct had the size
    days: Any = list(accumulate((date.fromisoformat(step.date) for step in steps), max))
    sizes = [step.size for step in steps]
    axes.step(days, sizes, where="post", color="0.6", zorder=1)
    axes.scatter(days, sizes, c=colors(cls)[-len(steps) :], zorder=2)
    named: set[str] = set()
    for day, step in zip(days, steps, strict=True):
        if step.release and step.release not in named:
            named.add(step.release)
            axes.annotate(
                step.release, (day, step.size), xytext=(-3, 5), textcoords="offset points", ha="right", fontsize=7
            )
    axes.set(title=f"{cls.name} grows at its end", ylabel="bytes", ylim=(0, cls.size * 1.1))
    axes.grid(axis="y", color="0.9")
    axes.spines[["top", "right"]].set_visible(False)


PICTURES = {"layout": layout, "growth": growth}
