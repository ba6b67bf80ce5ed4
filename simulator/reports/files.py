"""Writing results: aside first, then renamed, so that no half-written file is ever left in place."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from simulator.errors import SimulatorError

__all__ = ["as_csv", "as_json", "output_folder", "write_file"]


def as_json(document: Any) -> str:
    """A document as JSON text; NaN and infinity become null, arrays become lists.

    Examples
    --------
    >>> print(as_json({"length": float("inf")}))
    {
      "length": null
    }
    """
    return json.dumps(_plain(document), indent=2, ensure_ascii=False, allow_nan=False)


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows with equal keys as CSV text; numbers in full precision, NaN and infinity as words."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    return [_plain(inner) for inner in value]


def output_folder(path: str | Path) -> Path:
    """Make sure, before any long work, that files can be written into a folder; it is made when they are.

    Raises
    ------
    SimulatorError
        With the reason why it cannot be used.
    """
    folder = Path(path).expanduser()
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    if not there.is_dir():
        raise SimulatorError(f"cannot write to {str(folder)!r}: a file of that name is in the way")
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise SimulatorError(f"cannot write to {str(folder)!r}: {error.strerror}") from None
    return folder


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file aside and rename it into place; its folder is made where it is missing.

    Raises
    ------
    SimulatorError
        When it cannot be written; an older file of that name is then still whole.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _aside(path) as temporary:
            temporary.write_bytes(data)
            temporary.replace(path)
    except OSError as error:
        raise SimulatorError(f"cannot write {str(path)!r}: {error.strerror}") from None


@contextlib.contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """A file beside `path` that is removed unless it was renamed, with the rights of an ordinary new file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    mask = os.umask(0)
    os.umask(mask)
    temporary = Path(name)
    temporary.chmod(0o666 & ~mask)
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
