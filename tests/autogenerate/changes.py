"""Changes a developer can make to the models: what is edited, by name, on freshly imported models.

Each function takes the metadata of the real models and edits it in place.
"""

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import DDL, MetaData, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import conv

Change = Callable[[MetaData], object]
CHANGES: dict[str, Change] = {}
BEFORE: dict[str, str] = {}
"""For a change that begins where another one ended: the name of that one."""


def change(function: Change) -> Change:
    """Add ``function`` to the changes, under its own name."""
    CHANGES[function.__name__] = function
    return function


def after(first: Change) -> Callable[[Change], Change]:
    """Add a function to the changes that begins where ``first`` ended."""

    def add(function: Change) -> Change:
        BEFORE[function.__name__] = first.__name__
        return change(function)

    return add


def earlier_than(name: str) -> Iterator[str]:
    """Yield the changes that ``name`` comes after, the nearest first."""
    while name in BEFORE:
        name = BEFORE[name]
        yield name


def column(metadata: MetaData, table: str, name: str) -> sa.Column[Any]:
    return metadata.tables[table].c[name]


def add_column(metadata: MetaData, table: str, new: sa.Column[Any]) -> None:
    metadata.tables[table].append_column(new)


def drop_column(metadata: MetaData, table: str, name: str) -> None:
    parent = metadata.tables[table]
    gone = parent.c[name]
    for constraint in list(parent.constraints):
        if gone.name in getattr(constraint, "columns", {}) and not isinstance(
            constraint, sa.PrimaryKeyConstraint
        ):
            parent.constraints.remove(constraint)
    for index in list(parent.indexes):
        if gone.name in index.columns:
            parent.indexes.remove(index)
    parent.foreign_keys.difference_update(gone.foreign_keys)
    parent._columns.remove(gone)


def constraint(metadata: MetaData, table: str, name: str) -> sa.Constraint:
    return next(each for each in metadata.tables[table].constraints if each.name == name)


def drop_constraint(metadata: MetaData, table: str, name: str) -> None:
    metadata.tables[table].constraints.remove(constraint(metadata, table, name))


def primary_key(metadata: MetaData, table: str, *columns: str) -> None:
    """Give ``table`` another primary key, under the same name."""
    parent = metadata.tables[table]
    parent.constraints.discard(parent.primary_key)
    for each in parent.columns:
        each.primary_key = each.name in columns
    parent.append_constraint(sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}"))


def no_primary_key(metadata: MetaData, table: str) -> None:
    """Leave ``table`` without a primary key; its columns stay NOT NULL."""
    parent = metadata.tables[table]
    drop_constraint(metadata, table, f"pk_{table}")
    for each in parent.columns:
        each.primary_key = False
    parent.append_constraint(sa.PrimaryKeyConstraint())


def index(metadata: MetaData, table: str, name: str) -> sa.Index:
    return next(each for each in metadata.tables[table].indexes if each.name == name)


def replace_index(
    metadata: MetaData, table: str, name: str, *columns: object, **how: object
) -> None:
    parent = metadata.tables[table]
    parent.indexes.remove(index(metadata, table, name))
    resolved = [parent.c[each] if isinstance(each, str) else each for each in columns]
    sa.Index(name, *resolved, **how)  # type: ignore[arg-type]


def check(metadata: MetaData, table: str, name: str, sql: str, **how: object) -> None:
    """Add a CHECK, in place of the one with the same name if there is one."""
    parent = metadata.tables[table]
    full_name = f"ck_{table}_{name}"
    for each in list(parent.constraints):
        if each.name == full_name:
            parent.constraints.remove(each)
    parent.append_constraint(sa.CheckConstraint(sql, name=name, **how))  # type: ignore[arg-type]


def foreign_key(
    metadata: MetaData, table: str, name: str, target: str, on: str, **how: object
) -> None:
    """Add a foreign key, in place of the one on the same column if there is one."""
    parent = metadata.tables[table]
    for each in list(parent.constraints):
        if isinstance(each, sa.ForeignKeyConstraint) and list(each.columns.keys()) == [on]:
            parent.constraints.remove(each)
            parent.foreign_keys.difference_update(each.elements)
            parent.c[on].foreign_keys.difference_update(each.elements)
    parent.append_constraint(sa.ForeignKeyConstraint([on], [target], name=name, **how))  # type: ignore[arg-type]


def after_create(metadata: MetaData, sql: str, table: str | None = None) -> None:
    _listen(metadata, metadata.tables[table] if table else metadata, "after_create", sql)


def before_create(metadata: MetaData, sql: str) -> None:
    _listen(metadata, metadata, "before_create", sql)


def _listen(metadata: MetaData, target: MetaData | sa.Table, name: str, sql: str) -> None:
    listener = (target, name, ddl(sql))
    event.listen(*listener)
    metadata.info.setdefault("listeners", []).append(listener)


def take_back(metadata: MetaData) -> None:
    """Forget all that changes have the models run before and after their creation."""
    for listener in metadata.info.pop("listeners"):
        event.remove(*listener)


def ddl(sql: str) -> DDL:
    return DDL(sql.replace("%", "%%"))  # type: ignore[no-untyped-call]


# Columns


@change
def column_added(m: MetaData) -> None:
    add_column(m, "users", sa.Column("nickname", sa.String(50), comment="What friends say."))


@change
def column_added_not_null_with_default(m: MetaData) -> None:
    add_column(
        m, "users", sa.Column("level", sa.Integer, server_default=sa.text("1"), nullable=False)
    )


