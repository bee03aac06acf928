import { describe, expect, test } from 'vitest'
import { askForChanges, askQuestion } from '../../src/approvals/notes/ask.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { attemptBy, click } from '../support/world.ts'
import { exportBody, idIn, openHouse } from './house.ts'

async function asked() {
  const house = await openHouse()
  const id = idIn(await house.submit(exportBody))
  const { request } = await askQuestion(house.ports, { ...attemptBy(id, 'U0BOB'), text: 'Who reads it?' })
  const to = request.notes?.[0]?.id ?? ''
  const answer = (body: unknown, headers: Record<string, string> = {}) =>
    house.call('POST', `/v1/requests/${id}/notes`, {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  return { house, id, to, answer }
}

describe('the agent answers a note', () => {
  test('once; the same again is answered as before, another answer is not', async () => {
    const { id, to, answer } = await asked()

    const first = await answer({ to, text: 'The board.' })
    const again = await answer({ to, text: 'The board.' })
    const other = await answer({ to, text: 'Nobody.' })

    expect([first.status, again.status, other.status]).toEqual([201, 200, 409])
    expect(first.body).toMatchObject({
      id,
      state: 'pending',
      notes: [
        { id: to, kind: 'question', by: expect.stringMatching(/^per_/), text: 'Who reads it?' },
        { kind: 'answer', by: 'agent', to, text: 'The board.' },
      ],
    })
    expect(again.body).toEqual(first.body)
    expect(other.body).toMatchObject({ code: 'already_answered' })
  })

  test.each([
    [{ text: 'x' }, 400, '/to'],
    [{ to: 'note_1', text: 'x' }, 400, '/to'],
    [{ to: 'note_01kaxyz0000000000000000000', text: 'x' }, 404, '/to'],
    [{ to: 'note_01kaxyz0000000000000000000', text: 'x'.repeat(3_001) }, 400, '/text'],
    [{ to: 'note_01kaxyz0000000000000000000', text: 'x', kind: 'changes' }, 400, '/kind'],
  ])('%s is refused with its place', async (body, status, pointer) => {
    const { answer } = await asked()
    const reply = await answer(body)
    expect(reply.status).toBe(status)
    expect(reply.body).toMatchObject({ errors: [{ pointer }] })
  })

  test("another agent's request is unknown", async () => {
    const { house, to, answer } = await asked()
    const lee = { email: 'lee@acme.test' }
    const other = await addAgent(house.ports, { name: 'other-agent', owner: lee, by: lee, via: 'test' })
    const reply = await answer({ to, text: 'x' }, { authorization: `Bearer ${other.credential}` })
    expect(reply.body).toMatchObject({ status: 404, code: 'unknown_request' })
  })

  test('not once the request has ended', async () => {
    const { house, id, to, answer } = await asked()
    await click(house, id, 'U0BOB', { kind: 'deny' })
    expect((await answer({ to, text: 'x' })).body).toMatchObject({ status: 409, code: 'wrong_state' })
  })
})

test('whoever waits hears of a note at once: still pending, with another ETag', async () => {
  const house = await openHouse()
  const submitted = await house.submit(exportBody)
  const id = idIn(submitted)
  const reply = house.call('GET', `/v1/requests/${id}`, { headers: { prefer: 'wait=30' } })
  await house.watched()

  await askForChanges(house.ports, { ...attemptBy(id, 'U0BOB'), text: 'Fewer rows.' })

  const { status, headers, body } = await reply
  expect(status).toBe(200)
  expect(body).toMatchObject({ state: 'pending', notes: [{ kind: 'changes', text: 'Fewer rows.' }] })
  expect(headers.get('etag')).not.toBe(submitted.headers.get('etag'))
})

test('a note that was written between two calls that wait is answered at once by the second, once', async () => {
  const house = await openHouse()
  const submitted = await house.submit(exportBody)
  const id = idIn(submitted)
  const look = (tag: string | null) =>
    house.call('GET', `/v1/requests/${id}`, {
      headers: { prefer: 'wait=30', ...(tag !== null && { 'if-none-match': tag }) },
    })
  await askForChanges(house.ports, { ...attemptBy(id, 'U0BOB'), text: 'Fewer rows.' })

  const { status, headers, body } = await look(submitted.headers.get('etag'))
  expect(status).toBe(200)
  expect(body).toMatchObject({ state: 'pending', notes: [{ text: 'Fewer rows.' }] })

  const known = [headers.get('etag'), `"other", W/${headers.get('etag')}`, null].map(look)
  await house.watched(3)
  await askQuestion(house.ports, { ...attemptBy(id, 'U0SAM'), text: 'Why?' })
  for (const reply of known)
    expect((await reply).body).toMatchObject({ notes: [{ kind: 'changes' }, { kind: 'question' }] })
})

test('a note about one of a set is answered at once by a call that waits for the set and has not seen it', async () => {
  const house = await openHouse()
  const { initiator, ...action } = exportBody
  const asked = await house.call('POST', '/v1/sets', {
    headers: { 'content-type': 'application/json', 'idempotency-key': 'set' },
    body: JSON.stringify({ requests: [action, { ...action, params: { rows: 7 } }], initiator }),
  })
  const { id, requests } = asked.body as { id: string; requests: { id: string }[] }
  await askForChanges(house.ports, { ...attemptBy(requests[1]?.id ?? '', 'U0BOB'), text: 'Fewer rows.' })

  const { body } = await house.call('GET', `/v1/sets/${id}`, {
    headers: { prefer: 'wait=30', 'if-none-match': asked.headers.get('etag') ?? '' },
  })

  expect(body).toMatchObject({ requests: [{ notes: [] }, { notes: [{ text: 'Fewer rows.' }] }] })
})

test('a revision links both, and refuses what cannot be revised with its place', async () => {
  const house = await openHouse()
  const first = idIn(await house.submit(exportBody))
  const fewer = { ...exportBody, params: { ...exportBody.params, rows: 200_000 }, revises: first }
  const early = await house.submit(fewer)
  expect(early.body).toMatchObject({ status: 409, code: 'not_revisable', errors: [{ pointer: '/revises' }] })

  await askForChanges(house.ports, { ...attemptBy(first, 'U0BOB'), text: 'Fewer rows.' })
  const revision = await house.submit(fewer)

  expect(revision.body).toMatchObject({ state: 'pending', revises: first, revised_by: null })
  expect((await house.call('GET', `/v1/requests/${first}`)).body).toMatchObject({
    state: 'cancelled',
    outcome_code: 'revised',
    revised_by: idIn(revision),
  })
})
