-- Subscriptions, one per user, kept in step with Odoo.
-- Model: app/models/subscription_model.py, SDS 5.10
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE subscriptions (
    id                                uuid          NOT NULL DEFAULT gen_random_uuid(),
    user_id                           uuid          NOT NULL,
    odoo_sale_order_id                varchar(255)  NOT NULL,
    plan_id                           varchar(50)   NOT NULL,
    status                            varchar(20)   NOT NULL DEFAULT 'Active',
    current_period_start              timestamptz   NOT NULL,
    current_period_end                timestamptz   NOT NULL,
    payment_provider                  varchar(50)   NOT NULL,
    payment_provider_subscription_id  varchar(255),
    payment_method_id                 varchar(255),
    created_at                        timestamptz   NOT NULL DEFAULT now(),
    updated_at                        timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT pk_subscriptions PRIMARY KEY (id),
    CONSTRAINT uq_subscription_odoo_so UNIQUE (odoo_sale_order_id),
    CONSTRAINT uq_subscription_user UNIQUE (user_id),
    CONSTRAINT ck_subscriptions_status CHECK (status::text IN ('Active', 'Trial', 'Suspended', 'Cancelled', 'Expired')),
    CONSTRAINT ck_subscriptions_payment_provider CHECK (payment_provider::text IN ('Stripe', 'PayPal', 'OdooManual'))
);

CREATE INDEX idx_subscription_currentperiodend ON subscriptions (current_period_end);
CREATE INDEX idx_subscription_userid_status ON subscriptions (user_id, status);

CREATE TRIGGER set_updated_at BEFORE UPDATE ON subscriptions
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE subscriptions IS
    'Subscriptions, one per user, kept in step with Odoo.';
COMMENT ON COLUMN subscriptions.user_id IS
    'Subscriber; one subscription each.';
COMMENT ON COLUMN subscriptions.odoo_sale_order_id IS
    'Sale order or subscription record in Odoo.';
COMMENT ON COLUMN subscriptions.plan_id IS
    'Plan, such as pro_monthly or team_annual.';
COMMENT ON COLUMN subscriptions.payment_provider_subscription_id IS
    'Subscription at the payment provider.';
COMMENT ON COLUMN subscriptions.payment_method_id IS
    'Default payment method at the payment provider.';
