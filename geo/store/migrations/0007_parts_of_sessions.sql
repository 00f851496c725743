-- Where sessions of outreach were, what about, and who held them: a commune's month may come in parts.
ALTER TABLE monthly ADD COLUMN area VARCHAR NOT NULL DEFAULT '';
ALTER TABLE monthly ADD COLUMN topic VARCHAR NOT NULL DEFAULT '';
ALTER TABLE monthly ADD COLUMN organiser VARCHAR NOT NULL DEFAULT '';
