-- What lists tell of each request that was ever submitted. It follows from its history and from its last submission: nothing of a
-- draft is in it.
CREATE TABLE queue (
    -- By which the index of words names it.
    place INTEGER PRIMARY KEY,
    request TEXT NOT NULL UNIQUE REFERENCES requests (id) ON DELETE RESTRICT,
    number TEXT NOT NULL UNIQUE,
    -- Of the last submission.
    submission INTEGER NOT NULL,
    submitted_at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    level TEXT NOT NULL,
    organisation_kind TEXT NOT NULL,
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    siret TEXT NOT NULL,
    siren TEXT NOT NULL,
    warnings INTEGER NOT NULL,
    -- Of the history. Without a state, the line is not counted: the event of its first submission gives it one.
    state TEXT NOT NULL DEFAULT '',
    -- The day of the legal clock; where there is none, one that comes after all others.
    due_on TEXT NOT NULL DEFAULT '9999-12-31',
    -- While the clock is stopped: the day on which it goes on by itself, and the day that is due then.
    goes_on TEXT,
    due_then TEXT,
    -- Whose it is in the team; empty for nobody's.
    examiner TEXT NOT NULL DEFAULT '',
    examiner_name TEXT NOT NULL DEFAULT '',
    examiner_title TEXT NOT NULL DEFAULT '',
    awaiting_reply INTEGER NOT NULL DEFAULT 0,
    last_event INTEGER NOT NULL DEFAULT 0,
    activity INTEGER NOT NULL DEFAULT 0,
    -- The active habilitation.
    rank INTEGER,
    accepted_submission INTEGER,
    accepted_at TEXT,
    -- Events that are news to each side, and that nobody there has read.
    unread_by_team INTEGER NOT NULL DEFAULT 0,
    unread_by_applicant INTEGER NOT NULL DEFAULT 0,
    -- What is searched, in its normal form.
    words TEXT NOT NULL
) STRICT;

-- The orders of the queue, for the team and for one examiner; last, what filters look at along the way.
CREATE INDEX queue_by_due_day ON queue
    (state, due_on, number, examiner, kind, level, organisation_kind, awaiting_reply);
CREATE INDEX queue_by_submission ON queue
    (state, submitted_at, number, examiner, kind, level, organisation_kind, awaiting_reply, due_on);
CREATE INDEX queue_by_activity ON queue
    (state, activity, number, examiner, kind, level, organisation_kind, awaiting_reply, due_on);
CREATE INDEX queue_of_examiner_by_due_day ON queue
    (examiner, state, due_on, number, kind, level, organisation_kind, awaiting_reply);
CREATE INDEX queue_of_examiner_by_submission ON queue
    (examiner, state, submitted_at, number, kind, level, organisation_kind, awaiting_reply, due_on);
CREATE INDEX queue_of_examiner_by_activity ON queue
    (examiner, state, activity, number, kind, level, organisation_kind, awaiting_reply, due_on);
CREATE INDEX queue_of_organisation ON queue (siren, activity DESC);

CREATE VIRTUAL TABLE queue_words USING fts5
    (words, content = 'queue', content_rowid = 'place', detail = 'none', tokenize = 'unicode61 remove_diacritics 0', prefix = '3 4 5 6 7 8');

-- A search looks at each part of the index: two of one size are joined, at the changes or when expired rows are purged.
INSERT INTO queue_words (queue_words, rank) VALUES ('automerge', 2), ('usermerge', 2);

CREATE TRIGGER queue_words_more AFTER INSERT ON queue BEGIN
    INSERT INTO queue_words (rowid, words) VALUES (new.place, new.words);
END;

CREATE TRIGGER queue_words_otherwise AFTER UPDATE OF words ON queue WHEN old.words <> new.words BEGIN
    INSERT INTO queue_words (queue_words, rowid, words) VALUES ('delete', old.place, old.words);
    INSERT INTO queue_words (rowid, words) VALUES (new.place, new.words);
END;

-- Numbers of lines, so that none need be counted. `*`, and -1 in the last column, stand for any value. Each line counts in a row of
-- its state (`*`), in one of its state and day (`*2027-01-22`), in both again with all else (`*`, `2027-01-22`), and in one of whose
-- turn it is to write.
CREATE TABLE queue_counts (
    state TEXT NOT NULL,
    due_on TEXT NOT NULL,
    examiner TEXT NOT NULL,
    kind TEXT NOT NULL,
    level TEXT NOT NULL,
    organisation_kind TEXT NOT NULL,
    awaiting_reply INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER queue_counted_less
    AFTER UPDATE OF state, due_on, examiner, kind, level, organisation_kind, awaiting_reply ON queue
    WHEN old.state <> '' AND (old.state, old.due_on, old.examiner, old.kind, old.level, old.organisation_kind, old.awaiting_reply)
        <> (new.state, new.due_on, new.examiner, new.kind, new.level, new.organisation_kind, new.awaiting_reply)
BEGIN
    INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n)
        VALUES
            (old.state, '*', '*', '*', '*', '*', -1, 1),
            (old.state, '*' || old.due_on, '*', '*', '*', '*', -1, 1),
            (old.state, '*', old.examiner, old.kind, old.level, old.organisation_kind, old.awaiting_reply, 1),
            (old.state, old.due_on, old.examiner, old.kind, old.level, old.organisation_kind, old.awaiting_reply, 1),
            ('*', '*', '*', '*', '*', '*', old.awaiting_reply, 1)
        ON CONFLICT DO UPDATE SET n = n - 1;
