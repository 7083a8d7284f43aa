"""What a fleet's records say, as columns: :func:`describe` is a step from record batch to record batch."""

from __future__ import annotations

from ..errors import CapcodecError
from ..meaning.gl import gl
from ..meaning.identify import identify
from ..meaning.lint import lint
from ..meaning.lint_rules import SEVERITIES
from ..meaning.mesa import mesa_named
from .decoding import KEPT, LONGEST, class_told, distinct
from .records import fleet_of, pa
from .remembered import remembered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DESCRIPTION = pa.schema(
    {
        "size": pa.uint32(),  # bytes
        "layout": pa.string(),  # of which struct, with its variant if it is one
        "first_release": pa.string(),
        "last_release": pa.string(),
        "releases": pa.list_(pa.string()),  # all that can have made it; empty if none can
        "gl_core": pa.string(),
        "gl_compatibility": pa.string(),
        "gl_es": pa.string(),
        "errors": pa.uint32(),  # findings of lint
        "warnings": pa.uint32(),
        "notes": pa.uint32(),
        "findings": pa.list_(pa.string()),  # their rules
        "error": pa.string(),  # why the rest is null
    }
)


def describe(batch: Any, mesa: str = "25.0") -> pa.RecordBatch:
    """Add to a fleet's record batch what identify, gl and lint say of each record; of equal ones they are asked once.

    What does not apply is null: only capsets 1, 2 and 4 tell of releases, and only 1 and 2 of OpenGL. Of bytes that
    cannot be read all is null but ``size``, and ``error`` says why.

    Args:
        batch: as of :func:`capcodec.fleet.records.fleet_of`; columns named as one of ``DESCRIPTION`` are replaced.
        mesa: the guests' Mesa; see :func:`capcodec.gl`.

    Returns:
        pyarrow.RecordBatch: the columns of the batch, and those of ``DESCRIPTION`` behind them.

    Raises:
        ArgumentError: it is no batch of a fleet, or the rules of that Mesa are not known.
    """
    batch, mesa = fleet_of(batch), mesa_named(mesa).name
    different, places = distinct(batch)
    rows = [_described(*each, mesa) for each in different]
    told = dict(rows)  # many of the different records are described alike
    order = {key: place for place, key in enumerate(told)}
    answers = pa.RecordBatch.from_pylist([*told.values()], DESCRIPTION)
    answers = answers.take(pa.array([order[key] for key, _ in rows], pa.int32()).take(places))
    kept = [name for name in batch.schema.names if name not in DESCRIPTION.names]
    return pa.record_batch(
        [*(batch.column(name) for name in kept), *answers.columns],
        pa.schema([*(batch.schema.field(name) for name in kept), *DESCRIPTION]),
    )


@remembered(KEPT, LONGEST)
def _described(capset_id: int, data: bytes, mesa: str) -> tuple[str, dict[str, Any]]:
    """A row, and before it a text that tells rows apart."""
    row: dict[str, Any] = {"size": len(data)}
    try:
        row |= _judged(class_told(capset_id, data).unpack(data), mesa)
    except CapcodecError as error:
        row["error"] = str(error)
    return repr(row), row


def _judged(caps: Any, mesa: str) -> dict[str, Any]:
    row: dict[str, Any] = {"layout": f"{caps.name} {caps.variant}".rstrip()}
    if caps.capset_id in (1, 2, 4):
        releases = identify(caps).releases
        row["releases"] = releases
        row["first_release"], row["last_release"] = (releases[0], releases[-1]) if releases else (None, None)
    if caps.capset_id in (1, 2):
        verdict = gl(caps, mesa=mesa)
        for profile in ("core", "compatibility", "es"):
            version = verdict.of(profile)
            row[f"gl_{profile}"] = version and "{}.{}".format(*version)
    findings = lint(caps)
    row["findings"] = [each.rule for each in findings]
    for severity in SEVERITIES:
        row[f"{severity}s"] = sum(each.severity == severity for each in findings)
    return row
