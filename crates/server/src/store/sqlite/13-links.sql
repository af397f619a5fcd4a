-- Way in which an identity provider knew the person, in JSON: by it the members of the team are known. Null for made-up people, and in
-- sessions of earlier releases, in which nobody is a member.
ALTER TABLE sessions ADD COLUMN identification TEXT;