END;

CREATE TRIGGER queue_counted_more
    AFTER UPDATE OF state, due_on, examiner, kind, level, organisation_kind, awaiting_reply ON queue
    WHEN (old.state, old.due_on, old.examiner, old.kind, old.level, old.organisation_kind, old.awaiting_reply)
        <> (new.state, new.due_on, new.examiner, new.kind, new.level, new.organisation_kind, new.awaiting_reply)
BEGIN
    INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n)
        VALUES
            (new.state, '*', '*', '*', '*', '*', -1, 1),
            (new.state, '*' || new.due_on, '*', '*', '*', '*', -1, 1),
            (new.state, '*', new.examiner, new.kind, new.level, new.organisation_kind, new.awaiting_reply, 1),
            (new.state, new.due_on, new.examiner, new.kind, new.level, new.organisation_kind, new.awaiting_reply, 1),
            ('*', '*', '*', '*', '*', '*', new.awaiting_reply, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER queue_counts_none AFTER UPDATE OF n ON queue_counts WHEN new.n = 0 BEGIN
    DELETE FROM queue_counts
        WHERE state = new.state AND due_on = new.due_on AND examiner = new.examiner AND kind = new.kind AND level = new.level
            AND organisation_kind = new.organisation_kind AND awaiting_reply = new.awaiting_reply;
END;

-- Acceptances. What is public of them is that of the submission that was accepted: no person, no description, no document.
CREATE TABLE habilitations (
    -- By which the index of words names it.
    place INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE RESTRICT,
    rank INTEGER NOT NULL,
    submission INTEGER NOT NULL,
    -- `active`, `replaced` or `revoked`, and the day of the end in Europe/Paris.
    state TEXT NOT NULL,
    ended_on TEXT,
    accepted_at INTEGER NOT NULL,
    accepted_on TEXT NOT NULL,
    siret TEXT NOT NULL,
    organisation TEXT NOT NULL,
    organisation_kind TEXT NOT NULL,
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    -- A JSON array.
    scopes TEXT NOT NULL,
    basis TEXT NOT NULL,
    url TEXT,
    -- What is searched, in its normal form.
    words TEXT NOT NULL,
    UNIQUE (request, rank)
) STRICT;

CREATE INDEX habilitations_in_force ON habilitations (accepted_at DESC, number DESC) WHERE state = 'active';

CREATE VIRTUAL TABLE habilitation_words USING fts5
    (words, content = 'habilitations', content_rowid = 'place', detail = 'none',
     tokenize = 'unicode61 remove_diacritics 0', prefix = '3 4 5 6 7 8');

CREATE TRIGGER habilitation_words_more AFTER INSERT ON habilitations BEGIN
    INSERT INTO habilitation_words (rowid, words) VALUES (new.place, new.words);
END;

-- Number of changes of the public list, by which its file is made anew.
CREATE TABLE public_changes (n INTEGER NOT NULL) STRICT;
INSERT INTO public_changes (n) VALUES (0);

CREATE TRIGGER public_list_grows AFTER INSERT ON habilitations BEGIN
    UPDATE public_changes SET n = n + 1;
END;

CREATE TRIGGER public_list_changes AFTER UPDATE OF state ON habilitations BEGIN
    UPDATE public_changes SET n = n + 1;
END;

-- Texts with which the team begins what it writes.
CREATE TABLE templates (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    purpose TEXT NOT NULL,
    revision INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;

-- Requests of earlier releases that have no line yet. The program makes them when it starts: SQL folds no history.
CREATE TABLE unqueued (
    request TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

INSERT INTO unqueued (request) SELECT id FROM requests WHERE number IS NOT NULL;

-- When each side had read a history up to an event for the first time: the applicant, or anybody of the team.
CREATE TABLE reads (
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    side TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (request, side, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO reads (request, side, seq, at)
    SELECT request, iif(person = owner, 'applicant', 'examiner') AS side, seq, min(at)
    FROM seen JOIN requests ON requests.id = request WHERE seq > 0 GROUP BY request, side, seq;

-- When each person looked last, whether or not there was anything new.
ALTER TABLE seen ADD COLUMN looked_at INTEGER NOT NULL DEFAULT 0;
UPDATE seen SET looked_at = at;

-- Who of the team sent a document; null for the applicant's own. It counts for whoever sent it.
ALTER TABLE documents ADD COLUMN sender TEXT;
DROP INDEX documents_by_owner;
CREATE INDEX documents_by_owner ON documents (owner, size) WHERE sender IS NULL;
CREATE INDEX documents_by_sender ON documents (sender, size) WHERE sender IS NOT NULL;
