"""Table ``teams`` (SDS 5.13, REQ-003, UAPM-1-010)."""

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import Timestamps, UUIDPrimaryKey

if TYPE_CHECKING:
    from .brand_kit_model import BrandKit
    from .team_member_model import TeamMember
    from .user_model import User


class Team(UUIDPrimaryKey, Timestamps, Base):
    """A group of users who work together (SDS 5.13)."""

    __tablename__ = "teams"
    __table_args__ = (
        Index(
            "idx_team_ownerid",
            "owner_id",
            info={
                "serves": "List the teams a user owns; "
                "refuse to delete the user while there are any."
            },
        ),
        {"comment": "Groups of users who work together.", **in_domain(Domain.ACCOUNTS)},
    )

    name: Mapped[str] = mapped_column(String(100))
    owner_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="RESTRICT"),
        comment="Primary owner; a user who owns a team cannot be deleted.",
    )

    owner: Mapped["User"] = relationship(back_populates="owned_teams")
    members: Mapped[list["TeamMember"]] = relationship(
        back_populates="team", cascade="all", passive_deletes=True
    )
    brand_kits: Mapped[list["BrandKit"]] = relationship(
        back_populates="team", cascade="all", passive_deletes=True
    )
