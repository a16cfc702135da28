"""Table ``api_clients`` (SDS 5.9, REQ-7-002)."""

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db.base import Base
from ..db.classification import Classification, classified
from ..db.domains import Domain, in_domain
from ..db.mixins import Timestamps, UUIDPrimaryKey

if TYPE_CHECKING:
    from .usage_log_model import UsageLog
    from .user_model import User


class APIClient(UUIDPrimaryKey, Timestamps, Base):
    """A developer's credentials for the public API (SDS 5.9)."""

    __tablename__ = "api_clients"
    __table_args__ = (
        UniqueConstraint(
            "api_key", name="uq_apiclient_apikey", info={"serves": "Authenticate an API call."}
        ),
        Index("idx_apiclient_userid", "user_id", info={"serves": "List a developer's API keys."}),
        {
            "comment": "API credentials of developers: public keys and hashed secrets.",
            **in_domain(Domain.ACCOUNTS),
        },
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100), comment="Name the user gave the key.")
    api_key: Mapped[str] = mapped_column(
        String(100), comment="Public identifier of the key, sent with each call."
    )
    secret_hash: Mapped[str] = mapped_column(
        String(255), **classified(Classification.HASHED, "Secret that goes with the key")
    )
    permissions: Mapped[dict[str, Any] | None] = mapped_column(
        comment="What the key may do, in detail."
    )
    is_active: Mapped[bool] = mapped_column(server_default=true())

    user: Mapped["User"] = relationship(back_populates="api_clients")
    usage_logs: Mapped[list["UsageLog"]] = relationship(
        back_populates="api_client", passive_deletes="all"
    )
