-- Figures of histories, which each event adds to as it is written. Numbers of cases stand in a JSON array by the days that they
-- took: the first number is of those that took none. So a month has one row for each measure, however many requests there are.

CREATE TABLE statistics (
    -- `2026-11`, in Europe/Paris.
    month TEXT NOT NULL,
    measure TEXT NOT NULL,
    counts TEXT NOT NULL,
    PRIMARY KEY (month, measure)
) STRICT, WITHOUT ROWID;

-- First answers of each day, of which everybody is told the last ones.
CREATE TABLE first_answers (
    -- `2026-11-22`, in Europe/Paris.
    day TEXT NOT NULL PRIMARY KEY,
    counts TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Requests of earlier releases whose histories are not counted yet. The program counts them when it starts: SQL folds no history.
CREATE TABLE uncounted (
    request TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

INSERT INTO uncounted (request) SELECT id FROM requests WHERE number IS NOT NULL;
