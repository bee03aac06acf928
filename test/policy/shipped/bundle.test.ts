import { describe, expect, test } from 'vitest'
import { mostSteps, slowConditions } from '../../../src/policy/conditions/gate.ts'
import { conditionLimits } from '../../../src/policy/conditions/limits.ts'
import { unsupportedAtActivation } from '../../../src/policyTools/activation/unsupportedAtActivation.ts'
import { bundle, inData, judge } from './judge.ts'
import { params } from './params.ts'

describe('the policy that ships', () => {
  test('has an ordinary request here for every action', () => {
    expect(Object.keys(params).sort()).toEqual([...bundle.catalogue.keys()].sort())
  })

  test('can be made active, and no condition of it takes a quarter of the steps that it may', () => {
    const steps = [...mostSteps(bundle).values()].map(({ steps }) => steps)

    expect(unsupportedAtActivation(bundle)).toEqual([])
    expect(slowConditions(bundle)).toEqual([])
    expect(Math.max(...steps)).toBeLessThan(conditionLimits.steps / 4)
  })

  test('allows nothing that is done to what nobody has described', () => {
    // Mail goes to whom it names, and a refund to its order: neither is described.
    const actions = Object.keys(params).filter((action) => !['email.send', 'refund.create'].includes(action))
    const verdicts = actions.flatMap((action) =>
      ['dev', 'test', 'staging', 'prod'].map(
        (environment) => judge([action, environment, 'nothing known']).verdict.kind,
      ),
    )

    expect(verdicts).not.toContain('allow')
  })

  test('reminds before every request expires', () => {
    for (const action of Object.keys(params)) {
      const { requirement } = judge([action, 'prod', 'nothing known'])
      if (requirement) expect(requirement.notify.remindAfterSeconds.length).toBeGreaterThan(0)
    }
  })

  test('asks two different sets of people about an export of personal data, within the shorter limits of the two rules', () => {
    const { requirement } = judge(['db.export', 'prod', 'table warehouse.users'])

    expect(requirement).toEqual({
      legs: [
        {
          name: 'data-owner',
          from: [
            { ref: 'owner', kind: 'account', address: 'slack:U0OMAR' },
            { ref: 'group:data-owners', kind: 'group', address: 'slack:S0DATA' },
          ],
          count: 1,
        },
        {
          name: 'security',
          from: [{ ref: 'group:security', kind: 'group', address: 'slack:S0SECURITY' }],
          count: 1,
        },
      ],
      denyCount: 1,
      expiresInSeconds: 2_700,
      grant: { withinSeconds: 600, ttlSeconds: 120, uses: 1 },
      notify: { channels: inData, remindAfterSeconds: [600, 1_200] },
      reason: null,
      confirm: [],
      escalate: [],
      stepUp: false,
      breakGlass: null,
    })
  })
})
