-- Times are milliseconds since 1970, in UTC. Long columns stand last: a list reads only what comes before them.

CREATE TABLE requests (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    state TEXT NOT NULL,
    number TEXT UNIQUE,
    schema INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    submitted_at INTEGER,
    -- What the list shows and searches, taken from the draft at each save.
    errors INTEGER NOT NULL,
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    search TEXT NOT NULL,
    -- As typed, then as submitted: JSON of the model's `Draft` and `Request`.
    draft TEXT NOT NULL,
    request TEXT
) STRICT;

CREATE INDEX requests_in_order ON requests (owner, updated_at DESC, id DESC);
CREATE INDEX requests_of_state_in_order ON requests (owner, state, updated_at DESC, id DESC);
CREATE INDEX drafts_by_age ON requests (updated_at) WHERE state = 'draft';

-- What remains of a deleted request, so that a late save does not bring it back.
CREATE TABLE deleted (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    deleted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX deleted_by_age ON deleted (deleted_at);

-- The last number given in each year.
CREATE TABLE numbers (
    year INTEGER PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

CREATE TABLE documents (
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    file TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    size INTEGER NOT NULL,
    -- Since when the draft does not list it; null while it does.
    unlisted_since INTEGER,
    PRIMARY KEY (request, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX documents_by_owner ON documents (owner, size);
CREATE INDEX documents_unlisted ON documents (unlisted_since) WHERE unlisted_since IS NOT NULL;

CREATE TABLE sessions (
    key BLOB PRIMARY KEY,
    opened_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    -- JSON of the model's `User` and `Organisation`.
    user TEXT NOT NULL,
    organisation TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_opening ON sessions (opened_at);
CREATE INDEX sessions_by_sight ON sessions (seen_at);