@change
def column_added_to_partitioned_table(m: MetaData) -> None:
    add_column(m, "usage_logs", sa.Column("source", sa.String(20), server_default="web"))


@change
def columns_of_many_types_added(m: MetaData) -> None:
    types: dict[str, sa.types.TypeEngine[Any]] = {
        "c_array": postgresql.ARRAY(sa.String(10)),
        "c_bit": postgresql.BIT(3),
        "c_bytea": sa.LargeBinary(),
        "c_collated": sa.String(10, collation="C"),
        "c_date": sa.Date(),
        "c_double": sa.Double(),
        "c_inet": postgresql.INET(),
        "c_interval": postgresql.INTERVAL(precision=3),
        "c_jsonb": postgresql.JSONB(),
        "c_numeric": sa.Numeric(8, 3),
        "c_range": postgresql.TSTZRANGE(),
        "c_smallint": sa.SmallInteger(),
        "c_time": sa.Time(),
        "c_timestamp": postgresql.TIMESTAMP(precision=0, timezone=True),
        "c_tsvector": postgresql.TSVECTOR(),
    }
    for name, type_ in types.items():
        add_column(m, "assets", sa.Column(name, type_))


@change
def column_default_with_colons_and_percent(m: MetaData) -> None:
    add_column(m, "assets", sa.Column("mask", sa.Text, server_default=r"a:b :c 100% \d '::text"))


@change
def column_dropped(m: MetaData) -> None:
    drop_column(m, "users", "full_name")


@change
def column_with_default_index_and_check_dropped(m: MetaData) -> None:
    drop_column(m, "users", "subscription_tier")
    drop_constraint(m, "users", "ck_users_subscription_tier")


@change
def column_with_foreign_key_dropped(m: MetaData) -> None:
    drop_column(m, "workbenches", "default_brand_kit_id")


@change
def column_dropped_from_partitioned_table(m: MetaData) -> None:
    drop_column(m, "usage_logs", "details")


@change
def column_renamed(m: MetaData) -> None:
    drop_column(m, "assets", "resolution")
    add_column(m, "assets", sa.Column("pixel_size", sa.String(20)))


@change
def type_widened(m: MetaData) -> None:
    column(m, "users", "full_name").type = sa.String(200)


@change
def type_narrowed(m: MetaData) -> None:
    column(m, "users", "full_name").type = sa.String(50)


@change
def type_changed_with_default(m: MetaData) -> None:
    tier = column(m, "users", "timezone")
    tier.type = sa.Integer()
    tier.server_default = sa.DefaultClause(sa.text("0"))


@change
def type_changed_of_checked_column(m: MetaData) -> None:
    column(m, "team_members", "role").type = sa.Text()


@change
def type_changed_of_referenced_key(m: MetaData) -> None:
    column(m, "brand_kits", "id").type = sa.String(36)
    column(m, "brand_kits", "id").server_default = sa.DefaultClause(
        sa.text("gen_random_uuid()::text")
    )
    column(m, "workbenches", "default_brand_kit_id").type = sa.String(36)
    column(m, "projects", "brand_kit_id").type = sa.String(36)


@change
def type_changed_on_partitioned_table(m: MetaData) -> None:
    column(m, "usage_logs", "credits_cost").type = sa.Numeric(12, 4)


@change
def type_changed_under_view(m: MetaData) -> None:
    column(m, "users", "full_name").type = sa.Text()
    after_create(m, "CREATE VIEW names AS SELECT id, full_name FROM users")


@change
def collation_changed(m: MetaData) -> None:
    column(m, "users", "username").type = sa.String(50, collation="C")


@change
def column_made_not_null(m: MetaData) -> None:
    column(m, "users", "full_name").nullable = False


@change
def column_made_nullable(m: MetaData) -> None:
    column(m, "assets", "mime_type").nullable = True


@change
def column_made_nullable_on_partitioned_table(m: MetaData) -> None:
    column(m, "usage_logs", "action_type").nullable = True


@change
def default_added(m: MetaData) -> None:
    column(m, "assets", "format").server_default = sa.DefaultClause("png")


@change
def default_changed(m: MetaData) -> None:
    column(m, "users", "credit_balance").server_default = sa.DefaultClause(sa.text("10.00"))


@change
def default_removed(m: MetaData) -> None:
    column(m, "users", "language_preference").server_default = None


@change
def default_changed_on_partitioned_table(m: MetaData) -> None:
    column(m, "usage_logs", "timestamp").server_default = sa.DefaultClause(
        sa.text("clock_timestamp()")
    )


@change
def several_properties_of_one_column_changed(m: MetaData) -> None:
    name = column(m, "users", "full_name")
    name.type = sa.String(120)
    name.nullable = False
    name.server_default = sa.DefaultClause("Anonymous")
    name.comment = "Name to show."


@change
def identity_column_added(m: MetaData) -> None:
    add_column(m, "teams", sa.Column("number", sa.Integer, sa.Identity(always=True, start=100)))


@after(identity_column_added)
def identity_changed(m: MetaData) -> None:
    column(m, "teams", "number").identity = sa.Identity(increment=5, cycle=True, maxvalue=999)


@after(identity_column_added)
def identity_sequence_renamed_and_set(m: MetaData) -> None:
    after_create(m, "ALTER SEQUENCE teams_number_seq RENAME TO team_numbers")
    after_create(m, "ALTER SEQUENCE team_numbers SET UNLOGGED")
    after_create(m, "COMMENT ON SEQUENCE team_numbers IS 'Numbers of teams'")


