"""The diagrams: every foreign key of the catalog, the right ends, nothing on top of another."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest
import sqlalchemy as sa
from pygraphviz import AGraph
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import ARRAY, ENUM

from app.reference.diagrams import DIAGRAMS, DIRECTORY, Diagram
from app.reference.dot import dot_source
from app.reference.mermaid import mermaid_text, mermaid_type
from app.reference.pictures import Picture
from tests.schema import catalog
from tests.schema.documents import BY_NAME, TABLES
from tests.support.databases import ROOT

FULL = DIAGRAMS[0]
SVG = "{http://www.w3.org/2000/svg}"
each_diagram = pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda diagram: diagram.name)
Ends = tuple[str, str, str, str, str]
# How Mermaid 9 to 11 read a line (erDiagram.jison); what more the newest read does not matter.
ATTRIBUTE = re.compile(
    r"[A-Za-z*_][A-Za-z0-9\-_\[\]()]* \w+( (PK|FK|UK)(, (PK|FK|UK))*)?( \"[^\"]*\")?"
)


@pytest.fixture(scope="module")
def layouts() -> dict[str, AGraph]:
    """Each diagram as Graphviz lays it out."""
    found = {}
    for diagram in DIAGRAMS:
        found[diagram.name] = AGraph(dot_source(diagram))
        found[diagram.name].layout(prog="dot")
    return found


def test_names_are_those_the_sds_asks_for() -> None:
    assert [diagram.name for diagram in DIAGRAMS] == [
        "creativeflow_ai_erd",
        "user_and_authentication",
        "creative_workflow",
        "ai_usage_and_billing",
    ]


def test_full_diagram_shows_each_table_with_all_its_columns() -> None:
    shown = texts(FULL)
    for table in TABLES:
        assert table.name in shown
        assert {column.name for column in table.columns} <= set(shown)
    assert sorted(FULL.tables) == sorted(BY_NAME)


def test_full_diagram_has_each_foreign_key_of_the_catalog_with_its_cardinality(
    connection: Connection,
) -> None:
    assert drawn_ends(FULL) == catalog_ends(connection)
    assert len(drawn_ends(FULL)) >= 42


@each_diagram
def test_diagram_has_the_foreign_keys_between_its_tables(
    connection: Connection, diagram: Diagram
) -> None:
    shown = set(diagram.tables)
    expected = {ends for ends in catalog_ends(connection) if {ends[0], ends[2]} <= shown}
    assert drawn_ends(diagram) == expected


@each_diagram
def test_mermaid_text_has_the_same_tables_and_foreign_keys(
    connection: Connection, diagram: Diagram
) -> None:
    page = (ROOT / DIRECTORY / f"{diagram.name}.md").read_text()
    assert set(re.findall(r"^    (\w+) \{$", page, flags=re.MULTILINE)) == set(diagram.tables)
    one, perhaps = {"||": "teetee", "|o": "teeodot"}, {"o|": "teeodot", "o{": "crowodot"}
    relationships = re.findall(r'(\w+) (\|[|o])--(o[|{]) (\w+) : "(\w+)"', page)
    assert {
        (parent, one[left], child, column, perhaps[right])
        for parent, left, right, child, column in relationships
    } == drawn_ends(diagram)


@each_diagram
def test_table_in_the_context_shows_its_keys_between_the_tables_and_no_other_column(
    connection: Connection, diagram: Diagram
) -> None:
    page = (ROOT / DIRECTORY / f"{diagram.name}.md").read_text()
    shown = {
        table: re.findall(r"^ {8}\S+ (\w+)", body, flags=re.MULTILINE)
        for table, body in re.findall(r"^    (\w+) \{\n(.*?)^    \}", page, flags=re.S | re.M)
    }
    ends = {(child, column) for _, _, child, column, _ in drawn_ends(diagram)}
    for table in diagram.tables:
        columns = [column.name for column in BY_NAME[table].columns]
        if table in diagram.context:
            columns = [name for name in columns if name == "id" or (table, name) in ends]
            assert len(columns) < len(BY_NAME[table].columns)
        assert shown[table] == columns
    assert set(shown) == set(diagram.tables)


@each_diagram
def test_mermaid_gives_each_type_as_a_word_that_mermaid_reads(diagram: Diagram) -> None:
    for line in re.findall(r"^ {8}(.*)$", mermaid_text(diagram), flags=re.MULTILINE):
        assert re.fullmatch(ATTRIBUTE, line), line


@pytest.mark.parametrize(
    ("type_", "word"),
    [
        (sa.Numeric(12, 4), "numeric"),
        (sa.Numeric(8), "numeric(8)"),
        (sa.Numeric(), "numeric"),
        (sa.String(20), "varchar(20)"),
        (sa.DateTime(timezone=True), "timestamptz"),
        (sa.DateTime(), "timestamp_without_time_zone"),
        (sa.Double(), "double_precision"),
        (ARRAY(sa.Numeric(5, 1)), "numeric[]"),
        (sa.String(10, collation="C"), "varchar(10)_collate_C"),
        (ENUM("on", "off", name="switch"), "switch"),
    ],
)
def test_mermaid_word_for_a_type_is_whole(type_: sa.types.TypeEngine[object], word: str) -> None:
    column = sa.Column("c", type_)
    sa.Table("t", sa.MetaData(), column)
    assert mermaid_type(column) == word
    assert re.fullmatch(ATTRIBUTE, f"{word} c")


@each_diagram
def test_pictures_show_the_source_they_are_stamped_with(diagram: Diagram) -> None:
    for suffix in (".svg", ".png"):
        picture = Picture(DIRECTORY / f"{diagram.name}{suffix}", dot_source(diagram))
        assert picture.is_current(ROOT)
    for table in diagram.tables:
        assert table in texts(diagram)


def test_picture_of_another_source_is_stale() -> None:
    source = dot_source(FULL)
    for suffix in (".svg", ".png"):
        picture = Picture(DIRECTORY / f"{FULL.name}{suffix}", source.replace("users", "people"))
        assert not picture.is_current(ROOT)


@each_diagram
def test_tables_do_not_overlap(layouts: dict[str, AGraph], diagram: Diagram) -> None:
    boxes = [box(node) for node in layouts[diagram.name].nodes()]
    assert len(boxes) == len(diagram.tables)
    for one, other in combinations(boxes, 2):
        assert not (
            one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
        )


@each_diagram
def test_picture_is_no_strip_and_its_letters_are_legible_at_100_percent(diagram: Diagram) -> None:
    width, height = png_size(diagram)
    assert 0.5 < width / height < 2
    points = re.findall(r'(?:POINT-SIZE="|fontsize=)([\d.]+)', dot_source(diagram))
    assert min(map(float, points)) >= 8  # 96 dots per inch: 11 pixels


def texts(diagram: Diagram) -> list[str]:
    """Return the words that the committed SVG shows."""
    root = ET.parse(ROOT / DIRECTORY / f"{diagram.name}.svg").getroot()  # noqa: S314
    return [(element.text or "").strip() for element in root.iter(f"{SVG}text")]


def drawn_ends(diagram: Diagram) -> set[Ends]:
    """Return (parent, its end, child, column, its end) of each line in the Graphviz source."""
    found = set()
    for line in dot_source(diagram).splitlines():
        edge = re.match(r"(\S+) -> (\S+) \[(.*)]$", line)
        if edge:
            tail, head, attributes = edge.groups()
            marks = dict(re.findall(r"arrow(tail|head)=(\w+)", attributes))
            ends = [(tail, marks["tail"]), (head, marks["head"])]
            (child, child_end), (parent, parent_end) = sorted(ends, key=lambda e: ":" not in e[0])
            table, port, _ = child.split(":")
            found.add((parent, parent_end, table, port[:-2], child_end))
    return found


def catalog_ends(connection: Connection) -> set[Ends]:
    """Return the same of each foreign key in the catalog, from NOT NULL and UNIQUE."""
    sql = """
        SELECT k.confrelid::regclass::text, k.conrelid::regclass::text, a.attname,
               a.attnotnull,
               EXISTS (SELECT FROM pg_constraint u WHERE u.conrelid = k.conrelid
                       AND u.contype = 'u' AND u.conkey = k.conkey)
        FROM pg_constraint k JOIN pg_attribute a ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'f' AND conparentid = 0
    """
    return {
        (
            parent,
            "teetee" if required else "teeodot",
            child,
            column,
            "teeodot" if unique else "crowodot",
        )
        for parent, child, column, required, unique in catalog.rows(connection, sql)
    }


def box(node: object) -> tuple[float, float, float, float]:
    """Return the left, lower, right and upper edge of a table, in points."""
    attributes = node.attr  # type: ignore[attr-defined]
    x, y = map(float, attributes["pos"].split(","))
    width, height = float(attributes["width"]) * 72, float(attributes["height"]) * 72
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def png_size(diagram: Diagram) -> tuple[int, int]:
    """Return the width and height in pixels, from the file's header."""
    header = (ROOT / DIRECTORY / f"{diagram.name}.png").read_bytes()[16:24]
    return int.from_bytes(header[:4]), int.from_bytes(header[4:])
