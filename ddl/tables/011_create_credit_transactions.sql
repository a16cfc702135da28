-- Credits bought, refunded and spent; partitioned by month of created_at.
-- Model: app/models/credit_transaction_model.py, SDS 5.11
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE TABLE credit_transactions (
    id                     uuid           NOT NULL DEFAULT gen_random_uuid(),
    user_id                uuid           NOT NULL,
    odoo_invoice_id        varchar(255),
    generation_request_id  uuid,
    api_call_id            varchar(255),
    amount                 numeric(10,2)  NOT NULL,
    action_type            varchar(50)    NOT NULL,
    description            text,
    created_at             timestamptz    NOT NULL DEFAULT now(),
    synced_at              timestamptz    NOT NULL DEFAULT now(),
    CONSTRAINT pk_credit_transactions PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);

CREATE INDEX idx_credittransaction_actiontype ON credit_transactions (action_type);
CREATE INDEX idx_credittransaction_generationrequestid ON credit_transactions (generation_request_id);
CREATE INDEX idx_credittransaction_userid_createdat ON credit_transactions (user_id, created_at);

CREATE TABLE credit_transactions_default PARTITION OF credit_transactions DEFAULT;

COMMENT ON TABLE credit_transactions IS
    'Credits bought, refunded and spent; partitioned by month of created_at.';
COMMENT ON COLUMN credit_transactions.odoo_invoice_id IS
    'Invoice in Odoo, if there is one.';
COMMENT ON COLUMN credit_transactions.generation_request_id IS
    'Generation the credits were spent on.';
COMMENT ON COLUMN credit_transactions.api_call_id IS
    'API call the credits were spent on.';
COMMENT ON COLUMN credit_transactions.amount IS
    'Credits: positive for a purchase or refund, negative for use.';
COMMENT ON COLUMN credit_transactions.action_type IS
    'What happened: purchase, sample_generation, final_generation, export_hd, api_generation, refund and the like.';
COMMENT ON COLUMN credit_transactions.created_at IS
    'When it happened; the partition key.';
COMMENT ON COLUMN credit_transactions.synced_at IS
    'When the row was synced from Odoo.';
