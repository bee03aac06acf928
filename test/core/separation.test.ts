import { describe, expect, test } from 'vitest'
import type { CurrentPerson } from '../../src/core/identity.ts'
import { type Behind, onlyClaimed, roleBehind } from '../../src/core/separation.ts'
import { whyNotStaff } from '../../src/core/staff.ts'
import { personOfToday } from '../support/people.ts'

const behind: readonly Behind<CurrentPerson>[] = [
  { person: personOfToday('per_alice'), role: 'initiator' },
  { person: personOfToday('per_lee'), role: 'agent_owner' },
  { person: personOfToday('per_kim'), role: 'key_creator' },
  { person: personOfToday('per_dan'), role: 'involved' },
]

describe('nobody decides on what they are behind', () => {
  test.each(behind.map((one) => [one.role, one.person] as const))('%s', (role, person) => {
    expect(roleBehind(person, behind)).toBe(role)
  })

  test.each(behind.map((one) => [one.role, one.person] as const))(
    'control: without that line, the %s may',
    (_, person) => {
      expect(
        roleBehind(
          person,
          behind.filter((one) => one.person !== person),
        ),
      ).toBeNull()
    },
  )

  test('somebody else is not behind it', () => {
    expect(roleBehind(personOfToday('per_bob'), behind)).toBeNull()
  })
})

describe('whom only the request names', () => {
  test('are the initiator and whoever is involved', () => {
    expect(onlyClaimed(behind)).toEqual(['per_alice', 'per_dan'])
  })

  test('but for those who own the agent or made its key as well', () => {
    const also = [...behind, { person: personOfToday('per_kim'), role: 'involved' as const }]
    expect(onlyClaimed(also)).toEqual(['per_alice', 'per_dan'])
    expect(
      onlyClaimed([{ person: personOfToday('per_lee'), role: 'initiator' }, ...behind.slice(1, 3)]),
    ).toEqual([])
  })
})

describe('not-staff', () => {
  const staff = {
    key: 'slack:T1:U1',
    name: 'Bob',
    email: null,
    human: true,
    active: true,
    guest: false,
    external: false,
  }

  test('control: an active, full member of the workspace is staff', () => {
    expect(whyNotStaff(staff)).toBeNull()
  })

  test.each([
    ['bot', { human: false }],
    ['deactivated', { active: false }],
    ['guest', { guest: true }],
    ['external', { external: true }],
  ] as const)('%s', (fault, change) => {
    expect(whyNotStaff({ ...staff, ...change })).toBe(fault)
  })
})
