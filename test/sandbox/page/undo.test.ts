import { describe, expect, test } from 'vitest'
import { declaredWayBackOf, undoingOf } from '../../../src/sandbox/page/agentPanel/undo.ts'

const request = (state: string, more: object = {}) => ({
  id: 'req_1',
  state,
  action: 'deploy.start',
  resource: { type: 'service', id: 'checkout-api' },
  params: { service: 'checkout-api', version: '2026.11.3', strategy: 'canary' },
  environment: 'prod',
  rolls_back: null,
  rollbacks: [],
  ...more,
})

describe('undoing', () => {
  test('asks for the version that was there before, and names what it undoes', () => {
    expect(JSON.parse(undoingOf(request('succeeded')) ?? '')).toEqual({
      action: 'deploy.rollback',
      resource: { type: 'service', id: 'checkout-api' },
      params: { service: 'checkout-api', version: '2026.11.2' },
      environment: 'prod',
      reason: 'Back to what was there before 2026.11.3.',
      rolls_back: 'req_1',
    })
  })

  test.each(['succeeded', 'failed', 'unreported'])('is offered when it is %s', (state) => {
    expect(undoingOf(request(state))).not.toBeNull()
  })

  test.each(['pending', 'approved', 'executing', 'denied', 'lapsed'])('is not when it is %s', (state) => {
    expect(undoingOf(request(state))).toBeNull()
  })

  test('nor of an undoing, of what is being undone, or where nobody has told the agent how', () => {
    expect(undoingOf(request('succeeded', { rolls_back: 'req_0' }))).toBeNull()
    expect(undoingOf(request('succeeded', { rollbacks: [{ id: 'req_2', state: 'pending' }] }))).toBeNull()
    expect(undoingOf(request('succeeded', { rollbacks: [{ id: 'req_2', state: 'denied' }] }))).not.toBeNull()
    expect(undoingOf(request('succeeded', { action: 'db.export' }))).toBeNull()
  })
})

describe('a way back that was declared', () => {
  const declared = { rollbacks: [{ id: 'req_2', state: 'approved' }] }

  test.each(['succeeded', 'failed', 'unreported'])('can be taken when the first is %s', (state) => {
    expect(declaredWayBackOf(request(state, declared))).toBe('req_2')
  })
  test.each(['pending', 'approved', 'executing', 'revoked'])('not while or after it is %s', (state) => {
    expect(declaredWayBackOf(request(state, declared))).toBeNull()
  })
  test('not one that waits, has been taken or does not exist', () => {
    const of = (rollbacks: unknown) => declaredWayBackOf(request('succeeded', { rollbacks }))
    expect(of([{ id: 'req_2', state: 'pending' }])).toBeNull()
    expect(of([{ id: 'req_2', state: 'succeeded' }])).toBeNull()
    expect([of([]), of(undefined)]).toEqual([null, null])
  })
})