@after(identity_sequence_renamed_and_set)
def identity_sequence_reset(m: MetaData) -> None:
    after_create(m, "ALTER SEQUENCE team_numbers SET LOGGED")
    after_create(m, "COMMENT ON SEQUENCE team_numbers IS NULL")


@after(identity_sequence_renamed_and_set)
def identity_with_a_name_of_its_own_dropped(m: MetaData) -> None:
    drop_column(m, "teams", "number")
    take_back(m)


@change
def identity_column_added_with_a_name_of_its_own(m: MetaData) -> None:
    add_column(m, "teams", sa.Column("number", sa.Integer, sa.Identity()))
    after_create(m, 'ALTER SEQUENCE teams_number_seq RENAME TO "Team numbers"')


@change
def column_turned_into_identity(m: MetaData) -> None:
    column(m, "asset_versions", "version_number").identity = sa.Identity(start=100)


@change
def nullable_column_added(m: MetaData) -> None:
    add_column(m, "assets", sa.Column("position", sa.Integer))


@after(nullable_column_added)
def identity_and_not_null_together(m: MetaData) -> None:
    position = column(m, "assets", "position")
    position.nullable = False
    position.identity = sa.Identity(always=True)


@change
def serial_key_made_plain_column(m: MetaData) -> None:
    key = column(m, "usage_logs", "id")
    primary_key(m, "usage_logs", "action_type", "timestamp")
    key.autoincrement = False


@change
def generated_column_added(m: MetaData) -> None:
    add_column(
        m, "users", sa.Column("email_lower", sa.Text, sa.Computed("lower(email)", persisted=True))
    )


@after(generated_column_added)
def generated_expression_changed(m: MetaData) -> None:
    drop_column(m, "users", "email_lower")
    add_column(
        m, "users", sa.Column("email_lower", sa.Text, sa.Computed("upper(email)", persisted=True))
    )


@change
def generated_column_with_properties_added(m: MetaData) -> None:
    generated_column_added(m)
    after_create(
        m,
        "ALTER TABLE users ALTER email_lower SET STATISTICS 500, ALTER email_lower SET STORAGE "
        "EXTERNAL, ALTER email_lower SET (n_distinct = 7)",
    )
    after_create(m, "COMMENT ON COLUMN users.email_lower IS 'For searching'")
    after_create(m, "CREATE INDEX idx_user_lower ON users (email_lower)")


@after(generated_column_with_properties_added)
def generated_expression_changed_under_properties(m: MetaData) -> None:
    generated_expression_changed(m)


@after(generated_column_with_properties_added)
def generated_column_made_plain_under_properties(m: MetaData) -> None:
    column(m, "users", "email_lower").server_default = None
    column(m, "users", "email_lower").computed = None


# Comments


@change
def table_comment_changed(m: MetaData) -> None:
    m.tables["users"].comment = "People, and 'quotes' \\ backslashes: 100%."


@change
def table_comment_removed(m: MetaData) -> None:
    m.tables["users"].comment = None


@change
def column_comment_added(m: MetaData) -> None:
    column(m, "users", "last_login_at").comment = "When the user last signed in."


@change
def column_comment_changed_on_partitioned_table(m: MetaData) -> None:
    column(m, "usage_logs", "details").comment = "More about it."


@change
def constraint_and_index_comments_added(m: MetaData) -> None:
    constraint(m, "users", "uq_user_email").comment = "One account per address."
    after_create(m, "COMMENT ON INDEX idx_user_deletedat IS 'Soft-deleted users'")


@change
def comments_on_what_stands_behind_others_added(m: MetaData) -> None:
    after_create(m, "COMMENT ON INDEX uq_user_email IS 'Behind the rule'")
    before_create(m, "CREATE DOMAIN percent AS integer CONSTRAINT small CHECK (VALUE < 100)")
    before_create(m, "COMMENT ON CONSTRAINT small ON DOMAIN percent IS 'Of a hundred'")
    before_create(m, "CREATE TYPE size AS (width integer, height integer)")
    before_create(m, "COMMENT ON COLUMN size.width IS 'From left to right'")


@after(comments_on_what_stands_behind_others_added)
def comments_on_what_stands_behind_others_changed(m: MetaData) -> None:
    after_create(m, "COMMENT ON INDEX uq_user_email IS 'Still behind it'")
    after_create(m, "COMMENT ON CONSTRAINT small ON DOMAIN percent IS NULL")
    after_create(m, "COMMENT ON COLUMN size.width IS 'Broad'")


# Constraints


@change
def check_added(m: MetaData) -> None:
    check(m, "users", "credit_balance", "credit_balance >= 0")


@change
def check_added_to_partitioned_table(m: MetaData) -> None:
    check(m, "usage_logs", "credits_cost", "credits_cost >= 0")


@after(check_added_to_partitioned_table)
def type_changed_of_checked_column_on_partitioned_table(m: MetaData) -> None:
    column(m, "usage_logs", "credits_cost").type = sa.Numeric(12, 4)


@change
def check_changed(m: MetaData) -> None:
    check(m, "users", "social_provider", "social_provider::text IN ('google', 'github')")


@change
def check_with_in_list_over_varchar(m: MetaData) -> None:
    check(m, "users", "social_provider", "social_provider IN ('google', 'github')")


@change
def check_with_colons_and_percent(m: MetaData) -> None:
    sql = r"name NOT LIKE '%\:temp\:%' AND name <> 'a\:b' AND name !~ '\\:x'"
    check(m, "assets", "name", sql)


