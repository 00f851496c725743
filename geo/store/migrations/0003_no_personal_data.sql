-- Record numbers are kept as hashes under a key of the store's own; what was kept before is rewritten by erase.py.
ALTER TABLE store_state ADD COLUMN number_key VARCHAR NOT NULL DEFAULT '';
-- When the rows of a batch were erased for good, and the years of its masked reports, as a JSON list.
ALTER TABLE batch ADD COLUMN erased_at VARCHAR;
ALTER TABLE batch ADD COLUMN erased_years VARCHAR;
