-- For how long things are kept, of what their owners are told before, and what is left of a request that was erased.

-- What is left of a request once it is erased: nothing that anybody wrote, and no person.
CREATE TABLE erased (
    request TEXT PRIMARY KEY NOT NULL,
    -- Hash of the request and its owner, who is told that it was erased. Nobody else is.
    owner TEXT NOT NULL,
    portal TEXT,
    number TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    day TEXT NOT NULL,
    siret TEXT NOT NULL,
    organisation TEXT NOT NULL,
    level TEXT NOT NULL,
    -- A JSON array.
    scopes TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE erased_events (
    request TEXT NOT NULL REFERENCES erased (request) ON DELETE RESTRICT,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (request, seq)
) STRICT, WITHOUT ROWID;

-- Mails that told the owner of what days bring, the last of each kind.
CREATE TABLE forewarnings (
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    mail TEXT NOT NULL,
    -- Day of the term that the mail told of.
    term TEXT NOT NULL,
    -- Day on which it was written, in Europe/Paris, and the time.
    day TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (request, mail)
) STRICT, WITHOUT ROWID;

-- Addresses of people by their last sign-in, to write to those who have drafts that they never sent.
CREATE TABLE mail_addresses (
    person TEXT PRIMARY KEY NOT NULL,
    email TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT OR REPLACE INTO mail_addresses (person, email)
    SELECT person, user ->> '$.email' FROM sessions WHERE user ->> '$.email' <> '' ORDER BY seen_at;

-- Whether the people whom a submission names are still in it.
ALTER TABLE submissions ADD COLUMN has_people INTEGER NOT NULL DEFAULT 1;
CREATE INDEX submissions_with_people ON submissions (at) WHERE has_people = 1;

-- By which it is found who needs an address no more.
CREATE INDEX drafts_by_owner ON requests (owner) WHERE state = 'draft' AND number IS NULL;

CREATE TRIGGER kept_sent_otherwise AFTER UPDATE OF draft, request_json ON submissions BEGIN
    UPDATE kept
        SET bytes = bytes + octet_length(new.draft) + octet_length(new.request_json)
                          - octet_length(old.draft) - octet_length(old.request_json)
        WHERE owner = (SELECT owner FROM requests WHERE id = new.request);
END;

CREATE TRIGGER kept_sent_less AFTER DELETE ON submissions BEGIN
    UPDATE kept SET bytes = bytes - octet_length(old.draft) - octet_length(old.request_json)
        WHERE owner = (SELECT owner FROM requests WHERE id = old.request);
END;

-- Words that are taken out of an index leave its pages too.
INSERT INTO queue_words (queue_words, rank) VALUES ('secure-delete', 1);
INSERT INTO habilitation_words (habilitation_words, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER queue_words_less AFTER DELETE ON queue BEGIN
    INSERT INTO queue_words (queue_words, rowid, words) VALUES ('delete', old.place, old.words);
END;

CREATE TRIGGER habilitation_words_less AFTER DELETE ON habilitations BEGIN
    INSERT INTO habilitation_words (habilitation_words, rowid, words) VALUES ('delete', old.place, old.words);
END;

CREATE TRIGGER queue_counted_no_more AFTER DELETE ON queue WHEN old.state <> '' BEGIN
    INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n)
        VALUES
            (old.state, '*', '*', '*', '*', '*', -1, 1),
            (old.state, '*' || old.due_on, '*', '*', '*', '*', -1, 1),
            (old.state, '*', old.examiner, old.kind, old.level, old.organisation_kind, old.awaiting_reply, 1),
            (old.state, old.due_on, old.examiner, old.kind, old.level, old.organisation_kind, old.awaiting_reply, 1),
            ('*', '*', '*', '*', '*', '*', old.awaiting_reply, 1)
        ON CONFLICT DO UPDATE SET n = n - 1;
END;

-- What became of deliveries that are forgotten, in numbers.
CREATE TABLE delivery_counts (
    -- The month of the last attempt, in UTC, as `2027-01`.
    month TEXT NOT NULL,
    channel TEXT NOT NULL,
    mail TEXT NOT NULL,
    state TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (month, channel, mail, state)
) STRICT, WITHOUT ROWID;

-- By which the deliveries of one way are taken.
DROP INDEX outbox_by_next;
CREATE INDEX outbox_by_next ON outbox (channel, next_at) WHERE state = 'waiting';
