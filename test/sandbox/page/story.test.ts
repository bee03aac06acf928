import { expect, test } from 'vitest'
import { readAnswer } from '../../../src/sandbox/page/agentPanel/requestClient.ts'
import {
  curlOf,
  hasEnded,
  legsOf,
  moodOf,
  notesOf,
  outcomeCodeOf,
  progressOf,
  reasonsOf,
  stepsOf,
} from '../../../src/sandbox/page/agentPanel/story.ts'

const request = (state: string, more: object = {}) => ({
  id: 'req_1',
  state,
  verdict: { kind: 'require_approval', message: null },
  ...more,
})
test('what people say meanwhile stands there as the agent hears it, and is news', () => {
  const note = { id: 'note_1', kind: 'changes', by: 'per_1', text: 'Fewer rows.' }
  const [quiet, told] = [request('pending'), request('pending', { notes: [note] })]

  expect(notesOf(told)).toEqual([{ id: 'note_1', says: 'Changes are asked for: Fewer rows.' }])
  expect(notesOf(quiet)).toEqual([])
  expect(progressOf(told)).toBeGreaterThan(progressOf(quiet))
})

const names = (state: string, more: object = {}) => stepsOf(request(state, more)).map((step) => step.name)

test('the steps lead from asking to the end', () => {
  expect(stepsOf(request('pending'))).toEqual([
    { name: 'asked', status: 'done' },
    { name: 'pending', status: 'current' },
    { name: 'decided', status: 'todo' },
  ])
  expect(names('approved')).toEqual(['asked', 'pending', 'approved'])
  expect(stepsOf(request('denied')).at(-1)).toEqual({ name: 'denied', status: 'bad' })
})

test('what policy settled at once was never pending', () => {
  expect(names('approved', { verdict: { kind: 'allow' } })).toEqual(['asked', 'approved'])
})

test('a later state is shown by its name, after the approval it came through', () => {
  expect(names('executing')).toEqual(['asked', 'pending', 'approved', 'executing'])
  expect(names('quarantined')).toEqual(['asked', 'pending', 'approved', 'quarantined'])
  expect(moodOf('quarantined')).toBe('neutral')
})

test('what runs is not over, and what went wrong after the approval is bad', () => {
  expect(stepsOf(request('executing')).at(-1)).toEqual({ name: 'executing', status: 'current' })
  expect(stepsOf(request('lapsed')).at(-1)).toEqual({ name: 'lapsed', status: 'bad' })
  expect(
    ['pending', 'approved', 'executing', 'quarantined'].map((state) => hasEnded(request(state))),
  ).toEqual([false, false, false, false])
  expect(['denied', 'lapsed', 'succeeded', 'unreported'].every((state) => hasEnded(request(state)))).toBe(
    true,
  )
})

test('of two looks at one request, the later one has come further', () => {
  const grant = { id: 'grt_1' }
  const life = [
    request('pending'),
    request('approved', { grant: null, executions: [] }),
    request('approved', { grant, executions: [] }),
    request('executing', { grant, executions: [] }),
    request('executing', { grant, executions: [{}] }),
    request('succeeded', { grant, executions: [{}, {}] }),
    request('succeeded', { grant, executions: [{}, {}, {}] }),
  ].map(progressOf)

  expect(life).toEqual([...life].sort((a, b) => a - b))
  expect(new Set(life).size).toBe(life.length)
})

test('the agent gets the outcome, the words of whoever decided, and what policy said, each once', () => {
  const denied = request('denied', {
    outcome: 'Denied by Bob.',
    decisions: [
      { kind: 'deny', reason: 'Too much' },
      { kind: 'approve', reason: null },
    ],
    verdict: { kind: 'require_approval', message: 'Denied by Bob.' },
  })

  expect(reasonsOf(denied)).toEqual(['Denied by Bob.', 'Too much'])
})

test('the agent branches on a code, which is shown where the state alone does not say it', () => {
  expect(outcomeCodeOf(request('expired', { outcome_code: 'nobody_reachable' }))).toBe('nobody_reachable')
  expect(outcomeCodeOf(request('denied', { outcome_code: 'denied' }))).toBe('')
  expect(outcomeCodeOf(request('pending', { outcome_code: null }))).toBe('')
})

test('legs are counted, and a request that asked nobody has none', () => {
  const legs = [{ name: 'security', count: 1, filled: 0 }]

  expect(legsOf(request('pending', { requirement: { legs } }))).toEqual(legs)
  expect(legsOf(request('approved', { requirement: null }))).toEqual([])
})

test('a quote in the body does not end the shell’s quote', () => {
  expect(curlOf('http://localhost:8080', 'key', `{"reason":"it's due"}`)).toContain(
    `-d '{"reason":"it'\\''s due"}'`,
  )
})

test('a problem is read with its pointers', () => {
  const body = {
    title: 'Invalid',
    code: 'invalid_request',
    detail: 'x',
    errors: [{ pointer: '/params', detail: 'no' }],
  }

  expect(readAnswer(422, body)).toEqual({ is: 'problem', problem: { status: 422, ...body } })
})

test('something that is neither a request nor a problem is told as that', () => {
  expect(readAnswer(502, null)).toMatchObject({ is: 'problem', problem: { status: 502, code: 'unreadable' } })
  expect(readAnswer(200, { id: 1 })).toMatchObject({ is: 'problem', problem: { code: 'unreadable' } })
})
