-- A key of an agent may end by itself.

ALTER TABLE agent_keys ADD COLUMN expires_at timestamptz(3);
COMMENT ON COLUMN agent_keys.expires_at IS 'From then on the key does nothing; null: until it is revoked. Set when the key is made, and never changed.';
