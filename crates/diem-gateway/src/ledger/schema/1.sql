CREATE TABLE lines (
    line TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    block BIGINT NOT NULL,
    allowance_d BIGINT NOT NULL, allowance_u BIGINT NOT NULL,
    -- on chain before this journal stated anything
    opening_d BIGINT NOT NULL, opening_u BIGINT NOT NULL,
    -- committed and reserved
    held_d BIGINT NOT NULL, held_u BIGINT NOT NULL,
    -- opening and what requests were charged
    committed_d BIGINT NOT NULL, committed_u BIGINT NOT NULL,
    -- the largest total ever signed, and the largest that is final
    stated_d BIGINT NOT NULL, stated_u BIGINT NOT NULL,
    confirmed_d BIGINT NOT NULL, confirmed_u BIGINT NOT NULL,
    PRIMARY KEY (line, epoch),
    CHECK (allowance_u BETWEEN 0 AND 999999999999999999),
    CHECK (opening_u BETWEEN 0 AND 999999999999999999),
    CHECK (held_u BETWEEN 0 AND 999999999999999999),
    CHECK (committed_u BETWEEN 0 AND 999999999999999999),
    CHECK (opening_d >= 0 AND committed_d >= 0),
    CHECK (committed_d < held_d OR (committed_d = held_d AND committed_u <= held_u)),
    CHECK (held_d < allowance_d OR (held_d = allowance_d AND held_u <= allowance_u))
);

CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    hash BYTES NOT NULL UNIQUE,
    tail TEXT NOT NULL,
    account TEXT NOT NULL,
    line TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('INFERENCE', 'ADMIN')),
    description TEXT NOT NULL,
    period TEXT NOT NULL CHECK (period IN ('EPOCH', 'MONTH', 'LIFETIME')),
    limit_d BIGINT, limit_u BIGINT CHECK (limit_u BETWEEN 0 AND 999999999999999999),
    -- which period held counts; kept only where there is a limit
    span BIGINT NOT NULL,
    held_d BIGINT NOT NULL, held_u BIGINT NOT NULL,
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    CHECK (held_d >= 0 AND held_u BETWEEN 0 AND 999999999999999999),
    CHECK ((limit_d IS NULL) = (limit_u IS NULL))
);
CREATE INDEX keys_by_account ON keys (account);

CREATE TABLE requests (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL,
    line TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    instance BIGINT NOT NULL,
    model TEXT NOT NULL,
    body_hash BYTES NOT NULL,
    -- the name in idempotency, where it has one
    name BYTES,
    state TEXT NOT NULL CHECK (state IN ('open', 'committed', 'released')),
    reserved_d BIGINT NOT NULL, reserved_u BIGINT NOT NULL,
    -- the span of its key's limit that counts it
    span BIGINT,
    charged_d BIGINT NOT NULL, charged_u BIGINT NOT NULL,
    -- cost above the charge, in units; null for none
    loss TEXT,
    input BIGINT NOT NULL, cached BIGINT NOT NULL, output BIGINT NOT NULL, images BIGINT NOT NULL,
    counted_by TEXT CHECK (counted_by IN ('upstream', 'gateway', 'reservation')),
    why TEXT,
    receipt TEXT,
    opened_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK (reserved_d >= 0 AND reserved_u BETWEEN 0 AND 999999999999999999),
    CHECK (charged_d < reserved_d OR (charged_d = reserved_d AND charged_u <= reserved_u)),
    CHECK (charged_d >= 0 AND charged_u BETWEEN 0 AND 999999999999999999),
    CHECK (state = 'committed' OR (charged_d = 0 AND charged_u = 0)),
    CHECK ((state = 'open') = (ended_at IS NULL))
);
CREATE INDEX requests_by_line ON requests (line, id);
CREATE INDEX requests_by_key ON requests (key, opened_at);
CREATE INDEX requests_open ON requests (instance) WHERE state = 'open';
CREATE INDEX requests_without_receipt ON requests (id) WHERE state = 'committed' AND receipt IS NULL;

CREATE TABLE idempotency (
    key TEXT NOT NULL,
    name BYTES NOT NULL,
    request TEXT NOT NULL,
    body_hash BYTES NOT NULL,
    keep_until BIGINT NOT NULL,
    answer BYTES,
    PRIMARY KEY (key, name)
);
CREATE INDEX idempotency_by_end ON idempotency (keep_until);

CREATE TABLE nonces (
    nonce TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE TABLE statements (
    hash TEXT PRIMARY KEY,
    epoch BIGINT NOT NULL,
    nonce BIGINT NOT NULL,
    raw BYTES NOT NULL,
    max_fee TEXT NOT NULL,
    tip TEXT NOT NULL,
    replaces TEXT,
    sent_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sent', 'mined', 'final', 'failed', 'replaced')),
    block BIGINT,
    -- of a failure; the hash of what replaced it
    reason TEXT
);
CREATE INDEX statements_pending ON statements (nonce) WHERE state IN ('sent', 'mined');
CREATE INDEX statements_by_epoch ON statements (epoch);

CREATE TABLE statement_totals (
    hash TEXT NOT NULL,
    line TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    total_d BIGINT NOT NULL, total_u BIGINT NOT NULL,
    PRIMARY KEY (hash, line)
);
