-- Portals, by the origin of their pages, and what is done through them.

-- Through which portal a request was begun; null on our own pages.
ALTER TABLE requests ADD COLUMN portal TEXT;
ALTER TABLE deleted ADD COLUMN portal TEXT;

CREATE INDEX requests_of_portal_in_order ON requests (owner, portal, updated_at DESC, id DESC) WHERE portal IS NOT NULL;

-- Through which portal a session goes, and the session that let it; null for those of our own pages.
ALTER TABLE sessions ADD COLUMN portal TEXT;
ALTER TABLE sessions ADD COLUMN given_by BLOB;

CREATE INDEX sessions_by_giver ON sessions (given_by) WHERE given_by IS NOT NULL;

-- What people granted and no portal claimed yet. Challenge and code are hashes of what the portal holds.
CREATE TABLE grants (
    challenge BLOB PRIMARY KEY,
    code BLOB,
    portal TEXT NOT NULL,
    given_by BLOB NOT NULL,
    given_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX grants_by_giver ON grants (given_by);
CREATE INDEX grants_by_age ON grants (given_at);
