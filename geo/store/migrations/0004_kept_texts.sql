-- What people keep beside the records: briefings, and how columns of files were mapped. Each write names the version it changes.
CREATE TABLE kept_text (
    kind VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    changed_at VARCHAR NOT NULL,
    PRIMARY KEY (kind, name)
);
