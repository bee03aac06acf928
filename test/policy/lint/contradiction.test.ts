import { describe, expect, test } from 'vitest'
import { codesOf, type Seed } from './seed.ts'

const impossible: readonly Seed[] = [
  { when: 'params.rows > 10 && params.rows < 11' },
  { when: 'params.rows > 5 && params.rows <= 5' },
  { when: 'params.share > 0.5 && params.share < 0.5' },
  { when: 'params.rows == 3 && params.rows != 3' },
  { when: 'params.rows in [1, 2] && params.rows > 2' },
  { when: 'params.rows >= 1 && params.rows <= 2 && params.rows != 1 && !(params.rows in [2])' },
  { when: 'resource.sensitivity == "public" && resource.sensitivity == "secret"' },
  { when: '!(resource.sensitivity in ["public", "internal", "restricted", "secret", "unknown"])' },
  { when: 'time.hour > 23' },
  { when: 'has(params.to) && !has(params.to)' },
  { when: 'params.table.startsWith("a") && params.table.startsWith("b")' },
  { when: 'params.table == "ab" && params.table.endsWith("c")' },
  { when: 'params.table.startsWith("ab") && !params.table.startsWith("a")' },
  { when: '"id" in params.columns && !("id" in params.columns)' },
  { when: '"night" in time.windows && !("night" in time.windows)' },
  { when: 'params.columns.exists(c, c == "a" && c == "b")' },
  { when: 'params.columns.exists(c, c == "a") && params.columns.all(c, c == "b")' },
  { when: 'size(params.columns) < 0' },
  { when: 'params.rows * 2 > 10 && !(params.rows * 2 > 10)' },
  { when: '(params.rows < 5 || params.rows > 10) && params.rows >= 5 && params.rows <= 10' },
  { when: 'environment == "prod"', match: 'actions: [db.export], environments: [dev]' },
  { when: 'action == "db.query"' },
  { when: 'params.rows > 5', unless: 'params.rows > 4' },
  { unless: 'params.rows > 4 || params.rows <= 4' },
  { when: 'has(params.force) && params.force && !params.force' },
]

/** As near to the above as can be, and possible. */
const possible: readonly Seed[] = [
  { when: 'params.rows > 10 && params.rows < 12' },
  { when: 'params.rows >= 5 && params.rows <= 5' },
  { when: 'params.share > 0.5 && params.share < 0.6' },
  { when: 'params.rows in [1, 2] && params.rows > 1' },
  { when: 'resource.sensitivity in ["unknown", "secret"] && resource.sensitivity != "secret"' },
  { when: 'time.hour >= 23' },
  { when: 'has(params.to) && params.to == "x"' },
  {
    when: 'params.table.startsWith("ab") && params.table.startsWith("a") && !params.table.startsWith("abc")',
  },
  { when: 'params.table.startsWith("a") && params.table.endsWith("z") && params.table.contains("-")' },
  { when: 'params.table.matches("^[a-c]{3}(-x|_y)+$") && params.table != "aaa-x"' },
  { when: '"id" in params.columns && !("email" in params.columns)' },
  { when: '!("night" in time.windows) && time.weekday == "sun"' },
  { when: '"freeze" in time.windows && "night" in time.windows' },
  { when: 'params.columns.exists(c, c.lowerAscii() == "a") && params.columns.exists(c, c == "b")' },
  { when: 'params.columns.all(c, c == "b") && size(params.columns) >= 3' },
  { when: 'params.columns.filter(c, c.startsWith("p")).size() > 1' },
  { when: 'params.rows * 2 > 10 && params.rows + 1 < 10' },
  { when: 'params.rows > 5', unless: 'params.rows > 6' },
  { when: 'has(params.force) && !params.force' },
  { when: 'has(resource.labels.team) && resource.labels.team == "data"' },
  { when: '"team" in resource.labels && has(resource.region) && resource.region.startsWith("eu-")' },
  { when: 'has(request.reason) && size(request.reason) >= 30' },
  { when: 'has(initiator.groups) && "eng" in initiator.groups && initiator.kind == "schedule"' },
  { when: 'params.rows > 5 ? params.table == "x" : params.table == "y"' },
]

describe('conditions that can never be true', () => {
  test.each(impossible)('$match $when, unless $unless', (seed) => {
    expect(codesOf([seed])).toEqual(['s.seed rule/contradiction'])
  })

  test.each(possible)('control: silent, and a probe reaches it: $when, unless $unless', (seed) => {
    expect(codesOf([seed])).toEqual([])
  })
})
