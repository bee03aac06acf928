-- What one person is behind, newest first, whoever else asks for how much: an index over an array knows no order, so all of
-- somebody's requests were read and sorted to show twenty of them, or all requests were read backwards.

CREATE TABLE request_people (
  person     text COLLATE "C" NOT NULL,
  request_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (person, request_id)
);
COMMENT ON TABLE request_people IS 'One row for each person behind a request, under the id of then. Written with the request, never changed.';
COMMENT ON INDEX request_people_pkey IS 'requestsBehind(people): what somebody is behind, in any role, newest first.';

INSERT INTO request_people (person, request_id)
SELECT DISTINCT behind.person, a.id FROM action_requests a, unnest(a.behind_people) AS behind (person);

DROP INDEX action_requests_behind_people_idx;
