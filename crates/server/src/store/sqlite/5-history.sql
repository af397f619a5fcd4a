-- What happens to a request once it is sent: what was sent, and one line for each act of anybody. Neither ever changes.

CREATE TABLE submissions (
    -- A request that was ever submitted is never deleted.
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE RESTRICT,
    -- Its rank in its request, from 1.
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    -- The day in Europe/Paris, as `2026-11-22`.
    day TEXT NOT NULL,
    schema INTEGER NOT NULL,
    contacts_only INTEGER NOT NULL,
    -- As typed and as submitted: JSON of the model's `Draft` and `Request`.
    draft TEXT NOT NULL,
    request_json TEXT NOT NULL,
    PRIMARY KEY (request, n)
) STRICT;

CREATE TABLE events (
    -- Made by whoever acts, so it is theirs alone within one request: elsewhere it may stand for something else.
    id TEXT NOT NULL,
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE RESTRICT,
    -- Its rank in the history of its request, from 1.
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- The day in Europe/Paris.
    day TEXT NOT NULL,
    -- JSON of the model's `By`.
    author TEXT NOT NULL,
    -- JSON of all other members of the model's `Event`.
    body TEXT NOT NULL,
    PRIMARY KEY (request, seq),
    UNIQUE (request, id)
) STRICT;

-- Up to which event of a request each person has read its history.
CREATE TABLE seen (
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    person TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (request, person)
) STRICT, WITHOUT ROWID;

-- Whether a submission or a message lists it: then it stays as it is, whatever the draft lists later.
ALTER TABLE documents ADD COLUMN is_sent INTEGER NOT NULL DEFAULT 0;

-- What was sent before becomes the first submission and its event. The event has the identifier of its request, which no other
-- event has. SQLite knows no time zones: the summer time of the European Union goes from 1:00 UTC of the last Sunday of March
-- to 1:00 UTC of that of October. Whoever sent it is called as the request calls the applicant.
CREATE TEMPORARY TABLE sent AS
    SELECT id, schema, submitted_at, draft, request,
           date(submitted_at / 1000, 'unixepoch', iif(
               submitted_at / 1000 >= unixepoch(year || '-04-01', 'weekday 0', '-7 days', '+1 hour')
                   AND submitted_at / 1000 < unixepoch(year || '-11-01', 'weekday 0', '-7 days', '+1 hour'),
               '+2 hours', '+1 hour')) AS day
    FROM (SELECT *, strftime('%Y', submitted_at / 1000, 'unixepoch') AS year FROM requests WHERE state = 'submitted');

INSERT INTO submissions (request, n, at, day, schema, contacts_only, draft, request_json)
    SELECT id, 1, submitted_at, day, schema, 0, draft, request FROM sent;

INSERT INTO events (id, request, seq, kind, at, day, author, body)
    SELECT id, id, 1, 'submitted', submitted_at, day,
           json_object('side', 'applicant',
                       'name', trim(coalesce(request ->> '$.organisation.applicant.given_name', '') || ' '
                                        || coalesce(request ->> '$.organisation.applicant.family_name', '')),
                       'job_title', coalesce(request ->> '$.organisation.applicant.job_title', '')),
           json_object('submission', 1)
    FROM sent;

DROP TABLE sent;

UPDATE documents SET is_sent = 1
    WHERE unlisted_since IS NULL AND request IN (SELECT request FROM submissions);

-- What each person keeps: their drafts and their submissions. The typed request is in the latter alone from now on.
DROP TRIGGER kept_more;
DROP TRIGGER kept_otherwise;
DROP TRIGGER kept_less;

ALTER TABLE requests DROP COLUMN request;

DELETE FROM kept;
INSERT INTO kept (owner, bytes)
    SELECT owner, sum(bytes) FROM (
        SELECT owner, octet_length(draft) AS bytes FROM requests
        UNION ALL
        SELECT owner, octet_length(submissions.draft) + octet_length(request_json)
            FROM submissions JOIN requests ON requests.id = submissions.request
    ) GROUP BY owner;

CREATE TRIGGER kept_more AFTER INSERT ON requests BEGIN
    INSERT INTO kept (owner, bytes) VALUES (new.owner, octet_length(new.draft))
        ON CONFLICT (owner) DO UPDATE SET bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER kept_otherwise AFTER UPDATE OF draft ON requests BEGIN
    UPDATE kept SET bytes = bytes + octet_length(new.draft) - octet_length(old.draft) WHERE owner = new.owner;
END;

CREATE TRIGGER kept_less AFTER DELETE ON requests BEGIN
    UPDATE kept SET bytes = bytes - octet_length(old.draft) WHERE owner = old.owner;
    DELETE FROM kept WHERE owner = old.owner AND bytes <= 0;
END;

CREATE TRIGGER kept_sent AFTER INSERT ON submissions BEGIN
    UPDATE kept SET bytes = bytes + octet_length(new.draft) + octet_length(new.request_json)
        WHERE owner = (SELECT owner FROM requests WHERE id = new.request);
END;
