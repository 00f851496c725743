-- What priority zones are known by over their changes, from when to when they hold, and what decided them.
ALTER TABLE zone ADD COLUMN key VARCHAR NOT NULL DEFAULT '';
ALTER TABLE zone ADD COLUMN since DATE;
ALTER TABLE zone ADD COLUMN until DATE;
ALTER TABLE zone ADD COLUMN source VARCHAR NOT NULL DEFAULT '';
ALTER TABLE zone ADD COLUMN decision VARCHAR NOT NULL DEFAULT '';
ALTER TABLE zone ADD COLUMN divided BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE zone SET key = 'z' || CAST(id AS VARCHAR);
CREATE INDEX zone_key ON zone (key);
