-- Mails and notices on their way: one row for each mail of an event to a recipient, written with the event. A row names no person:
-- who the recipient is stands in what was submitted.

CREATE TABLE outbox (
    -- Made of the other columns, and the identifier of the message at each attempt.
    id TEXT PRIMARY KEY NOT NULL,
    -- None for a notice that tries the way.
    request TEXT REFERENCES requests (id) ON DELETE RESTRICT,
    -- The event in the history of the request.
    event TEXT,
    -- `mail`, which goes through the relay, or `webhook`.
    channel TEXT NOT NULL,
    -- The mail, or the notice.
    mail TEXT NOT NULL,
    -- Part of the recipient in the request; `partner` of a notice.
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
    UNIQUE (request, event, channel, mail, recipient)
) STRICT;

CREATE INDEX outbox_by_next ON outbox (next_at) WHERE state = 'waiting';
-- By which deliveries are listed, of one state or of all.
CREATE INDEX outbox_by_state ON outbox (state, next_at, id);
CREATE INDEX outbox_by_time ON outbox (next_at, id);

-- Attempts that are over, with the number that was answered.
CREATE TABLE attempts (
    delivery TEXT NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    code INTEGER
) STRICT;

CREATE INDEX attempts_of_delivery ON attempts (delivery, at);
-- By which they are forgotten.
CREATE INDEX attempts_by_time ON attempts (at);

-- Channels beside that of mails which the operator has opened.
CREATE TABLE channels (name TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;
