import { describe, expect, test } from 'vitest'
import { ask, legs, role, rule } from './ask.ts'
import { bundleYaml } from './files.ts'

describe('the floor', () => {
  const allow = rule('a', 'allow', { match: 'actions: ["*"]' })

  test('turns an allowed admin action into a question with the defaults', () => {
    expect(ask(allow, role)).toMatchObject({
      verdict: { kind: 'require_approval', code: 'floor', rules: [], facts: { fired: ['a'] } },
      requirement: { legs: [{ name: 'platform' }] },
      effect: 'admin',
    })
  })

  test('control: without it the same action is allowed', () => {
    const files = {
      'bundle.yaml': bundleYaml.replace('never_allow_effects: [admin]', 'never_allow_effects: []'),
    }

    expect(ask(allow, role, files).verdict.kind).toBe('allow')
  })

  test('keeps the default leg when a rule that asks is added beside the one that allows', () => {
    const asks = rule('b', 'require_approval', {
      match: 'actions: ["*"]',
      more: legs('{name: data, from: [group:data], count: 1}'),
    })

    expect(ask(allow + asks, role).requirement?.legs.map(({ name }) => name)).toEqual(['data', 'platform'])
    expect(ask(asks, role).requirement?.legs.map(({ name }) => name)).toEqual(['data'])
  })

  test('does not touch a denial', () => {
    expect(ask(allow + rule('b', 'deny', { match: 'effects: [admin]' }), role).verdict).toMatchObject({
      kind: 'deny',
      rules: ['b'],
    })
  })
})

describe('the owner of the resource', () => {
  const owned = rule('a', 'require_approval', {
    more: legs('{name: data, from: [owner, group:data], count: 1}'),
  })

  test('is one of the people a leg asks', () => {
    expect(ask(owned).requirement?.legs[0]?.from).toEqual([
      { ref: 'owner', kind: 'account', address: 'slack:U0OMAR' },
      { ref: 'group:data', kind: 'group', address: 'slack:S0DATA' },
    ])
  })

  test('is nobody where the inventory names none', () => {
    const { requirement } = ask(owned, { resource: { type: 'table', id: 'w.other' } })

    expect(requirement?.legs[0]?.from.map(({ ref }) => ref)).toEqual(['group:data'])
  })

  test('leaves an empty leg where it was the only source, never no leg', () => {
    const only = rule('a', 'require_approval', { more: legs('{name: data, from: [owner], count: 1}') })

    expect(ask(only, { resource: { type: 'table', id: 'w.other' } }).requirement?.legs).toEqual([
      { name: 'data', from: [], count: 1 },
    ])
  })

  test('is named once when the leg names the same account as well', () => {
    const twice = rule('a', 'require_approval', {
      more: legs('{name: data, from: [user:omar, owner], count: 1}'),
    })

    expect(ask(twice).requirement?.legs[0]?.from).toEqual([
      { ref: 'owner', kind: 'account', address: 'slack:U0OMAR' },
    ])
  })

  test('asked for apart from the same account still makes two seats', () => {
    const two = rule('a', 'require_approval', {
      more: legs('{name: o, from: [owner], count: 1}, {name: u, from: [user:omar], count: 1}'),
    })

    expect(ask(two).requirement?.legs).toHaveLength(2)
  })
})
