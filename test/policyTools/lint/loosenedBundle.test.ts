import { expect, test } from 'vitest'
import { type Edit, notes } from './edited.ts'

const audience = '{id: a, resource_types: [table], profile: id, spent_by: resource, token_only: true}'

/** Every edit outside the rules that can weaken, field by field. */
const edits: readonly Edit[] = [
  [
    'a larger expiry in the floor',
    ['bundle.yaml', 'max_expires_in: 24h', 'max_expires_in: 48h'],
    /bundle .*max_expires_in is 2d/,
  ],
  [
    'no expiry in the floor',
    ['bundle.yaml', '  max_expires_in: 24h\n', ''],
    /bundle .*max_expires_in is gone/,
  ],
  [
    'a longer grant in the floor',
    ['bundle.yaml', 'max_grant_ttl: 8h', 'max_grant_ttl: 9h'],
    /bundle .*max_grant_ttl is 9h/,
  ],
  [
    'an effect that the floor lets run',
    ['bundle.yaml', '  never_allow_effects: [admin]\n', ''],
    /bundle .*effect admin run by themselves/,
  ],
  [
    'a separation that the floor no longer names',
    ['bundle.yaml', 'separation: [initiator, agent_owner]', 'separation: [initiator]'],
    /bundle .*no longer names agent_owner/,
  ],
  [
    'what has been read counts for less long',
    ['bundle.yaml', 'run: {window: 2h}', 'run: {window: 1h}'],
    /bundle What a run has read counts for 1h; it was for 2h/,
  ],
  [
    'unmatched is asked',
    ['bundle.yaml', 'known_action: deny', 'known_action: require_approval'],
    /bundle What no rule matches is asked about/,
  ],
  [
    'unknown is asked',
    ['bundle.yaml', 'unknown_action: deny', 'unknown_action: require_approval'],
    /bundle An action that the catalogue does not have/,
  ],
  [
    'defaults of fewer people',
    ['bundle.yaml', 'count: 2', 'count: 1'],
    /bundle The defaults.*"platform" \(2 of group:platform\) asks 1/,
  ],
  [
    'defaults that wait longer',
    ['bundle.yaml', 'expires_in: 1h', 'expires_in: 2h'],
    /bundle The defaults.*waits longer \(2h instead of 1h\)/,
  ],
  [
    'one more environment',
    ['bundle.yaml', '[dev, prod]', '[dev, prod, test]'],
    /bundle The environment test is new/,
  ],
  [
    'any environment',
    ['bundle.yaml', 'environments: [dev, prod]\n', ''],
    /bundle The bundle no longer lists/,
  ],
  [
    'a name that leads elsewhere',
    ['bundle.yaml', 'S0SEC', 'S0EVIL'],
    /bundle group:security leads to slack:S0EVIL instead of slack:S0SEC/,
  ],
  [
    'another time zone',
    ['bundle.yaml', 'Europe/Berlin', 'Asia/Tokyo'],
    /bundle The time zone is Asia\/Tokyo/,
  ],
  [
    'another window',
    ['bundle.yaml', '"22:00"', '"23:00"'],
    /bundle The window night was changed, and "night" goes by it/,
  ],
  [
    'more people may break the glass by default',
    ['bundle.yaml', 'who: [group:security]', 'who: [group:security, user:omar]'],
    /weakened The rule "query".*user:omar may break the glass/,
  ],
  [
    'a shorter reason to break the glass',
    ['bundle.yaml', 'min_length: 30', 'min_length: 10'],
    /"query".*break-glass: the reason may be shorter/,
  ],
  [
    'a free reason to break the glass',
    ['bundle.yaml', ', pattern: INC', ''],
    /"query".*break-glass: the reason need not fit INC/,
  ],
  [
    'a longer grant of a broken glass',
    ['bundle.yaml', '    grant: {ttl: 3m}\n    notify', '    grant: {ttl: 4m}\n    notify'],
    /"query".*break-glass: the grant lives longer/,
  ],
  [
    'more time for the grant of a broken glass',
    ['bundle.yaml', '    grant: {ttl: 3m}\n    notify', '    grant: {ttl: 3m, within: 1h}\n    notify'],
    /"query".*break-glass: the grant may be asked for later \(1h instead of 15m\)/,
  ],
  [
    'an audience',
    ['bundle.yaml', 'timezone:', `audiences: [${audience}]\ntimezone:`],
    /bundle Grants for resources of type table are for a \(id\) and spent by the resource, which cannot compare what it runs with what was approved, which was not so/,
  ],
  [
    'others are told of a broken glass',
    ['bundle.yaml', 'notify: [channel:security]', 'notify: [channel:approvals]'],
    /"query".*slack:C0SEC is not told/,
  ],
  [
    'a later review',
    ['bundle.yaml', 'review_within: 24h', 'review_within: 48h'],
    /"query".*the review may come later/,
  ],
  [
    'a lower effect',
    ['actions.yaml', 'effect: admin', 'effect: write'],
    /bundle The action "iam.role.update".*its effect is write instead of admin/,
  ],
  [
    'open parameters',
    ['actions.yaml', '{sql: string}', 'open'],
    /bundle The action "db.query".*its parameters are open/,
  ],
  [
    'a parameter more',
    ['actions.yaml', '{sql: string}', '{sql: string, limit: int?}'],
    /bundle The action "db.query".*takes the parameter "limit"/,
  ],
  [
    'a parameter that may be left out',
    ['actions.yaml', '{sql: string}', '{sql: string?}'],
    /"sql" may be left out/,
  ],
  [
    'a parameter of another type',
    ['actions.yaml', '{sql: string}', '{sql: opaque}'],
    /"sql" is opaque instead of string/,
  ],
  [
    'a parameter that is hidden',
    ['actions.yaml', '{sql: string}', '{sql: {type: string, sensitive: true}}'],
    /"sql" is hidden from people/,
  ],
  [
    'a parameter that is hidden, and of another type',
    ['actions.yaml', '{sql: string}', '{sql: {type: opaque, sensitive: true}}'],
    /"sql" is hidden from people; the parameter "sql" is opaque/,
  ],
  [
    'a parameter more, which is hidden',
    ['actions.yaml', '{sql: string}', '{sql: string, note: {type: string?, sensitive: true}}'],
    /"note" is hidden from people; it takes the parameter "note"/,
  ],
  [
    'a consequence where there was none',
    ['actions.yaml', '{sql: string}', '{sql: string}, consequence: Reads a little.'],
    /bundle The action "db.query".*its consequence is told in words of the policy/,
  ],
  [
    'a place that counts as inside, where nobody was told of any',
    ['actions.yaml', '{sql: string}', '{sql: string}, destination: {param: sql, inside: ["s3://"]}'],
    /bundle The action "db.query".*s3:\/\/ counts as inside/,
  ],
  ['a parameter less', ['actions.yaml', '{sql: string}', '{}'], /no longer needs the parameter "sql"/],
  [
    'a lower sensitivity',
    ['resources.yaml', 'restricted', 'internal'],
    /bundle The entry for table users.*sensitivity restricted → internal, and "export" goes by it/,
  ],
  [
    'an entry that is gone',
    ['resources.yaml', '{type: table, id: users}', '{type: table, id: users2}'],
    /The entry for table users in resources.yaml is gone/,
  ],
  [
    'a spelling that was refused',
    ['resources.yaml', '{type: table, id: users}', '{type: table, id: users2}'],
    /names that are spelled almost like a known one are judged, and were refused/,
  ],
  [
    'another owner',
    ['resources.yaml', 'owner: user:omar', 'owner: group:platform'],
    /its owner is group:platform instead of user:omar/,
  ],
  [
    'a resource elsewhere',
    ['resources.yaml', 'environment: prod', 'environment: dev'],
    /requests may name dev instead of prod/,
  ],
]

test.each(edits)('%s is told', (_, edit, says) => {
  expect(notes(edit).join('\n')).toMatch(says)
})
