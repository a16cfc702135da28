"""A diagram as Graphviz source: tables in the colours of their domains, crow's-foot ends."""

from html import escape

from .diagrams import Diagram, Edge
from .domains import DomainPage, domain_of
from .schema import Model, keys_of, type_of

# DejaVu Sans and Verdana are equally wide, so the text fits whichever a viewer has.
FONT = "DejaVu Sans,Verdana,Geneva,sans-serif"
NULLABLE = "○"
LEGEND = (
    f"PK primary key, FK foreign key, UQ in a unique constraint, {NULLABLE} may be NULL, "
    "… more columns",
    "Lines go from the referenced table to the foreign key. Ends: crow's foot = many, bar = one, "
    "circle = perhaps none. Dashed = the reference is optional.",
)


def dot_source(diagram: Diagram) -> str:
    """Return the Graphviz source of ``diagram``."""
    title = f'<FONT POINT-SIZE="20"><B>{escape(diagram.title)}</B></FONT>'
    legend = "".join(
        '<TR><TD ALIGN="LEFT"><FONT POINT-SIZE="10" COLOR="#555555">'
        f"{escape(line)}</FONT></TD></TR>"
        for line in LEGEND
    )
    lines = [
        "digraph erd {",
        "graph [rankdir=LR, splines=spline, nodesep=0.45, ranksep=0.9, pad=0.3",
        f'       fontname="{FONT}", labelloc=t, labeljust=l, bgcolor=white',
        '       label=<<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="3">'
        f'<TR><TD ALIGN="LEFT">{title}</TD></TR>{legend}</TABLE>>]',
        f'node [shape=plain, fontname="{FONT}", fontsize=10]',
        "edge [dir=both, arrowsize=0.8]",
    ]
    for domain in dict.fromkeys(domain_of(model.name) for model in diagram.models):
        lines += _cluster(diagram, domain)
    lines += [_edge(diagram, edge) for edge in diagram.edges]
    return "\n".join([*lines, "}", ""])


def _cluster(diagram: Diagram, domain: DomainPage) -> list[str]:
    members = [model for model in diagram.models if model.name in domain.tables]
    return [
        f"subgraph cluster_{domain.name} {{",
        f'label=<<B>{escape(domain.title)}</B>>; fontsize=14; fontcolor="{domain.colour}"',
        f'style="rounded,filled"; fillcolor="{domain.tint}"; color="{domain.tint}"; margin=18',
        *(f"{model.name} [label={_label(diagram, model, domain)}]" for model in members),
        "}",
    ]


def _label(diagram: Diagram, model: Model, domain: DomainPage) -> str:
    shown = diagram.columns_of(model)
    rows = []
    for column in shown:
        name = f"<B>{column.name}</B>" if column.primary_key else column.name
        kind = type_of(column) + (f" {NULLABLE}" if column.nullable else "")
        rows.append(
            f'<TR><TD PORT="{column.name}_w" ALIGN="LEFT">'
            f'<FONT COLOR="{domain.colour}" POINT-SIZE="8">{" ".join(keys_of(column))} </FONT></TD>'
            f'<TD ALIGN="LEFT">{name}</TD>'
            f'<TD PORT="{column.name}_e" ALIGN="LEFT">'
            f'<FONT COLOR="#666666">{kind}</FONT></TD></TR>'
        )
    if len(shown) < len(model.columns):
        rows.append('<TR><TD COLSPAN="3" ><FONT COLOR="#666666">…</FONT></TD></TR>')
    return (
        f'<<TABLE COLOR="{domain.colour}" BGCOLOR="white" CELLBORDER="0" CELLSPACING="0" '
        f'CELLPADDING="2"><TR><TD COLSPAN="3" BGCOLOR="{domain.colour}" CELLPADDING="5">'
        f'<FONT COLOR="white"><B>{model.name}</B></FONT></TD></TR>{"".join(rows)}</TABLE>>'
    )


def _edge(diagram: Diagram, edge: Edge) -> str:
    child_end = "teeodot" if edge.one_child else "crowodot"
    parent_end = "teeodot" if edge.optional_parent else "teetee"
    domain = domain_of(edge.parent)
    style = f'color="{domain.colour}"' + (", style=dashed" if edge.optional_parent else "")
    within = domain is domain_of(edge.child)
    weight = 2 if within and edge.parent != "users" else 1
    if edge.parent == "users" and edge.child in diagram.left_of_users:
        ends = f"{edge.child}:{edge.column}_e:e -> {edge.parent} "
        marks = f"arrowtail={child_end}, arrowhead={parent_end}"
    else:
        ends = f"{edge.parent} -> {edge.child}:{edge.column}_w:w "
        marks = f"arrowtail={parent_end}, arrowhead={child_end}"
    return f"{ends}[{marks}, weight={weight}, {style}]"
