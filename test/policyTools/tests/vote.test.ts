import { describe, expect, test } from 'vitest'
import { differences, voting } from './written.ts'

describe('a voting script', () => {
  test('plays separation, sets, seats, denials, escalations and the end', () => {
    expect(
      differences(
        voting(
          'by: {id: U1, groups: [group:data]}, expect: rejected, because: initiator',
          'by: {id: U9, groups: [group:data]}, expect: rejected, because: agent_owner',
          'by: {id: U2}, expect: rejected, because: not_in_leg',
          'by: {id: U3, groups: [group:data, group:security]}, expect: pending',
          'by: {id: U3, groups: [group:security]}, decision: deny, expect: rejected, because: already_decided',
          'by: {id: U4, groups: [group:security]}, decision: deny, expect: pending',
          'by: {id: U5, groups: [group:platform]}, after: 19m, expect: rejected, because: not_in_leg',
          'by: {id: U5, groups: [group:platform]}, after: 20m, expect: pending',
          'by: {id: user:omar}, after: 29m, expect: approved',
          'by: {id: U6, groups: [group:security]}, expect: rejected, because: wrong_state',
        ),
      ),
    ).toEqual([])
  })

  test('says what came of a step instead', () => {
    expect(
      differences(
        voting('by: {id: U1}, expect: approved', 'by: {id: U3, groups: [group:data]}, expect: rejected'),
      ),
    ).toEqual([
      { field: 'approvals step 1 (U1)', expected: 'approved', actual: 'rejected (initiator)' },
      { field: 'approvals step 2 (U3)', expected: 'rejected', actual: 'pending' },
    ])
  })

  test('the wrong reason for a refusal is a difference', () => {
    expect(differences(voting('by: {id: U1}, expect: rejected, because: not_in_leg'))).toEqual([
      { field: 'approvals step 1 (U1)', expected: 'rejected (not_in_leg)', actual: 'rejected (initiator)' },
    ])
  })

  test('enough denials end it, and the expiry too', () => {
    const deny = (id: string, more: string) =>
      `by: {id: ${id}, groups: [group:security]}, decision: deny, ${more}`

    expect(differences(voting(deny('U3', 'expect: pending'), deny('U4', 'expect: denied')))).toEqual([])
    expect(differences(voting(deny('U3', 'after: 30m, expect: rejected, because: wrong_state')))).toEqual([])
  })

  test('a person is the same under either of their names', () => {
    const steps = voting(
      'by: {id: user:omar}, expect: pending',
      'by: {id: U0OMAR}, expect: rejected, because: already_decided',
    )

    expect(differences(steps)).toEqual([])
  })

  test('there is nothing to vote on where nobody is asked', () => {
    const denied =
      '  - name: one\n    request: {action: s3.copy, params: {bucket: b}}\n    expect: {verdict: deny}\n    approvals: [{by: {id: U3}, expect: approved}]\n'

    expect(differences(denied)).toEqual([
      { field: 'approvals (script)', expected: '1 steps', actual: 'nothing to vote on: nobody is asked' },
    ])
  })
})
