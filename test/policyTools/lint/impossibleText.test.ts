import { describe, expect, test } from 'vitest'
import { randomIds } from '../../../src/approvals/randomIds.ts'
import { lintBundle } from '../../../src/policyTools/lint/lintBundle.ts'
import { bundleFiles, loaded } from '../../policy/files.ts'

const [agent, person] = [randomIds.next('agt'), randomIds.next('per')]

/** What lint says about texts, of a rule with this condition. */
function saidOf(when: string, verdict = 'deny') {
  const rule = `- id: seeded\n  description: Seeded.\n  match: {actions: [db.export]}\n  verdict: ${verdict}\n  when: |\n    ${when.replaceAll('\n', '\n    ')}\n`
  const findings = lintBundle(loaded(bundleFiles({ 'rules/a.yaml': rule })), { errorsOnly: true })
  return findings.filter(({ code }) => code === 'fact/impossible-text')
}

describe('a text that the fact can never be is refused', () => {
  test.each([
    [
      'agent.id == "billing-agent"',
      /never be true.*not the name of an agent.*agt_….*`agent\.name`.*`agents` in `match`/,
    ],
    ['"billing-agent" == agent.id', /never/],
    ['agent.id != "billing-agent"', /always be true/],
    ['agent.id in ["billing-agent"]', /never/],
    ['!(agent.id in ["nightly"])', /never/],
    ['"nightly" in [agent.id, agent.owner.id]', /never/],
    ['["nightly", "daily"].exists(name, name == agent.id)', /never/],
    ['agent.id.startsWith("billing")', /never start with/],
    ['agent.id.startsWith("agt_z")', /never start with/],
    ['agent.id.endsWith("-agent")', /never end with/],
    ['agent.id.contains("billing")', /never contain/],
    ['agent.id.matches("^billing")', /never start with/],
    ['agent.id.matches("-agent$")', /never end with/],
    ['agent.id.matches("^billing-agent$")', /never be/],
    ['agent.id.lowerAscii() == "billing-agent"', /never be/],
    ['agent.name == "Billing Agent"', /small letters/],
    ['agent.name.startsWith("agt:")', /never start with/],
    ['"Finance" in agent.tags', /never be/],
    ['"a tag" in agent.tags || "team:data" in agent.tags', /small letters/],
    [`agent.id == "${agent}0"`, /never/],
    [`agent.id == "${agent.toUpperCase()}"`, /never/],
    [`agent.id == "${person}"`, /never/],
    ['agent.owner.id == "U0LEE"', /per_….*not a Slack id.*`agent\.owner\.email`/],
    ['initiator.id == "slack:U0DANA"', /`initiator\.email`/],
    [`initiator.id == "${agent}"`, /never/],
    ['initiator.email == "dana"', /whole e-mail address/],
    ['agent.owner.email in ["@acme.test"]', /whole e-mail address/],
    ['time.date == "2026-02-30"', /a day that exists/],
    ['time.date in ["24.12.2026"]', /2026-11-24/],
    ['time.date.startsWith("26-")', /never start with/],
    ['action in ["db.export", "db.exprot"]', /actions\.yaml\. Did you mean "db\.export"/],
    ['action != "db.exprot"', /always/],
    ['action.startsWith("bd.")', /never start with/],
  ])('%s', (when, says) => {
    const found = saidOf(when)

    expect(found.map(({ level, rule }) => ({ level, rule }))).toContainEqual({
      level: 'error',
      rule: 'seeded',
    })
    expect(found[0]?.message).toMatch(says)
  })

  test('each of them, with its place and what to write instead', () => {
    const found = saidOf('params.rows > 3 &&\nagent.id in ["nightly", "daily"]', 'allow')

    expect(found.map(({ file, line }) => `${file}:${line}`)).toEqual(['rules/a.yaml:6', 'rules/a.yaml:6'])
    expect(found.map(({ excerpt }) => excerpt)).toEqual([
      'agent.id in ["nightly", "daily"]\n             ^',
      'agent.id in ["nightly", "daily"]\n                        ^',
    ])
  })

  test('also in what lets people past a rule', () => {
    const rule = `- id: seeded
  description: Seeded.
  match: {actions: [db.export]}
  verdict: deny
  unless: agent.id == "nightly"
`
    const findings = lintBundle(loaded(bundleFiles({ 'rules/a.yaml': rule })))
    expect(findings.map(({ code }) => code)).toContain('fact/impossible-text')
  })
})

describe('control: what the fact can be is not', () => {
  test.each([
    `agent.id == "${agent}"`,
    `agent.id in ["${agent}", "${randomIds.next('agt')}"]`,
    'agent.id.startsWith("agt_")',
    'agent.id.startsWith("agt_01")',
    'agent.id.startsWith("")',
    `agent.id.endsWith("${agent.slice(-4)}")`,
    `agent.id.contains("${agent.slice(8, 14)}")`,
    'agent.id.contains("t_0")',
    'agent.id.matches("^agt_0")',
    'agent.id.matches("^(billing|nightly)")',
    'agent.id == params.table',
    `agent.owner.id == "${person}"`,
    `initiator.id != "${person}"`,
    'initiator.id != agent.owner.id',
    'initiator.email == "dana@acme.test"',
    'initiator.email.endsWith("@acme.test")',
    'initiator.email.endsWith("acme.test")',
    'initiator.email.startsWith("svc-")',
    'time.date == "2028-02-29"',
    'time.date >= "2026-12-20"',
    'time.date.startsWith("2026-12")',
    'time.date.endsWith("-12-24")',
    'action == "db.export"',
    'action.startsWith("db.")',
    'has(agent.model) && agent.model == "billing-agent"',
    'resource.id == "billing-agent"',
    '["nightly"].exists(name, name == params.table)',
  ])('%s', (when) => {
    expect(saidOf(when)).toEqual([])
  })
})
