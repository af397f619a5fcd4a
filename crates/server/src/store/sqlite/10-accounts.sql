-- People who signed in through an identity provider, by an identifier of our own: the provider's may change.
CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    -- As they were told last.
    email TEXT NOT NULL,
    given_name TEXT NOT NULL,
    usual_name TEXT NOT NULL,
    siren TEXT NOT NULL,
    -- Whether all of that was told with a verified tie to the organisation.
    is_tie_verified INTEGER NOT NULL,
    -- The address as addresses are compared.
    folded_email TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX accounts_by_email ON accounts (folded_email);
CREATE INDEX accounts_by_sight ON accounts (seen_at);

-- The handles of each account.
CREATE TABLE account_subjects (
    iss TEXT NOT NULL,
    sub TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (iss, sub)
) STRICT, WITHOUT ROWID;

CREATE INDEX subjects_of_account ON account_subjects (account);

-- The organisation to which a request belongs: that of the session in which it was begun, never what was typed. Null where it is not
-- known, as of older requests whose owner has no session any more.
ALTER TABLE requests ADD COLUMN siren TEXT;

UPDATE requests SET siren = (
    SELECT substr(organisation ->> '$.siret', 1, 9)
    FROM sessions
    WHERE person = requests.owner AND portal IS NULL AND length(organisation ->> '$.siret') = 14
    ORDER BY seen_at DESC
    LIMIT 1
);