@change
def check_with_percent(m: MetaData) -> None:
    check(m, "users", "full_name", "full_name <> '100%'")


@change
def index_with_percent_in_its_predicate(m: MetaData) -> None:
    table = m.tables["teams"]
    sa.Index("idx_team_percent", table.c.name, postgresql_where=sa.text("name LIKE '1%'"))


@change
def unique_with_include_and_nulls_not_distinct_deferrable(m: MetaData) -> None:
    m.tables["teams"].append_constraint(
        sa.UniqueConstraint(
            "name",
            name="uq_team_name",
            deferrable=True,
            initially="DEFERRED",
            postgresql_include=["owner_id"],
            postgresql_nulls_not_distinct=True,
        )
    )


@change
def check_dropped(m: MetaData) -> None:
    drop_constraint(m, "users", "ck_users_social_provider")


TIERS = "subscription_tier::text IN ('Free', 'Team', 'Enterprise', {})"


@change
def check_widened(m: MetaData) -> None:
    check(m, "users", "subscription_tier", TIERS.format("'Pro', 'Studio'"))


@change
def check_narrowed(m: MetaData) -> None:
    check(m, "users", "subscription_tier", TIERS.format("'Team'"))


@change
def check_widened_and_narrowed(m: MetaData) -> None:
    check(m, "users", "subscription_tier", TIERS.format("'Studio'"))


@change
def check_widened_and_narrowed_on_partitioned_table(m: MetaData) -> None:
    check(m, "usage_logs", "action", "action_type <> '' OR user_id IS NULL")
    check(m, "credit_transactions", "credits_amount", "amount BETWEEN -100 AND 1000000")


@change
def check_made_not_valid(m: MetaData) -> None:
    check(m, "assets", "name", "name <> ''", postgresql_not_valid=True)


@change
def unique_added(m: MetaData) -> None:
    m.tables["teams"].append_constraint(sa.UniqueConstraint("owner_id", "name", name="uq_team"))


@change
def unique_columns_reordered(m: MetaData) -> None:
    drop_constraint(m, "team_members", "uq_teammember_team_user")
    m.tables["team_members"].append_constraint(
        sa.UniqueConstraint("user_id", "team_id", name="uq_teammember_team_user")
    )


@change
def unique_made_deferrable(m: MetaData) -> None:
    unique = constraint(m, "users", "uq_user_email")
    unique.deferrable, unique.initially = True, "DEFERRED"


@change
def unique_nulls_not_distinct(m: MetaData) -> None:
    drop_constraint(m, "users", "uq_user_username")
    m.tables["users"].append_constraint(
        sa.UniqueConstraint("username", name="uq_user_username", postgresql_nulls_not_distinct=True)
    )


@change
def unique_turned_into_index(m: MetaData) -> None:
    drop_constraint(m, "users", "uq_user_email")
    sa.Index("uq_user_email", m.tables["users"].c.email, unique=True)


@change
def unique_dropped(m: MetaData) -> None:
    drop_constraint(m, "users", "uq_user_username")


@change
def unique_added_to_partitioned_table(m: MetaData) -> None:
    m.tables["notifications"].append_constraint(
        sa.UniqueConstraint("id", "created_at", "type", name="uq_notification")
    )


@change
def primary_key_reordered_on_partitioned_table(m: MetaData) -> None:
    primary_key(m, "notifications", "created_at", "id")


@change
def primary_key_extended(m: MetaData) -> None:
    primary_key(m, "sessions", "id", "user_id")


@change
def primary_key_replaced_under_foreign_keys(m: MetaData) -> None:
    drop_constraint(m, "users", "pk_users")
    m.tables["users"].append_constraint(
        sa.PrimaryKeyConstraint("id", name="pk_users", postgresql_include=["username"])
    )


@change
def primary_key_left_to_a_unique_rule(m: MetaData) -> None:
    drop_constraint(m, "teams", "pk_teams")
    m.tables["teams"].append_constraint(sa.PrimaryKeyConstraint("id", "owner_id", name="pk_teams"))
    m.tables["teams"].append_constraint(sa.UniqueConstraint("id", name="uq_teams_id"))
    sql = "CREATE VIEW members AS SELECT t.id, t.name, count(*) FROM teams t JOIN team_members m"
    after_create(m, f"{sql} ON m.team_id = t.id GROUP BY t.id, t.owner_id")


@change
def primary_key_replaced_under_view(m: MetaData) -> None:
    after_create(m, "CREATE VIEW n AS SELECT id, name, count(*) FROM brand_kits GROUP BY id")


@after(primary_key_replaced_under_view)
def primary_key_replaced_under_view_and_foreign_keys(m: MetaData) -> None:
    drop_constraint(m, "brand_kits", "pk_brand_kits")
    m.tables["brand_kits"].append_constraint(
        sa.PrimaryKeyConstraint("id", name="pk_brand_kits", postgresql_include=["user_id"])
    )


@change
def primary_key_dropped(m: MetaData) -> None:
    no_primary_key(m, "sessions")


@after(primary_key_dropped)
def primary_key_added_on_another_column(m: MetaData) -> None:
    column(m, "sessions", "ip_address").nullable = False
    m.tables["sessions"].append_constraint(
        sa.PrimaryKeyConstraint("id", "ip_address", name="pk_sessions")
    )


