<%!
def code(body):
    """Drop the comments that Alembic puts around generated commands."""
    lines = [line for line in (body or "pass").splitlines() if "# ### " not in line]
    return "\n".join(lines).strip() or "pass"
%>\
<% points = context.get("review", {}).get(up_revision) %>\
"""${message}.

Why:
What:
Reference:

% if points:
Review, for data or the application is at stake:
% for point in points:
${point}
% endfor

% endif
Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date.replace(microsecond=0)}
"""

<%
    bodies = code(upgrades), code(downgrades)
    # What is to be completed by hand needs both.
    by_hand = bodies == ("pass", "pass") and not isinstance(down_revision, tuple)
    needed = {"sa": "import sqlalchemy as sa", "op": "from alembic import op"}
%>\
% for name, line in needed.items():
% if by_hand or any(f"{name}." in body for body in bodies):
${line}
% endif
% endfor
${imports if imports else ""}

revision: str = ${repr(up_revision)}
down_revision: str | tuple[str, ...] | None = ${repr(down_revision)}
branch_labels: str | tuple[str, ...] | None = ${repr(branch_labels)}
depends_on: str | tuple[str, ...] | None = ${repr(depends_on)}
% if context.get("chain"):
# What rows stop half-way is taken back, down to the first of these revisions.
chain: tuple[str, str] = ${repr(chain)}
% endif


def upgrade() -> None:
    ${code(upgrades)}


def downgrade() -> None:
    ${code(downgrades)}
