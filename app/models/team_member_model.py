"""Table ``team_members`` (SDS 5.14, REQ-003, UAPM-1-010)."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import UUIDPrimaryKey
from ..db.value_lists import check_values, value_list

if TYPE_CHECKING:
    from .team_model import Team
    from .user_model import User


class TeamRole(StrEnum):
    """What a member may do in a team."""

    OWNER = "Owner"
    ADMIN = "Admin"
    EDITOR = "Editor"
    VIEWER = "Viewer"


class TeamMember(UUIDPrimaryKey, Base):
    """A user's membership of a team, with a role (SDS 5.14)."""

    __tablename__ = "team_members"
    __table_args__ = (
        UniqueConstraint(
            "team_id",
            "user_id",
            name="uq_teammember_team_user",
            info={"serves": "See whether a user belongs to a team."},
        ),
        check_values("role", TeamRole),
        Index(
            "idx_teammember_userid_role",
            "user_id",
            "role",
            info={"serves": "List the teams in which a user has a role."},
        ),
        Index("idx_teammember_teamid", "team_id", info={"serves": "List the members of a team."}),
        {
            "comment": "Memberships: which user is in which team, in which role.",
            **in_domain(Domain.ACCOUNTS),
        },
    )

    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[TeamRole] = mapped_column(value_list(TeamRole, 20))
    joined_at: Mapped[datetime] = mapped_column(server_default=func.now())

    team: Mapped["Team"] = relationship(back_populates="members")
    user: Mapped["User"] = relationship(back_populates="team_memberships")
