-- Links by which contacts of a draft give their own details, and calls of people for requests whose owner does not answer.

-- One link for each contact: a new one replaces the one before.
CREATE TABLE cards (
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    contact TEXT NOT NULL,
    -- SHA-256 of the token, which is not stored.
    token BLOB NOT NULL UNIQUE,
    -- Address to which it was sent, as addresses are compared: the link opens nothing once another one stands in the field.
    folded_email TEXT NOT NULL,
    -- Person who asks, as the contact reads of them.
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (request, contact)
) STRICT, WITHOUT ROWID;

-- When links were sent, by which further ones are limited. Rows are forgotten after a day, and outlast their request: whoever
-- deletes a draft sends no more for that.
CREATE TABLE card_sendings (
    request TEXT NOT NULL,
    person TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX card_sendings_of_request ON card_sendings (request, at);
CREATE INDEX card_sendings_of_person ON card_sendings (person, at);
CREATE INDEX card_sendings_by_time ON card_sendings (at);

-- Calls of colleagues for requests whose owner does not answer for them, one for each request. A row goes once it is decided for good.
CREATE TABLE recoveries (
    id TEXT PRIMARY KEY NOT NULL,
    request TEXT NOT NULL UNIQUE REFERENCES requests (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    -- Person who asks, as they were signed in then.
    person TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    email TEXT NOT NULL,
    organisation TEXT NOT NULL,
    -- Number of the organisation to which their tie was verified, and whether they are made up, so that no account tells of it now.
    siren TEXT NOT NULL,
    is_made_up INTEGER NOT NULL,
    reason TEXT NOT NULL,
    -- Owner who is asked, and who was the owner until the request was taken over.
    owner TEXT NOT NULL,
    -- The owner, as they were called when they were asked.
    owner_name TEXT NOT NULL,
    owner_email TEXT NOT NULL,
    -- JSON array of the other people who were told: role and name.
    told TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    -- Last day to answer, or to contest, in Europe/Paris.
    answer_by TEXT NOT NULL,
    -- Reminders that were sent.
    reminders INTEGER NOT NULL DEFAULT 0,
    -- Set once whoever decides was told that it waits for them.
    decider_told INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX recoveries_of_owner ON recoveries (owner);
CREATE INDEX recoveries_of_person ON recoveries (person);
CREATE INDEX recoveries_by_state ON recoveries (state, asked_at);

-- Who asked when, whatever came of it: one may ask once a week.
CREATE TABLE recovery_calls (
    person TEXT PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    -- JSON of all that was asked, until it was looked at.
    call TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX recovery_calls_to_look_at ON recovery_calls (at) WHERE call IS NOT NULL;

-- By which drafts of an organisation are found that never were sent.
CREATE INDEX drafts_by_siren ON requests (siren, updated_at) WHERE state = 'draft' AND number IS NULL;
