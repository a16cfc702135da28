"""The models work with psycopg2, psycopg 3 and asyncpg."""

import asyncio
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, selectinload

from app.models import (
    Asset,
    AssetType,
    CreditTransaction,
    Notification,
    Project,
    SubscriptionTier,
    UsageLog,
    User,
    Workbench,
)


def new_user() -> User:
    user = User(email=f"{uuid.uuid4()}@example.com", full_name="Ada")
    workbench = Workbench(name="Desk", user=user)
    project = Project(name="Launch", user=user, workbench=workbench)
    project.assets.append(
        Asset(
            user=user,
            name="logo",
            type=AssetType.UPLOADED,
            file_path="logo.png",
            mime_type="image/png",
            format="png",
            metadata_={"tags": ["red"]},
        )
    )
    user.notifications.append(Notification(type="system_update", message="Welcome"))
    user.usage_logs.append(UsageLog(action_type="login_success", credits_cost=Decimal("0.25")))
    return user


def check_fresh(user: User) -> None:
    """What the database made is there without a further query."""
    assert user.subscription_tier is SubscriptionTier.FREE
    assert user.credit_balance == Decimal("0.00")
    assert user.created_at.tzinfo is not None
    assert user.usage_logs[0].id > 0
    assert user.usage_logs[0].timestamp <= datetime.now(UTC)


def check_read_back(user: User) -> None:
    (project,) = user.projects
    (asset,) = project.assets
    assert (asset.type, asset.metadata_) == (AssetType.UPLOADED, {"tags": ["red"]})
    assert user.usage_logs[0].credits_cost == Decimal("0.25")


LOADED = (
    selectinload(User.projects).selectinload(Project.assets),
    selectinload(User.usage_logs),
)


@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_synchronous_session(driver: str, migrated_engine: Engine) -> None:
    engine = create_engine(migrated_engine.url.set(drivername=f"postgresql+{driver}"))
    with Session(engine) as session:
        user = new_user()
        session.add(user)
        session.flush()
        check_fresh(user)
        session.commit()
        created = user.updated_at
        user.full_name = "Ada L."
        session.flush()
        assert "updated_at" in user.__dict__
        assert user.updated_at > created
        session.commit()
    with Session(engine) as session:
        check_read_back(session.scalars(select(User).options(*LOADED)).one())
    engine.dispose()


def test_asynchronous_session_never_loads_lazily(migrated_engine: Engine) -> None:
    url = migrated_engine.url
    host = url.query.get("host")
    query: dict[str, Any] = {"host": host} if host else {}

    async def run() -> None:
        engine = create_async_engine(url.set(drivername="postgresql+asyncpg", query=query))
        async with AsyncSession(engine, expire_on_commit=False) as session:
            user = new_user()
            session.add(user)
            await session.flush()
            check_fresh(user)
            await session.commit()
            created = user.updated_at
            user.full_name = "Ada L."
            await session.commit()
            # Read after an UPDATE: a lazy load would raise MissingGreenlet here.
            assert user.updated_at > created
        async with AsyncSession(engine) as session:
            check_read_back((await session.scalars(select(User).options(*LOADED))).one())
        await engine.dispose()

    asyncio.run(run())


@pytest.fixture
def statements(migrated_engine: Engine) -> Iterator[list[str]]:
    """The statements that go to the server, as they go."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(migrated_engine, "before_cursor_execute", note)
    yield sent
    event.remove(migrated_engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "make",
    [
        lambda user, number: Workbench(user_id=user, name=str(number)),
        lambda user, _: CreditTransaction(user_id=user, amount=Decimal(1), action_type="refund"),
        lambda user, number: UsageLog(user_id=user, action_type=str(number)),
        lambda user, number: Notification(user_id=user, type="system_update", message=str(number)),
    ],
    ids=["workbenches", "credit_transactions", "usage_logs", "notifications"],
)
def test_a_flush_of_1000_objects_is_a_handful_of_statements(
    make: Callable[[uuid.UUID, int], Any], migrated_engine: Engine, statements: list[str]
) -> None:
    with Session(migrated_engine) as session:
        user = User(email="a@example.com")
        session.add(user)
        session.flush()
        statements.clear()
        objects = [make(user.id, number) for number in range(1000)]
        session.add_all(objects)
        session.flush()
        assert len(statements) <= 3
        assert len({each.id for each in objects}) == 1000
