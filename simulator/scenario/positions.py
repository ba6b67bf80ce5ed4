"""Where the keys of a TOML file stand: a small scanner of tables and keys.

`tomllib` reads values but tells no positions. This scanner reads the same (valid) text and tells the line of every
table header, key and inline key, so that a fault can be shown as ``file:line``.
"""

from __future__ import annotations

import re

__all__ = ["Path", "find_line", "key_lines"]

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)+")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRINGS = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' r"'''(?:.)*?'{3,5}|" r'"(?:[^"\\\n]|\\.)*"|' r"'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}\n#]+")


def key_lines(text: str) -> dict[Path, int]:
    """Map the path of every table and key of valid TOML `text` to its line, counted from 1.

    Examples
    --------
    >>> key_lines('id = "x"\\n[[issue]]\\nname = "price"\\n')
    {('id',): 1, ('issue',): 2, ('issue', 0): 2, ('issue', 0, 'name'): 3}
    """
    return _Scanner(text).scan()


def find_line(lines: dict[Path, int], path: Path) -> int | None:
    """Line of the longest known beginning of `path`; None for the whole file."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _unquoted(key: str) -> str:
    """A key without its quotes and escapes."""
    if "\\" in key and key.startswith('"'):
        import tomllib

        try:
            return str(tomllib.loads(f"key = {key}")["key"])
        except tomllib.TOMLDecodeError:  # only possible in text that tomllib refuses
            return key
    return key[1:-1] if key[:1] in ("'", '"') else key


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}
        self.breaks = [m.start() for m in re.finditer("\n", self.text)]

    def line(self) -> int:
        import bisect

        return bisect.bisect_left(self.breaks, self.at) + 1

    def blank(self) -> None:
        found = _BLANK.match(self.text, self.at)
        if found:
            self.at = found.end()

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        self.blank()
        while self.at < len(self.text):
            if self.text.startswith("[[", self.at):
                line = self.line()
                self.at += 2
                parent = self.resolve(self.dotted())
                self.at += 2
                index = self.counts.get(parent, -1) + 1
                self.counts[parent] = index
                self.opened(parent, line)
                table = (*parent, index)
                self.lines[table] = line
            elif self.text[self.at] == "[":
                line = self.line()
                self.at += 1
                table = self.resolve(self.dotted())
                self.at += 1
                self.opened(table, line)
            else:
                self.assignment(table)
            self.blank()
        return self.lines

    def opened(self, path: Path, line: int) -> None:
        """Note a header's line, also for the tables above it that have no header of their own."""
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def resolve(self, keys: list[str]) -> Path:
        """Path of a header's keys, with the position of the newest entry where one names a list of tables."""
        path: Path = ()
        for i, key in enumerate(keys):
            path = (*path, key)
            if i < len(keys) - 1 and path in self.counts:
                path = (*path, self.counts[path])
        return path

    def dotted(self) -> list[str]:
        keys: list[str] = []
        while True:
            self.blank()
            found = _STRINGS.match(self.text, self.at) or _BARE.match(self.text, self.at)
            if found is None:
                return keys
            keys.append(_unquoted(found.group()))
            self.at = found.end()
            self.blank()
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def assignment(self, table: Path) -> None:
        line = self.line()
        keys = self.dotted()
        if not keys:  # not a key: only possible in text that tomllib refuses; step on, never hang
            self.at += 1
            return
        for length in range(1, len(keys) + 1):
            self.lines.setdefault((*table, *keys[:length]), line)
        self.blank()
        self.at += 1  # the equals sign
        self.value((*table, *keys))

    def value(self, path: Path) -> None:
        self.blank()
        opening = self.text[self.at : self.at + 1]
        if opening == "{":
            self.at += 1
            self.blank()
            while self.at < len(self.text) and self.text[self.at] != "}":
                self.assignment(path)
                self.separator()
            self.at += 1
        elif opening == "[":
            self.at += 1
            self.blank()
            index = 0
            while self.at < len(self.text) and self.text[self.at] != "]":
                self.lines.setdefault((*path, index), self.line())
                self.value((*path, index))
                index += 1
                self.separator()
            self.at += 1
        else:
            found = _STRINGS.match(self.text, self.at) or _SCALAR.match(self.text, self.at)
            self.at = found.end() if found else self.at + 1

    def separator(self) -> None:
        self.blank()
        if self.text.startswith(",", self.at):
            self.at += 1
        self.blank()
