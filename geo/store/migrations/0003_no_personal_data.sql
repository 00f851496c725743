-- Record numbers are kept as hashes under a key of the store's own; what was kept before is rewritten by erase.py.
ALTER TABLE store_state ADD COLUMN number_key VARCHAR NOT NULL DEFAULT '';
