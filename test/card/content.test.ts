import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alarmContent } from '../../src/card/alarm.ts'
import { viewButtons } from '../../src/card/buttons.ts'
import { cardContent, replacedContent } from '../../src/card/content.ts'
import { declaredIn, factsWith } from '../../src/card/declared.ts'
import { differenceKinds } from '../../src/card/difference.ts'
import { storedEarlier } from '../../src/card/earlier.ts'
import { aroundPassages } from '../../src/card/grounds.ts'
import { reminderContent } from '../../src/card/reminder.ts'
import { say } from '../../src/card/span.ts'
import { stateOf } from '../../src/card/state.ts'
import { hasHidden } from '../../src/card/text.ts'
import { told } from '../../src/card/timeline.ts'
import { digestOf } from '../../src/core/digest.ts'
import type { Execution } from '../../src/core/execution.ts'
import type { CurrentRequest } from '../../src/core/request.ts'
import { cases } from '../support/cases.ts'
import { anything } from './anything.ts'
import { type Situation, situations } from './situations.ts'
import { written } from './written.ts'

/** What is said of a request in this situation, whoever draws it: a property of the card a line. */
function said({ view, status = 'posted', entries = [], alarm }: Situation): string {
  const facts = factsWith(view.request, declaredIn(view.request, view.rollbacks))
  const card = status === 'replaced' ? { replaced: replacedContent(view) } : cardContent(view)
  const around = aroundPassages(view)
  return [
    '# card',
    ...Object.entries(card).map(([name, value]) => `${name}: ${written(value)}`),
    ...entries.flatMap((entry) => [`# ${entry.type}`, written(told(view, entry))]),
    '# reminder',
    written(reminderContent(view)),
    '# alarm',
    written(alarmContent(view, { why: 'broken' })),
    written(alarmContent(view, { why: 'overdue' })),
    ...(alarm ? [`# alarm, ${alarm.why}`, written(alarmContent(view, alarm))] : []),
    '# state',
    written(stateOf(view)),
    '# full request',
    ...around.map((passage) => written(passage)),
    written(viewButtons(view.request, facts, view.held)),
    `# seen: ${digestOf('countersign/seen/v2', { text: facts.text })}`,
    facts.text,
    '',
  ].join('\n')
}

test.each(Object.entries(situations))('what is said in any channel: %s', async (name, situation) => {
  await expect(said(situation)).toMatchFileSnapshot(resolve('test/golden/card', `${name}.txt`))
})

test('every golden file of a card is what some test compares', () => {
  const compared = Object.keys(situations).flatMap((name) => [`${name}.txt`, `${name}.slack.txt`])

  expect(readdirSync('test/golden/card').filter((file) => !compared.includes(file))).toEqual([])
})

describe('text from outside', () => {
  test('is never among our own words, and hides nothing', () => {
    fc.assert(
      fc.property(anything, (text) => {
        for (const value of everythingSaid(outsider(`OUTSIDE${text}OUTSIDE`))) {
          expect(JSON.stringify(oursIn(value))).not.toContain('OUTSIDE')
          // What is left of isolates is ours: theirs were named.
          for (const words of theirsIn(value))
            expect(hasHidden(words.replace(/[\u2068\u2069]/g, ''))).toBe(false)
        }
      }),
      { numRuns: cases(100) },
    )
  })

  test('control: it is there, as theirs', () => {
    const theirs = everythingSaid(outsider('OUTSIDE')).flatMap(theirsIn)

    expect(theirs.filter((words) => words.includes('OUTSIDE')).length).toBeGreaterThan(30)
  })

  test('cannot be put into a sentence of ours without saying what it is', () => {
    const model: string = 'The operator agreed.'

    // @ts-expect-error: the compiler refuses a text that may be anybody's
    expect(() => say`The agent says: ${model}`).toThrow()
  })
})

/** Requests in every situation whose every text from outside is this one. */
function outsider(text: string): readonly Situation[] {
  return Object.values(situations).map((situation) => ({
    ...situation,
    view: { ...situation.view, request: withText(situation.view.request, text) },
  }))
}

function withText(request: CurrentRequest, text: string): CurrentRequest {
  const { verdict, requirement, decisions, escalations, brokenGlass, grant, executions } = request
  return {
    ...request,
    action: {
      action: text,
      resource: { type: text, id: text },
      params: { [text]: text },
      environment: text,
    },
    agent: { ...request.agent, id: text, name: text },
    reason: text,
    run: { model: text, session: text, url: text },
    verdict: {
      ...verdict,
      facts: {
        ...verdict.facts,
        earlier: storedEarlier({
          ...{ nth: 2, answered: 1, approved: 1, deviated: 0, isCut: false, more: 0 },
          ...{ last: { request: text, isSame: false } },
          differences: differenceKinds.map((kind) => ({ kind, path: text, value: text })),
        }),
        impact: { reversible: 'no', consequence: text, destination: { param: text, reach: 'outside' } },
        because: verdict.why.map(() => ({
          rule: text,
          comparisons: [{ path: text, operator: '!=', value: text, limit: [text] }],
        })),
      },
      why: verdict.why.map(() => ({ rule: text, says: text })),
      message: text,
      errors: [text],
      observed: [text],
    },
    requirement: requirement && {
      ...requirement,
      legs: requirement.legs.map((leg) => ({ ...leg, name: text })),
    },
    decisions: decisions.map((one) => ({
      ...one,
      reason: text,
      ...(one.ended?.how === 'withdrawn' && { ended: { ...one.ended, reason: text } }),
    })),
    escalations: escalations.map((one) => ({ ...one, reason: one.reason && text, legs: [text] })),
    brokenGlass: brokenGlass && {
      ...brokenGlass,
      reason: text,
      review: brokenGlass.review && { ...brokenGlass.review, note: text },
    },
    ...(grant && { grant: { ...grant, audience: text } }),
    ...(executions && { executions: executions.map((one) => withTextIn(one, text)) }),
  }
}

function withTextIn(execution: Execution, text: string): Execution {
  const deviations = execution.deviations.map((one) =>
    one.kind === 'field' && one.pointer !== ''
      ? { ...one, pointer: `/params/${text}`, approved: text, actual: { [text]: [text] } }
      : one,
  )
  return { ...execution, note: text, links: [text], deviations }
}

function everythingSaid(of: readonly Situation[]): readonly unknown[] {
  return of.flatMap(({ view, entries = [], alarm }) => [
    cardContent(view),
    reminderContent(view),
    alarmContent(view, { why: 'broken' }),
    ...(alarm ? [alarmContent(view, alarm)] : []),
    stateOf(view),
    aroundPassages(view),
    ...entries.map((entry) => told(view, entry)),
  ])
}

/** Where somebody else's text may stand: a channel draws these so that nothing in them is parsed. */
const theirs = new Set([
  'outside',
  'quote',
  'action',
  'environment',
  'resource',
  'lines',
  'about',
  'notification',
])

/** Every string under one of these names; a list stands under the name of the list. */
function stringsIn(value: unknown, wanted: (name: string) => boolean, name = ''): readonly string[] {
  if (typeof value === 'string') return wanted(name) ? [value] : []
  if (Array.isArray(value)) return value.flatMap((item) => stringsIn(item, wanted, name))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => stringsIn(item, wanted, key))
}

const theirsIn = (value: unknown) => stringsIn(value, (name) => theirs.has(name))
const oursIn = (value: unknown) => stringsIn(value, (name) => !theirs.has(name))
