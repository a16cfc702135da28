"""The changes: what a person edits, and what the commands say to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MODELS, DOCUMENTS = "app/models/", "tests/schema/documents/"
Edits = Mapping[str, tuple[tuple[str, str], ...]]

_COUPON = '''\
"""Table ``coupons``."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ..db.base import Base
from ..db.domains import Domain, in_domain
from ..db.mixins import Timestamps, UUIDPrimaryKey
from ..db.value_lists import check_values, value_list


class CouponKind(StrEnum):
    """What a coupon gives."""

    CREDITS = "credits"
    MONTHS = "months"


class Coupon(UUIDPrimaryKey, Timestamps, Base):
    """A code that gives something once."""

    __tablename__ = "coupons"
    __table_args__ = (
        check_values("kind", CouponKind),
        Index("idx_coupon_validuntil", "valid_until", info={"serves": "Clean up old coupons."}),
        {"comment": "Codes that give something once.", **in_domain(Domain.BILLING)},
    )

    code: Mapped[str] = mapped_column(String(20), comment="What is typed in.")
    kind: Mapped[CouponKind] = mapped_column(value_list(CouponKind, 20))
    valid_until: Mapped[datetime] = mapped_column(comment="When it stops being valid.")
'''
_COUPONS = """
COUPONS = Table(
    "coupons",
    columns=(
        ID,
        required("code", varchar(20)),
        required("kind", varchar(20), one_of=("credits", "months")),
        required("valid_until", TIMESTAMPTZ),
        CREATED_AT,
        UPDATED_AT,
    ),
    indexes=(index("idx_coupon_validuntil", "valid_until"),),
)
"""


@dataclass(frozen=True)
class Case:
    """A change: edits of files, new files, and files that go."""

    name: str
    edits: Edits
    new: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    by_hand: tuple[str, str] = ("", "")
    """The body of a revision written by hand, both ways, before autogenerate does the rest."""
    says: str = ""
    """What the written revision says to do."""
    stops: str = ""
    """What the upgrade says, and stops, until somebody does it."""

    @property
    def files(self) -> int:
        """How many files a person edits: with the changelog, and what is written by hand."""
        return len({*self.edits, *self.new, *self.gone}) + 1 + bool(self.by_hand[0])


def _query(index: str, sql: str) -> tuple[str, str]:
    return "QUERIES = (\n", f'QUERIES = (\n    Query("{index}", "A query.", "{sql}"),\n'


NAME = '    name: Mapped[str] = mapped_column(String(100), comment="'
IN_TEMPLATES = (f"{MODELS}template_model.py", f"{DOCUMENTS}studio.py")
_CONNECTIONS = "social_media_connections"

CASES = (
    Case(
        "nullable column",
        {
            f"{MODELS}template_model.py": (
                (
                    "    description: Mapped",
                    '    locale: Mapped[str | None] = mapped_column(String(10), comment="Language.")\n'
                    "    description: Mapped",
                ),
            ),
            f"{DOCUMENTS}studio.py": (
                (
                    '        required("category", varchar(50)),',
                    '        optional("locale", varchar(10)),\n'
                    '        required("category", varchar(50)),',
                ),
            ),
        },
    ),
    Case(
        "required column",
        {
            f"{MODELS}template_model.py": (
                (
                    "import ForeignKey, Index, String, true",
                    "import ForeignKey, Index, String, text, true",
                ),
                (
                    "    description: Mapped",
                    "    use_count: Mapped[int] = mapped_column(\n"
                    '        server_default=text("0"), comment="How many projects began from it."\n'
                    "    )\n    description: Mapped",
                ),
            ),
            f"{DOCUMENTS}studio.py": (
                (
                    '        required("category", varchar(50)),',
                    '        required("use_count", "integer", "0"),\n'
                    '        required("category", varchar(50)),',
                ),
            ),
        },
    ),
    Case(
        "renamed column",
        {
            f"{MODELS}template_model.py": (("    preview_url: Mapped", "    preview: Mapped"),),
            f"{DOCUMENTS}studio.py": (('required("preview_url",', 'required("preview",'),),
        },
        by_hand=(
            'op.alter_column("templates", "preview_url", new_column_name="preview")',
            'op.alter_column("templates", "preview", new_column_name="preview_url")',
        ),
    ),
    Case(
        "renamed column without saying so",
        {f"{MODELS}template_model.py": (("    preview_url: Mapped", "    preview: Mapped"),)},
        says="drops column templates.preview_url with its data",
        stops="not null templates.preview",
    ),
    Case(
        "renamed table",
        {
            f"{MODELS}social_media_connection_model.py": (
                (f'__tablename__ = "{_CONNECTIONS}"', '__tablename__ = "social_accounts"'),
            ),
            f"{DOCUMENTS}accounts.py": ((f'"{_CONNECTIONS}"', '"social_accounts"'),),
            f"{DOCUMENTS}notes.py": ((f'"{_CONNECTIONS}"', '"social_accounts"'),),
            f"{DOCUMENTS}queries/accounts.py": ((_CONNECTIONS, "social_accounts"),),
            "tests/schema/bulk.py": ((_CONNECTIONS, "social_accounts"),),
        },
        by_hand=(
            f'op.rename_table("{_CONNECTIONS}", "social_accounts")',
            f'op.rename_table("social_accounts", "{_CONNECTIONS}")',
        ),
    ),
    Case(
        "split column",
        {
            f"{MODELS}user_model.py": (
                (
                    "    full_name: Mapped[str | None] = mapped_column(\n        String(100),"
                    ' **classified(Classification.PERSONAL, "Name as the user wrote it")\n    )\n',
                    "    given_name: Mapped[str | None] = mapped_column(\n        String(50),"
                    ' **classified(Classification.PERSONAL, "First name")\n    )\n'
                    "    family_name: Mapped[str | None] = mapped_column(\n        String(50),"
                    ' **classified(Classification.PERSONAL, "Last name")\n    )\n',
                ),
            ),
            f"{DOCUMENTS}accounts.py": (
                (
                    '        optional("full_name", varchar(100)),',
                    '        optional("given_name", varchar(50)),\n'
                    '        optional("family_name", varchar(50)),',
                ),
            ),
        },
        says="drops column users.full_name with its data\n"
        "  First release code that does without it. To keep the data: ",
    ),
    Case(
        "other type",
        {
            f"{MODELS}generation_request_model.py": (
                ("from sqlalchemy import ", "from sqlalchemy import BigInteger, "),
                (
                    "processing_time_ms: Mapped[int | None] = mapped_column(",
                    "processing_time_ms: Mapped[int | None] = mapped_column(BigInteger, ",
                ),
            ),
            f"{DOCUMENTS}generation.py": (
                (
                    'optional("processing_time_ms", INTEGER)',
                    'optional("processing_time_ms", "bigint")',
                ),
            ),
        },
    ),
    Case(
        "other precision",
        {
            f"{MODELS}usage_log_model.py": (
                (
                    "from sqlalchemy import BigInteger, ",
                    "from sqlalchemy import BigInteger, Numeric, ",
                ),
                (
                    'mapped_column(comment="Credits this step consumed.")',
                    'mapped_column(Numeric(12, 4), comment="Credits this step consumed.")',
                ),
            ),
            f"{DOCUMENTS}billing.py": (
                ('optional("credits_cost", AMOUNT)', 'optional("credits_cost", "numeric(12,4)")'),
            ),
        },
    ),
    Case(
        "value added",
        {
            f"{MODELS}team_member_model.py": (
                ('    VIEWER = "Viewer"\n', '    VIEWER = "Viewer"\n    GUEST = "Guest"\n'),
            ),
            f"{DOCUMENTS}teams.py": (('"Editor", "Viewer")', '"Editor", "Viewer", "Guest")'),),
        },
    ),
    Case(
        "value removed",
        {
            f"{MODELS}ai_model_deployment_model.py": (('    ROLLED_BACK = "RolledBack"\n', ""),),
            f"{DOCUMENTS}ai_models.py": ((', "RolledBack")', ")"),),
        },
    ),
    Case(
        "value removed that rows have",
        {f"{MODELS}ai_model_validation_result_model.py": (('    PASSED = "Passed"\n', ""),)},
        stops="check constraint ai_model_validation_results.ck_ai_model_validation_results_",
    ),
    Case(
        "new table",
        {
            f"{MODELS}__init__.py": (
                ("from .credit_", "from .coupon_model import Coupon, CouponKind\nfrom .credit_"),
                (
                    '    "CreditTransaction",\n',
                    '    "Coupon",\n    "CouponKind",\n    "CreditTransaction",\n',
                ),
            ),
            f"{DOCUMENTS}__init__.py": (
                ("billing import CREDIT_", "billing import COUPONS, CREDIT_"),
                ("    AI_MODEL_FEEDBACKS,\n)\n", "    AI_MODEL_FEEDBACKS,\n    COUPONS,\n)\n"),
            ),
            f"{DOCUMENTS}billing.py": (("\n# SDS 5.10\n", f"{_COUPONS}\n# SDS 5.10\n"),),
            f"{DOCUMENTS}queries/billing.py": (
                _query(
                    "idx_coupon_validuntil",
                    "DELETE FROM coupons WHERE valid_until < '2071-01-03'",
                ),
            ),
        },
        new={f"{MODELS}coupon_model.py": _COUPON},
    ),
    Case(
        "index on a partitioned table",
        {
            f"{MODELS}notification_model.py": (
                (
                    '        Index(\n            "idx_notification_userid_isread_unread",',
                    '        Index("idx_notification_type", "type", info={"serves": "Count them."}),\n'
                    '        Index(\n            "idx_notification_userid_isread_unread",',
                ),
            ),
            f"{DOCUMENTS}accounts.py": (
                (
                    '        index("idx_notification_userid_isread_createdat"',
                    '        index("idx_notification_type", "type"),\n'
                    '        index("idx_notification_userid_isread_createdat"',
                ),
            ),
            f"{DOCUMENTS}queries/accounts.py": (
                _query(
                    "idx_notification_type",
                    "SELECT count(*) FROM notifications WHERE type = 'type 7'",
                ),
            ),
        },
    ),
    Case(
        "functional unique index",
        {
            f"{MODELS}team_model.py": (
                (
                    '        Index(\n            "idx_team_ownerid",',
                    '        Index(\n            "idx_team_name_unique",\n'
                    '            text("lower(name)"),\n            unique=True,\n'
                    '            info={"serves": "Find a team by its name."},\n        ),\n'
                    '        Index(\n            "idx_team_ownerid",',
                ),
                ("import ForeignKey, Index, String", "import ForeignKey, Index, String, text"),
            ),
            f"{DOCUMENTS}teams.py": (
                (
                    'indexes=(index("idx_team_ownerid", "owner_id"),)',
                    'indexes=(\n        index("idx_team_ownerid", "owner_id"),\n'
                    '        functional(index("idx_team_name_unique"), unique=True),\n    )',
                ),
                ("    index,\n", "    functional,\n    index,\n"),
            ),
            f"{DOCUMENTS}queries/accounts.py": (
                _query(
                    "idx_team_name_unique",
                    "SELECT * FROM teams WHERE lower(name) = 'name 7'",
                ),
            ),
        },
        says="unique",
    ),
    Case(
        "dropped table",
        {
            f"{MODELS}__init__.py": (
                (
                    "from .social_media_connection_model import SocialMediaConnection, SocialPlatform\n",
                    "",
                ),
                ('    "SocialMediaConnection",\n    "SocialPlatform",\n', ""),
            ),
            f"{MODELS}user_model.py": (
                ("    from .social_media_connection_model import SocialMediaConnection\n", ""),
                (
                    '    social_media_connections: Mapped[list["SocialMediaConnection"]] = relationship(\n'
                    '        back_populates="user", cascade="all", passive_deletes=True\n    )\n',
                    "",
                ),
            ),
            f"{DOCUMENTS}__init__.py": (("    SOCIAL_MEDIA_CONNECTIONS,\n", ""),),
            f"{DOCUMENTS}queries/accounts.py": (
                (
                    '    Query(\n        "uq_socialconnection_user_platform",\n'
                    '        "Fetch a user\'s token for the platform to publish on.",\n'
                    '        "SELECT * FROM social_media_connections WHERE user_id = :user_id '
                    "AND platform = 'LinkedIn'\",\n    ),\n",
                    "",
                ),
            ),
        },
        gone=(f"{MODELS}social_media_connection_model.py",),
        says="drops table social_media_connections with all its rows",
    ),
)
