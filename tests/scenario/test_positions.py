"""The scanner that tells the line of every key, against TOML written by hand and against tomllib itself.

Source: TOML 1.0 (what a key, a header, a string and an inline table may look like).
"""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.scenario.positions import find_line, key_lines
from simulator.scenario.toml_writer import to_toml

TEXT = '''# a comment with "quotes" and [brackets]
id = "x" # [not.a.table]
summary = """
line with [a] and key = 1
and \\""" not the end
"""
raw = \'\'\'
'' two quotes, # no comment
\'\'\'
'single.quoted' = 1
"double \\"quoted\\"" = 2
"hor\\u0069zon" = 3
"" = 4
a.b . "c d".e = 5
list = [
  1, # one
  [2, "]"],
  { x = 1, y = { z = "}" } },
]
inline = { one = 1, two.three = "a, b = c", four = [1, 2] }
date = 1979-05-27 07:32:00

[table]
key = 1
[[issue]]
name = "price"
range = { from = 1, to = 2 }
[issue.vendor]
per_unit = 1.0
[[issue]]
name = "support"
[issue.vendor]
per_unit = 2.0
[deep.er.est] # only this header
k = 1
'''

LINES = {
    ("id",): 2,
    ("summary",): 3,
    ("raw",): 7,
    ("single.quoted",): 10,
    ('double "quoted"',): 11,
    ("horizon",): 12,
    ("",): 13,
    ("a",): 14,
    ("a", "b"): 14,
    ("a", "b", "c d"): 14,
    ("a", "b", "c d", "e"): 14,
    ("list",): 15,
    ("list", 0): 16,
    ("list", 1): 17,
    ("list", 1, 0): 17,
    ("list", 1, 1): 17,
    ("list", 2): 18,
    ("list", 2, "x"): 18,
    ("list", 2, "y"): 18,
    ("list", 2, "y", "z"): 18,
    ("inline",): 20,
    ("inline", "one"): 20,
    ("inline", "two"): 20,
    ("inline", "two", "three"): 20,
    ("inline", "four"): 20,
    ("inline", "four", 0): 20,
    ("inline", "four", 1): 20,
    ("date",): 21,
    ("table",): 23,
    ("table", "key"): 24,
    ("issue",): 25,
    ("issue", 0): 25,
    ("issue", 0, "name"): 26,
    ("issue", 0, "range"): 27,
    ("issue", 0, "range", "from"): 27,
    ("issue", 0, "range", "to"): 27,
    ("issue", 0, "vendor"): 28,
    ("issue", 0, "vendor", "per_unit"): 29,
    ("issue", 1): 30,
    ("issue", 1, "name"): 31,
    ("issue", 1, "vendor"): 32,
    ("issue", 1, "vendor", "per_unit"): 33,
    ("deep",): 34,
    ("deep", "er"): 34,
    ("deep", "er", "est"): 34,
    ("deep", "er", "est", "k"): 35,
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_kind_of_key(newline):
    text = TEXT.replace("\n", newline)
    tomllib.loads(text)
    assert key_lines(text) == LINES


def test_beginning_of_a_path_is_enough():
    lines = key_lines(TEXT)
    assert find_line(lines, ("issue", 1, "client", "per_unit")) == 30
    assert find_line(lines, ("nothing", "here")) is None
    assert find_line(lines, ()) is None


@pytest.mark.parametrize(
    "text", ['s = """a""""', 's = """"""', "s = ''''a'''", 's = ""', 's = """\\\n  a"""', "s = ''"]
)
def test_strings_end_where_they_end(text):
    assert key_lines(f"{text}\nt = 1\n")[("t",)] == f"{text}\n".count("\n") + 1


def paths(value, path=()):
    """Every path of a document: keys and places in lists."""
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return
    for key, inner in items:
        yield (*path, key)
        yield from paths(inner, (*path, key))


keys = st.text("ab .\"'#=[]{}\\é\n", max_size=4)
scalars = st.one_of(st.integers(-5, 5), st.booleans(), st.floats(-1, 1), st.text("ab\"'#=[]{}\\,\n", max_size=6))
documents = st.dictionaries(
    keys,
    st.recursive(
        scalars,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
        max_leaves=8,
    ),
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(documents)
def test_every_path_of_a_written_document_has_a_line(document):
    text = to_toml(document)
    assert tomllib.loads(text) == document
    lines = key_lines(text)
    assert set(paths(document)) <= set(lines)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


@settings(max_examples=300, deadline=None)
@given(st.text("ab=[]{}\"'.,#\n\\ 1", max_size=40))
def test_scanner_ends_on_any_text(text):
    key_lines(text)  # valid or not: never hangs, never raises
