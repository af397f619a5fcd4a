-- Way in which an identity provider knew the person, in JSON: by it the members of the team are known. Null for made-up people, and in
-- sessions of earlier releases, in which nobody is a member.
ALTER TABLE sessions ADD COLUMN identification TEXT;

-- Links in mails about accounts. Each is good for one press.
CREATE TABLE account_links (
    -- SHA-256 of the token, which the mail alone has.
    key BLOB PRIMARY KEY,
    -- `refuse` takes the subject out of the account, `move` gives the account to the subject.
    kind TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    iss TEXT NOT NULL,
    sub TEXT NOT NULL,
    made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX links_of_account ON account_links (account, kind);
CREATE INDEX links_of_subject ON account_links (iss, sub);

-- Subjects of which the person of an account said that they are not theirs: they are not added again.
CREATE TABLE refused_subjects (
    iss TEXT NOT NULL,
    sub TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (iss, sub, account)
) STRICT, WITHOUT ROWID;

-- First and last name of the member who saved the template last: whoever changes it too is told.
ALTER TABLE templates ADD COLUMN saved_by TEXT NOT NULL DEFAULT '';
