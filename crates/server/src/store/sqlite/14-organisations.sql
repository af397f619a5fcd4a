-- What the public directory said of the establishment of a submission, apart from what the applicant stated. It never changes.
CREATE TABLE found_organisations (
    request TEXT NOT NULL,
    n INTEGER NOT NULL,
    -- JSON of the model's `OrganisationFound`, which tells the day.
    found TEXT NOT NULL,
    PRIMARY KEY (request, n),
    FOREIGN KEY (request, n) REFERENCES submissions (request, n) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