@after(unique_added_to_partitioned_table)
def unique_replaced_on_partitioned_table(m: MetaData) -> None:
    drop_constraint(m, "notifications", "uq_notification")
    m.tables["notifications"].append_constraint(
        sa.UniqueConstraint("created_at", "id", name="uq_notification", postgresql_include=["type"])
    )


@after(unique_replaced_on_partitioned_table)
def unique_dropped_from_partitioned_table(m: MetaData) -> None:
    drop_constraint(m, "notifications", "uq_notification")


@change
def unique_index_added_to_partitioned_table(m: MetaData) -> None:
    columns = m.tables["notifications"].c
    sa.Index("idx_unique", columns.created_at, columns.id, columns.type, unique=True)


@change
def primary_key_of_partitioned_table_replaced_under_foreign_key(m: MetaData) -> None:
    sa.Table(
        "remarks",
        m,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("notification_id", sa.Uuid),
        sa.Column("created_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["notification_id", "created_at"],
            ["notifications.id", "notifications.created_at"],
            name="fk_remarks_notification",
        ),
    )


@after(primary_key_of_partitioned_table_replaced_under_foreign_key)
def primary_key_of_partitioned_table_replaced(m: MetaData) -> None:
    primary_key(m, "notifications", "created_at", "id")


@change
def exclusion_constraint_added(m: MetaData) -> None:
    sessions = m.tables["sessions"]
    sessions.append_constraint(
        postgresql.ExcludeConstraint(
            (sa.func.tstzrange(sessions.c.created_at, sessions.c.expires_at), "&&"),
            name="ex_sessions_time",
            using="gist",
        )
    )


# Foreign keys


@change
def foreign_key_added(m: MetaData) -> None:
    add_column(m, "templates", sa.Column("team_id", sa.Uuid))
    foreign_key(m, "templates", "fk_templates_team_id", "teams.id", "team_id", ondelete="CASCADE")


@change
def foreign_key_action_changed(m: MetaData) -> None:
    foreign_key(
        m, "workbenches", "fk_workbenches_user_id", "users.id", "user_id", ondelete="RESTRICT"
    )


@change
def foreign_key_renamed(m: MetaData) -> None:
    foreign_key(m, "teams", "fk_teams_owner", "users.id", "owner_id", ondelete="RESTRICT")


@change
def foreign_key_made_deferrable(m: MetaData) -> None:
    foreign_key(
        m,
        "teams",
        "fk_teams_owner_id",
        "users.id",
        "owner_id",
        ondelete="RESTRICT",
        deferrable=True,
        initially="DEFERRED",
    )


@change
def foreign_key_changed_on_partitioned_table(m: MetaData) -> None:
    foreign_key(m, "usage_logs", "fk_usage_logs_user_id", "users.id", "user_id", ondelete="CASCADE")


@change
def foreign_key_dropped(m: MetaData) -> None:
    drop_constraint(m, "teams", "fk_teams_owner_id")


@change
def foreign_key_to_new_unique_column(m: MetaData) -> None:
    add_column(m, "teams", sa.Column("code", sa.String(10)))
    m.tables["teams"].append_constraint(sa.UniqueConstraint("code", name="uq_team_code"))
    add_column(m, "assets", sa.Column("team_code", sa.String(10)))
    foreign_key(m, "assets", "fk_assets_team_code", "teams.code", "team_code")


@after(foreign_key_to_new_unique_column)
def unique_rule_replaced_under_foreign_key(m: MetaData) -> None:
    drop_constraint(m, "teams", "uq_team_code")
    m.tables["teams"].append_constraint(
        sa.UniqueConstraint("code", name="uq_team_code", postgresql_include=["name"])
    )


@change
def foreign_key_on_unique_index(m: MetaData) -> None:
    teams = m.tables["teams"]
    add_column(m, "teams", sa.Column("code", sa.String(10)))
    sa.Index("idx_team_code", teams.c.code, unique=True)
    add_column(m, "assets", sa.Column("team_code", sa.String(10)))
    foreign_key(m, "assets", "fk_assets_team_code", "teams.code", "team_code")


@after(foreign_key_on_unique_index)
def unique_index_replaced_under_foreign_key(m: MetaData) -> None:
    replace_index(m, "teams", "idx_team_code", "code", unique=True, postgresql_include=["name"])


@change
def foreign_key_dropped_from_partitioned_table(m: MetaData) -> None:
    drop_constraint(m, "usage_logs", "fk_usage_logs_user_id")


@change
def foreign_key_on_column_with_a_dollar_quote(m: MetaData) -> None:
    add_column(m, "usage_logs", sa.Column("$do$ $do_$", sa.Uuid))
    foreign_key(m, "usage_logs", "fk_dollar", "teams.id", "$do$ $do_$")


# Indexes


@change
def index_added(m: MetaData) -> None:
    sa.Index("idx_asset_name", m.tables["assets"].c.name)


@change
def index_added_to_partitioned_table(m: MetaData) -> None:
    sa.Index("idx_usagelog_cost", m.tables["usage_logs"].c.credits_cost)


@change
def index_dropped(m: MetaData) -> None:
    m.tables["assets"].indexes.remove(index(m, "assets", "idx_asset_type"))


@change
def index_dropped_from_partitioned_table(m: MetaData) -> None:
    m.tables["usage_logs"].indexes.remove(index(m, "usage_logs", "idx_usagelog_actiontype"))


@change
def index_predicate_changed(m: MetaData) -> None:
    replace_index(
        m,
        "notifications",
        "idx_notification_userid_isread_unread",
        "user_id",
        "is_read",
        postgresql_where=sa.text("NOT is_read"),
    )


