"""What the models refuse, load and say of themselves; factories build all of them."""

import uuid
from typing import Any

import pytest
from polyfactory.factories.sqlalchemy_factory import SQLAlchemyFactory
from sqlalchemy import Connection, insert, null, select, text, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from app.models import Base, Project, SubscriptionTier, User
from tests.schema.rows import make_row

MODELS = sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda c: c.__name__)
REFUSED = "'Gold' is none of Free, Pro, Team, Enterprise"


def test_value_outside_its_list_is_refused_where_it_is_assigned() -> None:
    with pytest.raises(ValueError, match=f"^User.subscription_tier: {REFUSED}$"):
        User(subscription_tier="Gold")
    user: Any = User(subscription_tier="Pro")
    assert user.subscription_tier is SubscriptionTier.PRO
    with pytest.raises(ValueError, match=REFUSED):
        user.subscription_tier = "Gold"
    user.social_provider = None
    user.subscription_tier = null()


@pytest.mark.parametrize(
    "statement",
    [
        insert(User).values(email="a@example.com", subscription_tier="Gold"),
        update(User).values(subscription_tier="Gold"),
        select(User).where(User.subscription_tier == "Gold"),
        select(User).where(User.subscription_tier.in_(["Pro", "Gold"])),
    ],
    ids=["insert", "update", "where", "in"],
)
def test_value_outside_its_list_is_refused_where_it_is_bound(
    connection: Connection, statement: Any
) -> None:
    with pytest.raises(StatementError, match=REFUSED):
        connection.execute(statement)


def test_value_outside_its_list_is_refused_in_bulk(connection: Connection) -> None:
    rows = [{"email": f"{tier}@example.com", "subscription_tier": tier} for tier in ("Pro", "Gold")]
    with Session(connection) as session, pytest.raises(StatementError, match=REFUSED):
        session.execute(insert(User), rows)


def test_pattern_is_no_value(connection: Connection) -> None:
    make_row(connection, "users", subscription_tier="Pro")
    found = select(User.subscription_tier).where(User.subscription_tier.like("P%"))
    assert connection.execute(found).scalar_one() is SubscriptionTier.PRO


def test_value_that_the_code_does_not_know_is_loaded_as_it_is(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE users DROP CONSTRAINT ck_users_subscription_tier"))
    id_ = make_row(connection, "users", subscription_tier="Gold")["id"]
    with Session(connection) as session:
        user = session.get_one(User, id_)
        assert user.subscription_tier == "Gold"
        user.timezone = "Europe/Paris"
        session.flush()


def test_repr_says_class_key_and_name_and_nothing_personal() -> None:
    id_ = uuid.uuid4()
    user = User(id=id_, email="ada@example.com", full_name="Ada", username="ada")
    assert repr(user) == f"<User id='{id_}'>"
    assert repr(Project(id=id_, name="Launch")) == f"<Project id='{id_}' name='Launch'>"
    assert repr(User()) == "<User>"


def test_repr_loads_nothing(connection: Connection) -> None:
    id_ = make_row(connection, "users")["id"]
    with Session(connection) as session:
        user = session.get_one(User, id_)
        session.expire(user)
        assert repr(user) == "<User>"


def build(model: type[Any], *, relationships: bool) -> Any:
    factory = SQLAlchemyFactory.create_factory(model, __set_relationships__=relationships)
    return factory.build()


def test_factory_builds_each_model() -> None:
    for model in MODELS:
        assert isinstance(build(model, relationships=False), model)


@pytest.mark.long
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_factory_builds_the_model_with_its_relationships(model: type[Any]) -> None:
    built = build(model, relationships=True)
    to_one = [each.key for each in model.__mapper__.relationships if not each.uselist]
    assert all(getattr(built, key) is not None for key in to_one)
