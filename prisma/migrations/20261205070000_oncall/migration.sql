-- Who a user of an on-call service is here: found once, by an address that both know, and kept (docs/threats.md#on-call).

CREATE TABLE on_call_links (
  id          text COLLATE "C" PRIMARY KEY,
  version     integer        NOT NULL CHECK (version > 0),
  account     text COLLATE "C",
  email       text COLLATE "C" NOT NULL CHECK (email ~ '^[0-9a-f]{64}$'),
  other_email text COLLATE "C" CHECK (other_email ~ '^[0-9a-f]{64}$'),
  linked_at   timestamptz(3) NOT NULL
);
COMMENT ON TABLE on_call_links IS 'The account of each user of an on-call service who was ever on call for somebody we ask. An address that changes there moves nothing.';
COMMENT ON COLUMN on_call_links.id IS 'Provider and the id of its user, such as pagerduty:PABC123.';
COMMENT ON COLUMN on_call_links.account IS 'Null once an operator has taken the link back: then the next look finds the account anew.';
COMMENT ON COLUMN on_call_links.email IS 'SHA-256 of the address by which the account was found, hex.';
COMMENT ON COLUMN on_call_links.other_email IS 'SHA-256 of the address that the service has for the user since; null while it is the same.';
COMMENT ON INDEX on_call_links_pkey IS 'One user of a service.';
