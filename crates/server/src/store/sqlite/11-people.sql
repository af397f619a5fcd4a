-- People who take part in requests, and the mails that are written to them.

-- Mails that are written for one address: all that they are made of, beside their delivery.
CREATE TABLE personal_mails (
    delivery TEXT PRIMARY KEY NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    -- Identifier of what the mail is about, by which it is taken back.
    about TEXT NOT NULL,
    -- JSON of the model's `PersonalFacts`.
    facts TEXT NOT NULL,
    -- Secret of the link, if it has one; empty once a relay has taken the mail.
    token TEXT,
    -- Last day (Europe/Paris) on which it says something: facts and token are empty from then on.
    until TEXT NOT NULL,
    -- Set once the matter is answered or taken back: the mail does not leave, and facts and token are empty.
    taken_back INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX personal_mails_about ON personal_mails (about);
CREATE INDEX personal_mails_to_blank ON personal_mails (until) WHERE facts <> '';

-- When each person sent mails to others, by which further ones are limited, whatever becomes of their requests. Rows are forgotten
-- after a day.
CREATE TABLE sendings (
    person TEXT NOT NULL,
    -- `invitation` or `hand_over`.
    kind TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX sendings_of_person ON sendings (person, kind, at);
CREATE INDEX sendings_by_time ON sendings (at);

-- People by their last sign-in, to name them to those with whom they share a request, and to write to them. Each stays while they
-- have a session, own a request or take part in one.
ALTER TABLE mail_addresses RENAME TO people;
ALTER TABLE people ADD COLUMN given_name TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN family_name TEXT NOT NULL DEFAULT '';
-- Name of the organisation for which they signed in.
ALTER TABLE people ADD COLUMN organisation TEXT NOT NULL DEFAULT '';

INSERT INTO people (person, email, given_name, family_name, organisation)
    SELECT person, coalesce(user ->> '$.email', ''), coalesce(user ->> '$.given_name', ''),
           coalesce(user ->> '$.family_name', ''), coalesce(organisation ->> '$.name', '')
    FROM sessions WHERE person <> '' ORDER BY seen_at
    ON CONFLICT (person) DO UPDATE SET email = iif(excluded.email = '', email, excluded.email), given_name = excluded.given_name,
        family_name = excluded.family_name, organisation = excluded.organisation;

-- Who takes part in a request beside its owner, who is in no row here.
CREATE TABLE participants (
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    person TEXT NOT NULL,
    -- `editor` or `reader`.
    part TEXT NOT NULL,
    -- Number of the organisation for which they joined, and its name; null where it is not known.
    siren TEXT,
    organisation TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    -- Those of the request, by which the list is ordered and narrowed.
    updated_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    portal TEXT,
    PRIMARY KEY (request, person)
) STRICT, WITHOUT ROWID;

-- One for each way to narrow the list: what is archived is in none.
CREATE INDEX participations_in_order ON participants (person, updated_at DESC, request DESC) WHERE state <> 'archived';
CREATE INDEX participations_of_state ON participants (person, state, updated_at DESC, request DESC) WHERE state <> 'archived';
CREATE INDEX participations_of_portal ON participants (person, portal, updated_at DESC, request DESC)
    WHERE portal IS NOT NULL AND state <> 'archived';
CREATE INDEX participations_of_portal_and_state ON participants (person, portal, state, updated_at DESC, request DESC)
    WHERE portal IS NOT NULL AND state <> 'archived';

CREATE TRIGGER participations_follow AFTER UPDATE OF updated_at, state ON requests BEGIN
    UPDATE participants SET updated_at = new.updated_at, state = new.state WHERE request = new.id;
END;

-- The organisation of a request without its draft, which stands before it in the row.
CREATE INDEX organisations_of_requests ON requests (id, siren);

-- Person on the applicant's side who made an event in a session, for whom it is their own. Before requests were shared, that was
-- their owner.
ALTER TABLE events ADD COLUMN person TEXT;

UPDATE events SET person = (SELECT owner FROM requests WHERE id = events.request) WHERE author ->> '$.side' = 'applicant';

CREATE INDEX events_of_person ON events (person, request, seq) WHERE person IS NOT NULL;

-- What belongs to the owner of a request goes with it to another one.
CREATE TRIGGER owned_by_another AFTER UPDATE OF owner ON requests WHEN new.owner <> old.owner BEGIN
    INSERT INTO kept (owner, bytes)
        SELECT new.owner, octet_length(new.draft) + coalesce(sum(octet_length(draft) + octet_length(request_json)), 0)
        FROM submissions WHERE request = new.id
        ON CONFLICT (owner) DO UPDATE SET bytes = bytes + excluded.bytes;
    UPDATE kept
        SET bytes = bytes - octet_length(old.draft)
            - (SELECT coalesce(sum(octet_length(draft) + octet_length(request_json)), 0)
               FROM submissions WHERE request = old.id)
        WHERE owner = old.owner;
    DELETE FROM kept WHERE owner = old.owner AND bytes <= 0;
    UPDATE documents SET owner = new.owner WHERE request = new.id;
END;

-- Invitations to take part, by the hash of the token in the link that was sent. One that is over keeps what tells a repeated call from
-- another one, and who joined by it.
CREATE TABLE invitations (
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    -- As typed, and as addresses are compared; empty once it is over.
    email TEXT NOT NULL,
    folded_email TEXT NOT NULL,
    part TEXT NOT NULL,
    -- Null once it is over.
    token BLOB UNIQUE,
    sent_by TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- Person who followed it with another address, and waits for the owner; with what they are called.
    newcomer TEXT,
    newcomer_email TEXT,
    newcomer_siren TEXT,
    newcomer_organisation TEXT,
    -- SHA-256 of what was asked for: name, address and part.
    asked BLOB NOT NULL,
    -- Person who joined by it, and the token with which they did.
    joiner TEXT,
    followed BLOB UNIQUE,
    PRIMARY KEY (request, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX invitations_by_address ON invitations (folded_email) WHERE token IS NOT NULL;
CREATE INDEX invitations_by_age ON invitations (expires_at);
CREATE INDEX invitations_by_newcomer ON invitations (newcomer) WHERE newcomer IS NOT NULL;
CREATE INDEX invitations_by_joiner ON invitations (joiner) WHERE joiner IS NOT NULL;

-- Persons whom owners name to own their requests, until they accept.
CREATE TABLE hand_overs (
    request TEXT PRIMARY KEY NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    person TEXT NOT NULL,
    -- Reason, for those who read the history.
    reason TEXT NOT NULL,
    offered_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX hand_overs_to ON hand_overs (person);

-- When each person had a request open last, for the others who have.
CREATE TABLE presences (
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    person TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (request, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX presences_by_age ON presences (seen_at);

-- Who saved a revision of a draft last, for the others who edit it. It says nothing of a later revision.
CREATE TABLE saves (
    request TEXT PRIMARY KEY NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    person TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX saves_of_person ON saves (person);
