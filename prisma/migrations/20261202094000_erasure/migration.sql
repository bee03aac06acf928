-- The digest of an action stands in the ledger only under a salt that can be erased with its parameters (docs/formats.md). Requests of
-- before have none: their entries have the digest itself.

ALTER TABLE action_requests ADD COLUMN digest_salt text COLLATE "C";
ALTER TABLE action_requests ADD COLUMN erased      json NOT NULL DEFAULT 'null';
COMMENT ON COLUMN action_requests.digest_salt IS '16 random bytes, base64: the salt of its digest in the ledger, and of its parameters. Null before salts, and once it is erased.';
COMMENT ON COLUMN action_requests.erased IS 'When it was erased, and by which entry; null while it was not. Written once.';
