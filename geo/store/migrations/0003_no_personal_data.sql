-- Record numbers are kept as hashes under a key of the store's own; what was kept before is rewritten by erase.py.
ALTER TABLE store_state ADD COLUMN number_key VARCHAR NOT NULL DEFAULT '';
-- When the rows of a batch were erased for good, and of which months it had reported each masked measure, as JSON.
ALTER TABLE batch ADD COLUMN erased_at VARCHAR;
ALTER TABLE batch ADD COLUMN erased_months VARCHAR;
