"""Which size step, commit and release brought each field of a struct."""

from __future__ import annotations

from ..schema import Mark
from .field import Field, Since

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_UNRELEASED = ("", "", "")  # commit, date and release of what no release has yet


class History:
    """The marks of a struct, met in the order of its declaration.

    Attributes:
        steps: where the struct once ended, oldest first. Its fields share this list.
    """

    __slots__ = ("_marks", "_union", "_unmarked", "steps")

    def __init__(self, union: bool) -> None:
        self.steps: list[Since] = []
        self._union = union
        self._marks: list[tuple[Mark, list[Field]]] = []
        self._unmarked: list[Field] = []  # since the last mark

    def add(self, field: Field) -> None:
        """A field stands here; the next mark brought it."""
        self._unmarked.append(field)

    def mark(self, mark: Mark) -> None:
        """A mark stands here: it brought the fields between it and the mark before it."""
        if mark.size is not None:
            self.steps.append(Since(mark.size, mark.commit, mark.date, mark.release))
        self._marks.append((mark, self._unmarked))
        self._unmarked = []

    def grow_with(self, last: Field, steps: Sequence[Since]) -> None:
        """The last field grows: the struct ended wherever that field did.

        Args:
            last: the field that was added last.
            steps: of its own struct.
        """
        released = self._unmarked == [last] or not self._marks
        for step in steps:
            origin = (step.commit, step.date, step.release) if released else _UNRELEASED
            self.steps.append(Since(last.offset + step.size, *origin))
        if released:
            self._unmarked.remove(last)
            first = steps[0]
            self._marks.append((Mark(None, first.commit, first.date, first.release), [last]))

    def end(self, size: int, unreleased: bool) -> None:
        """Nothing more comes: tell every field what brought it.

        Args:
            size: bytes of the struct.
            unreleased: do members stand behind the last mark?
        """
        if unreleased:
            grown = not self.steps or self.steps[-1].size < size
            self.mark(Mark(size if grown else None, *_UNRELEASED))
        if not self.steps:
            self.steps.append(Since(size, *_UNRELEASED))
        reached = 0
        for mark, fields in self._marks:
            reached = mark.size or reached
            for field in fields:
                field.mark = mark
                field.since_size = reached if self._union else 0
