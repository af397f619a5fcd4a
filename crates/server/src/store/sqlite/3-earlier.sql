-- When the revisions before the one that is there were saved, the newest first, each as 13 digits and a space. They tell a
-- revision that grew out of a known one from one that a restored backup gave the same number.
ALTER TABLE requests ADD COLUMN earlier TEXT NOT NULL DEFAULT '';
