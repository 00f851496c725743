-- What the programme is held to and what is reported once a year: targets, yearly counts, and self-managed models of communities.
CREATE TABLE yearly (
    id {id},
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    active BOOLEAN NOT NULL,
    year INTEGER NOT NULL,
    unit_system VARCHAR NOT NULL CHECK (unit_system IN ('current', 'legacy')),
    unit_code VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    value INTEGER NOT NULL CHECK (value >= 0)
);
CREATE INDEX yearly_batch ON yearly (batch_id);
CREATE TABLE target (
    id {id},
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    active BOOLEAN NOT NULL,
    year INTEGER NOT NULL,
    unit_code VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    value INTEGER NOT NULL CHECK (value >= 0)
);
CREATE INDEX target_batch ON target (batch_id);
CREATE TABLE community_model (
    id {id},
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    active BOOLEAN NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    unit_system VARCHAR NOT NULL CHECK (unit_system IN ('current', 'legacy')),
    unit_code VARCHAR NOT NULL,
    since DATE NOT NULL,
    until DATE,
    members INTEGER CHECK (members >= 0)
);
CREATE INDEX community_model_batch ON community_model (batch_id);
