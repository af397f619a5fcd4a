-- Mails on their way: one row for each mail of an event to a recipient, written with the event. A row names no person: who the
-- recipient is stands in what was submitted.

CREATE TABLE outbox (
    -- Made of the other columns, and the identifier of the message at each attempt.
    id TEXT PRIMARY KEY NOT NULL,
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE RESTRICT,
    -- The event in the history of the request.
    event TEXT NOT NULL,
    -- `mail`, which goes through the relay.
    channel TEXT NOT NULL,
    mail TEXT NOT NULL,
    -- Part of the recipient in the request.
    recipient TEXT NOT NULL,
    -- `waiting`, `sent`, `failed` or `bounced`.
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Time of the first attempt.
    due_at INTEGER NOT NULL,
    -- Time of the next attempt; of the last one, where none is left.
    next_at INTEGER NOT NULL,
    -- Time until which an attempt goes on, if one does.
    leased_until INTEGER,
    -- Last answer of the relay, by its number alone.
    code INTEGER,
    UNIQUE (request, event, channel, mail, recipient)
) STRICT;

CREATE INDEX outbox_by_next ON outbox (next_at) WHERE state = 'waiting';
CREATE INDEX outbox_by_state ON outbox (state, next_at);
