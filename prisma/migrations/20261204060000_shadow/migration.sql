-- A candidate bundle judges what is asked beside the active one, and only reports (docs/policy-tools.md#shadow). Its files stand in
-- policy_versions. What it found is working memory: removed with the shadow, some time after that has ended.

CREATE TABLE shadows (
  id           text COLLATE "C" PRIMARY KEY,
  version      integer        NOT NULL CHECK (version > 0),
  files_digest text COLLATE "C" NOT NULL REFERENCES policy_versions (files_digest),
  started_at   timestamptz(3) NOT NULL,
  ends_at      timestamptz(3) NOT NULL CHECK (ends_at > started_at),
  ended_at     timestamptz(3),
  ended_why    text COLLATE "C" CHECK (ended_why IN ('stopped', 'over', 'activated')),
  CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);
CREATE UNIQUE INDEX shadows_running_idx ON shadows ((true)) WHERE ended_at IS NULL;
COMMENT ON TABLE shadows IS 'Candidate bundles that judge beside the active one, and those that did. Removed some time after they ended; that they were is in the ledger.';
COMMENT ON COLUMN shadows.ends_at IS 'When it ends by itself.';
COMMENT ON INDEX shadows_pkey IS 'One shadow; the newest has the greatest id.';
COMMENT ON INDEX shadows_running_idx IS 'The one that judges now. There is never a second.';

CREATE TABLE shadow_replicas (
  shadow_id text COLLATE "C" NOT NULL REFERENCES shadows ON DELETE CASCADE,
  replica   text COLLATE "C" NOT NULL,
  name      text           NOT NULL,
  nth       integer        NOT NULL,
  judges    boolean        NOT NULL,
  problem   text,
  unchanged bigint         NOT NULL,
  tightened bigint         NOT NULL,
  loosened  bigint         NOT NULL,
  failed    bigint         NOT NULL,
  dropped   bigint         NOT NULL,
  seen_at   timestamptz(3) NOT NULL,
  PRIMARY KEY (shadow_id, replica)
);
COMMENT ON TABLE shadow_replicas IS 'How many requests each server has judged by a shadow, and with what result; the sums are those of the shadow.';
COMMENT ON COLUMN shadow_replicas.nth IS 'The last batch of this server that was added: none is added twice.';
COMMENT ON COLUMN shadow_replicas.problem IS 'Why this server does not judge by it, or what was wrong last.';
COMMENT ON INDEX shadow_replicas_pkey IS 'The servers of one shadow.';

CREATE TABLE shadow_differences (
  shadow_id text COLLATE "C" NOT NULL REFERENCES shadows ON DELETE CASCADE,
  key       text COLLATE "C" NOT NULL,
  base      text COLLATE "C" NOT NULL,
  kind      json           NOT NULL,
  count     bigint         NOT NULL,
  examples  text[] COLLATE "C" NOT NULL,
  PRIMARY KEY (shadow_id, key)
);
COMMENT ON TABLE shadow_differences IS 'Kinds of differences between what judged and what judged beside it, with how many requests are of each.';
COMMENT ON COLUMN shadow_differences.key IS 'SHA-256 over base and kind, hex.';
COMMENT ON COLUMN shadow_differences.base IS 'The digest of the bundle that judged.';
COMMENT ON COLUMN shadow_differences.kind IS 'Rules, sets of people and actions of the two bundles; nothing that was asked.';
COMMENT ON COLUMN shadow_differences.examples IS 'The ids of the newest few of these requests.';
COMMENT ON INDEX shadow_differences_pkey IS 'What one shadow found.';