@change
def index_with_comment_replaced_on_both_sides(m: MetaData) -> None:
    replace_index(m, "users", "idx_user_deletedat", "deleted_at", "email")
    after_create(m, "COMMENT ON INDEX idx_user_deletedat IS 'Both'", "users")


@change
def index_replaced_on_partitioned_table(m: MetaData) -> None:
    replace_index(m, "usage_logs", "idx_usagelog_actiontype", "action_type", "user_id")


@change
def index_method_and_opclass_changed(m: MetaData) -> None:
    replace_index(
        m,
        "brand_kits",
        "idx_brandkit_colors_gin",
        "colors",
        postgresql_using="gin",
        postgresql_ops={"colors": "jsonb_path_ops"},
    )


@change
def index_method_changed(m: MetaData) -> None:
    replace_index(m, "assets", "idx_asset_type", "type", postgresql_using="hash")


@change
def index_include_and_parameters_added(m: MetaData) -> None:
    replace_index(
        m,
        "assets",
        "idx_asset_userid",
        "user_id",
        postgresql_include=["name"],
        postgresql_with={"fillfactor": 70},
    )


@change
def index_ordering_changed(m: MetaData) -> None:
    created = m.tables["assets"].c.created_at
    replace_index(
        m, "assets", "idx_asset_projectid_createdat", "project_id", created.desc().nulls_last()
    )


@change
def index_on_expression_added(m: MetaData) -> None:
    sa.Index("idx_user_email_lower", sa.func.lower(m.tables["users"].c.email), unique=True)


@change
def index_made_unique(m: MetaData) -> None:
    replace_index(
        m,
        "asset_versions",
        "idx_assetversion_assetid_version",
        "asset_id",
        "version_number",
        unique=True,
    )


LONG = "é" * 10 + "x" * 43  # 63 bytes, and another 63 that begin alike
LONGER = "é" * 10 + "x" * 42 + "y"


@change
def names_of_63_bytes_added(m: MetaData) -> None:
    add_column(m, "assets", sa.Column(LONG, sa.Text))
    add_column(m, "assets", sa.Column(LONGER, sa.Integer, sa.Identity()))
    sa.Index(LONG, m.tables["assets"].c[LONG])
    sa.Index(LONGER, m.tables["usage_logs"].c.details)
    long_constraints(m, "''", [LONG])


@after(names_of_63_bytes_added)
def what_has_names_of_63_bytes_replaced(m: MetaData) -> None:
    column(m, "assets", LONG).nullable = False
    replace_index(m, "assets", LONG, LONG, "created_at")
    replace_index(m, "usage_logs", LONGER, "details", "timestamp")
    drop_constraint(m, "assets", LONG)
    drop_constraint(m, "assets", f"{LONG[:-1]}u")
    long_constraints(m, "'-'", [LONG, "created_at"])


def long_constraints(m: MetaData, forbidden: str, unique: list[str]) -> None:
    table = m.tables["assets"]
    table.append_constraint(sa.CheckConstraint(f'"{LONG}" <> {forbidden}', name=conv(LONG)))
    table.append_constraint(sa.UniqueConstraint(*unique, name=conv(f"{LONG[:-1]}u")))


@change
def index_with_statistics_target_added(m: MetaData) -> None:
    sa.Index("idx_asset_name_lower", sa.func.lower(m.tables["assets"].c.name))
    after_create(m, "ALTER INDEX idx_asset_name_lower ALTER COLUMN 1 SET STATISTICS 500")


@after(index_with_statistics_target_added)
def index_replaced_under_its_statistics_target(m: MetaData) -> None:
    name = m.tables["assets"].c.name
    replace_index(m, "assets", "idx_asset_name_lower", sa.func.lower(name), "created_at")


@after(index_with_statistics_target_added)
def index_with_statistics_target_dropped(m: MetaData) -> None:
    m.tables["assets"].indexes.remove(index(m, "assets", "idx_asset_name_lower"))
    take_back(m)


@after(index_with_statistics_target_added)
def statistics_target_of_index_reset(m: MetaData) -> None:
    after_create(m, "ALTER INDEX idx_asset_name_lower ALTER COLUMN 1 SET STATISTICS -1")


# Tables


@change
def table_added(m: MetaData) -> None:
    sa.Table(
        "labels",
        m,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), nullable=False, comment="As shown."),
        sa.Column("state", sa.Enum("on", "off", native_enum=False, length=3)),
        sa.Column("team_id", sa.ForeignKey("teams.id", ondelete="CASCADE"), index=True),
        sa.UniqueConstraint("name", name="uq_label_name"),
        sa.CheckConstraint("name <> ''", name="name"),
        comment="Labels on assets.",
        postgresql_with={"fillfactor": 80},
    )


@change
def tables_with_circular_foreign_keys_added(m: MetaData) -> None:
    for name, other in (("hens", "eggs"), ("eggs", "hens")):
        sa.Table(
            name,
            m,
            sa.Column("id", sa.Uuid, primary_key=True),
            sa.Column("other_id", sa.Uuid),
            sa.ForeignKeyConstraint(
                ["other_id"], [f"{other}.id"], name=f"fk_{name}_other", use_alter=name == "hens"
            ),
        )


@change
def table_that_references_itself_added(m: MetaData) -> None:
    sa.Table(
        "folders",
        m,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("parent_id", sa.ForeignKey("folders.id"), nullable=True),
    )


