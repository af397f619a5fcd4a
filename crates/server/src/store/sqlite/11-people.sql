-- People who take part in requests, and the mails that are written to them.

-- Mails that are written for one address: all that they are made of, beside their delivery.
CREATE TABLE personal_mails (
    delivery TEXT PRIMARY KEY NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    -- Identifier of what the mail is about, by which it is taken back.
    about TEXT NOT NULL,
    -- JSON of the model's `PersonalFacts`.
    facts TEXT NOT NULL,
    -- Secret of the link, if it has one; empty once a relay has taken the mail.
    token TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX personal_mails_about ON personal_mails (about);
