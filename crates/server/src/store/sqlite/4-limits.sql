-- What each person keeps, in bytes of text, so that a save need not add it up.
CREATE TABLE kept (
    owner TEXT NOT NULL PRIMARY KEY,
    bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO kept (owner, bytes)
    SELECT owner, sum(octet_length(draft) + coalesce(octet_length(request), 0)) FROM requests GROUP BY owner;

CREATE TRIGGER kept_more AFTER INSERT ON requests BEGIN
    INSERT INTO kept (owner, bytes) VALUES (new.owner, octet_length(new.draft))
        ON CONFLICT (owner) DO UPDATE SET bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER kept_otherwise AFTER UPDATE OF draft, request ON requests BEGIN
    UPDATE kept
        SET bytes = bytes + octet_length(new.draft) + coalesce(octet_length(new.request), 0)
                          - octet_length(old.draft) - coalesce(octet_length(old.request), 0)
        WHERE owner = new.owner;
END;

CREATE TRIGGER kept_less AFTER DELETE ON requests BEGIN
    UPDATE kept SET bytes = bytes - octet_length(old.draft) - coalesce(octet_length(old.request), 0)
        WHERE owner = old.owner;
    DELETE FROM kept WHERE owner = old.owner AND bytes <= 0;
END;

CREATE INDEX deleted_by_owner ON deleted (owner);

-- Whose session it is, and on what: closed lists, or null where it cannot be told.
ALTER TABLE sessions ADD COLUMN person TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN browser TEXT;
ALTER TABLE sessions ADD COLUMN system TEXT;
UPDATE sessions SET person = user ->> '$.id';
CREATE INDEX sessions_by_person ON sessions (person, seen_at DESC);