@change
def partitioned_table_added(m: MetaData) -> None:
    table = sa.Table(
        "audit_events",
        m,
        sa.Column("id", sa.BigInteger, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True)),
        sa.Column("user_id", sa.ForeignKey("users.id")),
        sa.PrimaryKeyConstraint("id", "at", name="pk_audit_events"),
        sa.Index("idx_audit_at", "at"),
        postgresql_partition_by="RANGE (at)",
    )
    sql = "CREATE TABLE audit_events_default PARTITION OF audit_events DEFAULT"
    event.listen(table, "after_create", ddl(sql))


@change
def unlogged_table_added(m: MetaData) -> None:
    sa.Table("cache", m, sa.Column("key", sa.Text, primary_key=True), prefixes=["UNLOGGED"])


@change
def table_dropped(m: MetaData) -> None:
    m.remove(m.tables["sessions"])


@change
def table_with_trigger_dropped(m: MetaData) -> None:
    m.remove(m.tables["social_media_connections"])


@change
def partitioned_table_dropped(m: MetaData) -> None:
    m.remove(m.tables["usage_logs"])


@change
def referenced_tables_dropped(m: MetaData) -> None:
    m.remove(m.tables["ai_model_feedbacks"])
    m.remove(m.tables["ai_model_deployments"])
    m.remove(m.tables["ai_model_validation_results"])
    m.remove(m.tables["ai_model_versions"])
    m.remove(m.tables["ai_models"])


@change
def storage_parameters_set(m: MetaData) -> None:
    after_create(m, "ALTER TABLE users SET (fillfactor = 70, toast.autovacuum_enabled = false)")


@change
def row_security_enabled_with_policy(m: MetaData) -> None:
    after_create(m, "ALTER TABLE assets ENABLE ROW LEVEL SECURITY", "assets")
    after_create(
        m, "CREATE POLICY own ON assets USING (name <> '' AND user_id IS NOT NULL)", "assets"
    )


@change
def replica_identity_set(m: MetaData) -> None:
    after_create(m, "ALTER TABLE assets REPLICA IDENTITY FULL", "assets")


@change
def column_storage_and_statistics_set(m: MetaData) -> None:
    after_create(
        m, "ALTER TABLE assets ALTER name SET STORAGE EXTERNAL, ALTER name SET STATISTICS 9"
    )


# Functions, triggers, sequences, views, types


@change
def function_body_changed(m: MetaData) -> None:
    after_create(
        m,
        "CREATE OR REPLACE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        "BEGIN\n    -- 100%:\n    NEW.updated_at := now(); RETURN NEW; -- 'a':b\nEND $$",
    )


