import type { Recorded } from '../../../src/evidence/recorded.ts'
import { asks, type Line, madeRecord, person } from './madeRecord.ts'

export const november = { since: '2026-11-01T00:00:00.000Z', until: '2026-12-01T00:00:00.000Z' }

const hour = 3_600_000
const day = 24 * hour
const begins = Date.parse(november.since)

const actions = [
  ...['db.export', 'deploy.release', 'iam.role.grant', 'payments.refund', 'terraform.apply', 'k8s.apply'],
  ...['db.query', 'secrets.read', 'email.send_bulk', 'support.impersonate', 'dns.change'],
]
const agents = ['nightly-etl', 'release-bot', 'support-copilot', 'finance-agent', 'infra-agent', 'prototype']
const names = ['Grace Hopper', 'Ada Lovelace', 'Alan Turing', 'Barbara Liskov', 'Edsger Dijkstra']

const id = (prefix: string, nth: number) => `${prefix}_01kb${String(nth).padStart(22, '0')}`
const digest = (byte: string) => `sha256:${byte.repeat(32)}`
const at = (time: number) => new Date(time).toISOString()

/** What one person does, with the name that the directory gave. */
function by(nth: number): Pick<Line, 'actor' | 'blobs'> {
  return { actor: person(id('per', nth)), blobs: { identity: JSON.stringify({ name: names[nth] }) } }
}

const clock = { kind: 'system', id: 'deadline', via: 'clock' } as const
const policy = { kind: 'policy', id: digest('a1'), via: 'api' } as const

/** The same numbers in the same order, each time. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

/** How one request goes on after it was asked at `t`: by chance, mostly well. */
function fate(request: string, t: number, next: () => number): readonly Line[] {
  const line = (type: Line['type'], after: number, more: Partial<Line> = {}): Line => ({
    ...{ type, at: at(t + after), request },
    ...more,
  })
  const roll = next()
  if (roll < 0.55) return [line('request.approved', 1, { actor: policy, data: { outcome: 'allowed' } })]
  if (roll < 0.62) {
    const data = { outcome: 'denied_by_policy', rules: [next() < 0.5 ? 'no-prod-secrets' : 'quiet-hours'] }
    return [line('request.denied', 1, { actor: policy, data })]
  }
  const took = Math.exp(3.2 + next() * 5) * 1_000
  const who = Math.floor(next() * names.length)
  const decided = (kind: string) => line('decision.made', took, { ...by(who), data: { kind } })
  const chance = next()
  if (chance < 0.08) return [line('request.expired', hour, { actor: clock, data: { outcome: 'timed_out' } })]
  if (chance < 0.22)
    return [decided('deny'), line('request.denied', took, { ...by(who), data: { outcome: 'denied' } })]
  const own = line('decision.refused', took / 3, { ...by(0), data: { kind: 'approve', code: 'own_request' } })
  return [
    ...(chance > 0.97 ? [own] : []),
    ...(chance < 0.24
      ? [line('glass.broken', took, { ...by(who), data: { review_by: at(t + took + day) } })]
      : [decided('approve')]),
    line('request.approved', took, {
      ...by(who),
      data: { outcome: chance < 0.24 ? 'glass_broken' : 'approved' },
    }),
    ...(chance < 0.233
      ? [line('review.closed', took + hour, { ...by((who + 1) % 5), data: { late: false } })]
      : []),
    line('grant.issued', took + 4_000),
    line('grant.redeemed', took + 5_000),
    line('execution.reported', took + 9_000, { data: { state: 'succeeded', moved_to: 'succeeded' } }),
    ...(chance > 0.99
      ? [
          line('execution.deviated', took + 9_000, {
            data: { kinds: ['field'], pointers: ['/params/rows'], deviations: 1 },
          }),
        ]
      : []),
  ]
}

/** Made up: a month of a company with so many requests, more on working days. The same each time. */
export function seededMonth(count: number): { readonly record: readonly Recorded[]; readonly from: number } {
  const next = numbers(7)
  const before = begins - 40 * day
  const earlier: readonly Line[] = [
    ...agents.map(
      (name, nth): Line => ({
        ...{ type: 'agent.added', at: at(before + nth), ...by(nth % names.length) },
        subject: { kind: 'agent', id: id('agt', nth) },
        data: { name, owner: id('per', nth % names.length) },
      }),
    ),
    {
      ...{ type: 'policy.activated', at: at(before + day), ...by(0) },
      subject: { kind: 'policy', id: digest('a1') },
      data: { name: 'acme', before: null, by: id('per', 0) },
    },
  ]
  const during: Line[] = [
    {
      ...{ type: 'policy.activated', at: at(begins + 12.4 * day), ...by(1) },
      subject: { kind: 'policy', id: digest('c7') },
      data: {
        ...{
          name: 'acme',
          before: digest('a1'),
          by: id('per', 0),
          approved_by: [id('per', 1), id('per', 3)],
        },
        rules_added: { count: 2, names: ['refunds-over-500', 'quiet-hours'] },
        tests_added: { count: 2, names: ['a refund of 501', 'a refund of 499'] },
      },
    },
  ]
  for (let nth = 0; nth < count; nth += 1) {
    const date = Math.floor(next() * 30)
    const isWeekend = [0, 6].includes(new Date(begins + date * day).getUTCDay())
    const t = begins + date * day + (7 + next() * 10) * hour
    if (isWeekend && next() < 0.8) continue
    const which = Math.floor(next() ** 2 * actions.length)
    const request = id('req', nth)
    const actor = { kind: 'agent', id: id('agt', which % 5), via: 'api' } as const
    during.push(
      { ...asks(request, at(t), { action: actions[which] ?? '' }), actor },
      ...fate(request, t, next),
    )
  }
  const inTime = during
    .filter((line) => line.at < november.until)
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return { record: madeRecord([...earlier, ...inTime]), from: earlier.length }
}
