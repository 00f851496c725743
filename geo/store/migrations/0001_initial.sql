-- Placeholders: {id} a key the database numbers itself, {blob} bytes. Statements end with a semicolon at the line's end.
CREATE TABLE store_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
);
INSERT INTO store_state (id, version) VALUES (1, 0);
CREATE TABLE batch (
    id {id},
    dataset VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    who VARCHAR NOT NULL,
    demo BOOLEAN NOT NULL,
    rows INTEGER NOT NULL CHECK (rows >= 0),
    rejected INTEGER NOT NULL CHECK (rejected >= 0),
    first DATE,
    last DATE,
    imported_at VARCHAR NOT NULL,
    withdrawn_at VARCHAR,
    withdrawn_by VARCHAR
);
CREATE TABLE event (
    id {id},
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    active BOOLEAN NOT NULL,
    dataset VARCHAR NOT NULL CHECK (dataset IN ('cases', 'dens')),
    record_id VARCHAR NOT NULL,
    date DATE NOT NULL,
    unit_system VARCHAR NOT NULL CHECK (unit_system IN ('current', 'legacy')),
    unit_code VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    status VARCHAR CHECK (status IN ('cleared', 'investigating', 'suspended')),
    suspects INTEGER CHECK (suspects >= 0),
    lon DOUBLE PRECISION CHECK (lon BETWEEN -180 AND 180),
    lat DOUBLE PRECISION CHECK (lat BETWEEN -90 AND 90),
    CHECK ((lon IS NULL) = (lat IS NULL))
);
CREATE INDEX event_dataset_date ON event (dataset, date);
CREATE INDEX event_batch ON event (batch_id);
CREATE TABLE monthly (
    id {id},
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    active BOOLEAN NOT NULL,
    month DATE NOT NULL,
    unit_system VARCHAR NOT NULL CHECK (unit_system IN ('current', 'legacy')),
    unit_code VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    value INTEGER NOT NULL CHECK (value >= 0)
);
CREATE INDEX monthly_measure_month ON monthly (measure, month);
CREATE INDEX monthly_batch ON monthly (batch_id);
CREATE TABLE zone (
    id {id},
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    active BOOLEAN NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    invented BOOLEAN NOT NULL,
    geometry {blob} NOT NULL
);
CREATE INDEX zone_batch ON zone (batch_id);
CREATE TABLE population (
    id {id},
    batch_id INTEGER NOT NULL REFERENCES batch (id),
    active BOOLEAN NOT NULL,
    unit_system VARCHAR NOT NULL CHECK (unit_system IN ('current', 'legacy')),
    unit_code VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    people INTEGER NOT NULL CHECK (people >= 0)
);
CREATE INDEX population_batch ON population (batch_id);
CREATE TABLE boundary_version (
    id {id},
    system VARCHAR NOT NULL CHECK (system IN ('current', 'legacy')),
    name VARCHAR NOT NULL,
    valid_from DATE NOT NULL,
    imported_at VARCHAR NOT NULL,
    approximate BOOLEAN NOT NULL,
    source VARCHAR NOT NULL,
    licence VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    active BOOLEAN NOT NULL,
    topology {blob} NOT NULL,
    frames VARCHAR NOT NULL
);
CREATE UNIQUE INDEX boundary_version_active ON boundary_version (system) WHERE active;
CREATE TABLE boundary_unit (
    version_id INTEGER NOT NULL REFERENCES boundary_version (id),
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    geometry {blob} NOT NULL,
    PRIMARY KEY (version_id, code)
);