@change
def function_and_trigger_added(m: MetaData) -> None:
    before_create(
        m,
        "CREATE FUNCTION a_touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    )
    after_create(
        m,
        "CREATE TRIGGER touch BEFORE UPDATE OF name ON assets FOR EACH ROW "
        "WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION a_touch()",
        "assets",
    )


@change
def trigger_added_to_partitioned_table(m: MetaData) -> None:
    after_create(
        m,
        "CREATE TRIGGER stamp AFTER UPDATE ON credit_transactions FOR EACH ROW "
        "EXECUTE FUNCTION set_updated_at()",
        "credit_transactions",
    )


@change
def trigger_changed_and_disabled(m: MetaData) -> None:
    after_create(
        m,
        "CREATE OR REPLACE TRIGGER set_updated_at BEFORE UPDATE OR INSERT ON assets "
        "FOR EACH ROW EXECUTE FUNCTION set_updated_at()",
    )
    after_create(m, "ALTER TABLE assets DISABLE TRIGGER set_updated_at")


@change
def default_from_function(m: MetaData) -> None:
    before_create(m, "CREATE FUNCTION tag() RETURNS text LANGUAGE sql AS $$ SELECT 'x'::text $$")
    column(m, "assets", "format").server_default = sa.DefaultClause(sa.text("tag()"))


@change
def sequence_added_and_used(m: MetaData) -> None:
    sequence = sa.Sequence("ticket_numbers", start=1000, increment=5, metadata=m)
    add_column(m, "teams", sa.Column("ticket", sa.BigInteger, server_default=sequence.next_value()))


@change
def views_added_on_each_other(m: MetaData) -> None:
    after_create(m, "CREATE VIEW z_names AS SELECT id, full_name AS name FROM users")
    after_create(m, "CREATE VIEW a_names AS SELECT name FROM z_names WHERE name <> 'a:b'")
    after_create(m, "COMMENT ON VIEW a_names IS 'Names'")


@change
def view_with_default_and_options_added(m: MetaData) -> None:
    after_create(
        m, "CREATE VIEW names WITH (security_barrier) AS SELECT id, full_name AS name FROM users"
    )
    after_create(m, "ALTER VIEW names ALTER name SET DEFAULT 'Nobody: 100%'")
    after_create(m, "COMMENT ON COLUMN names.name IS 'In full'")


@after(view_with_default_and_options_added)
def view_default_changed(m: MetaData) -> None:
    after_create(m, "ALTER VIEW names ALTER name SET DEFAULT 'Anybody'")
    after_create(m, "ALTER VIEW names SET (security_barrier = false, security_invoker = true)")


@after(view_with_default_and_options_added)
def view_replaced_under_its_default(m: MetaData) -> None:
    after_create(
        m,
        "CREATE OR REPLACE VIEW names AS "
        "SELECT id, upper(full_name)::varchar(100) AS name FROM users",
    )


@after(view_with_default_and_options_added)
def view_with_default_dropped(m: MetaData) -> None:
    take_back(m)


@change
def materialized_view_without_data_added(m: MetaData) -> None:
    after_create(m, "CREATE MATERIALIZED VIEW tiers AS SELECT subscription_tier AS tier FROM users")
    after_create(m, "ALTER MATERIALIZED VIEW tiers ALTER tier SET STATISTICS 500")
    after_create(m, "COMMENT ON COLUMN tiers.tier IS 'As paid'")
    after_create(m, "REFRESH MATERIALIZED VIEW tiers WITH NO DATA")


@after(materialized_view_without_data_added)
def materialized_view_filled(m: MetaData) -> None:
    after_create(m, "REFRESH MATERIALIZED VIEW tiers")
    after_create(m, "ALTER MATERIALIZED VIEW tiers ALTER tier SET STATISTICS 7")


@after(materialized_view_without_data_added)
def type_changed_under_materialized_view(m: MetaData) -> None:
    column(m, "users", "subscription_tier").type = sa.String(60)


@after(materialized_view_without_data_added)
def materialized_view_with_properties_dropped(m: MetaData) -> None:
    take_back(m)


@change
def materialized_view_with_index_added(m: MetaData) -> None:
    after_create(m, "CREATE MATERIALIZED VIEW tiers AS SELECT subscription_tier AS tier FROM users")
    after_create(m, "CREATE INDEX idx_tiers ON tiers (tier)")


@change
def enum_type_added_and_used(m: MetaData) -> None:
    mood = postgresql.ENUM("happy", "sad", name="mood")
    add_column(m, "users", sa.Column("mood", mood, server_default="sad"))
    before_create(m, "CREATE TYPE mood AS ENUM ('happy', 'sad')")
    mood.create_type = False


@change
def domain_added_and_used(m: MetaData) -> None:
    before_create(m, "CREATE DOMAIN percent AS integer DEFAULT 0 CHECK (VALUE BETWEEN 0 AND 100)")
    domain = postgresql.DOMAIN("percent", sa.Integer(), create_type=False)
    add_column(m, "users", sa.Column("progress", domain))


@after(domain_added_and_used)
def domain_dropped_under_its_column(m: MetaData) -> None:
    column(m, "users", "progress").type = sa.Integer()
    take_back(m)


@after(enum_type_added_and_used)
def enum_type_turned_into_text(m: MetaData) -> None:
    column(m, "users", "mood").type = sa.Text()
    take_back(m)


@change
def composite_type_added(m: MetaData) -> None:
    before_create(m, 'CREATE TYPE size AS (width integer, "Height" numeric(5, 2))')


@change
def extended_statistics_added(m: MetaData) -> None:
    after_create(m, "CREATE STATISTICS st_assets (ndistinct) ON type, format FROM assets")


@after(extended_statistics_added)
def statistics_target_set(m: MetaData) -> None:
    after_create(m, "ALTER STATISTICS st_assets SET STATISTICS 500")


@after(statistics_target_set)
def statistics_target_changed(m: MetaData) -> None:
    after_create(m, "ALTER STATISTICS st_assets SET STATISTICS 50")


@after(statistics_target_set)
def statistics_target_reset(m: MetaData) -> None:
    after_create(m, "ALTER STATISTICS st_assets SET STATISTICS -1")


@change
def aggregates_added(m: MetaData) -> None:
    before_create(
        m,
        "CREATE FUNCTION last(integer, integer) RETURNS integer LANGUAGE sql AS 'SELECT $1'",
    )
    before_create(
        m,
        "CREATE AGGREGATE total (integer) (SFUNC = int4pl, STYPE = integer, FINALFUNC = last, "
        "FINALFUNC_EXTRA, COMBINEFUNC = int4pl, MSFUNC = int4pl, MINVFUNC = int4mi, "
        "MSTYPE = integer, MINITCOND = '0', SORTOP = <, PARALLEL = SAFE)",
    )
    before_create(
        m,
        'CREATE AGGREGATE place (VARIADIC "any" ORDER BY VARIADIC "any") '
        "(SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, "
        "FINALFUNC_EXTRA, HYPOTHETICAL)",
    )


@after(aggregates_added)
def aggregate_changed(m: MetaData) -> None:
    before_create(
        m,
        "CREATE OR REPLACE AGGREGATE total (integer) (SFUNC = int4pl, STYPE = integer)",
    )


@change
def foreign_table_added(m: MetaData) -> None:
    after_create(
        m,
        "CREATE FOREIGN TABLE elsewhere (a integer OPTIONS (far 'it''s'), b text) SERVER far_away "
        "OPTIONS (\"Two words\" '100%', one ':a')",
    )


@after(foreign_table_added)
def options_of_foreign_column_changed(m: MetaData) -> None:
    after_create(m, "ALTER FOREIGN TABLE elsewhere ALTER a OPTIONS (SET far '2', ADD near '3')")
    after_create(m, "ALTER FOREIGN TABLE elsewhere ALTER b OPTIONS (ADD far '4')")


@after(options_of_foreign_column_changed)
def options_of_foreign_column_dropped(m: MetaData) -> None:
    after_create(m, "ALTER FOREIGN TABLE elsewhere ALTER a OPTIONS (DROP near)")


@change
def rule_added(m: MetaData) -> None:
    after_create(m, "CREATE RULE quiet AS ON DELETE TO templates DO INSTEAD NOTHING")
