import { describe, expect, test } from 'vitest'
import { waysOf } from '../../src/core/ways.ts'
import { ask, rule } from './ask.ts'
import { bundleFiles, bundleYaml, loaded, refused } from './files.ts'

const via = (id: string, ways?: string) =>
  rule(id, 'require_approval', ways === undefined ? {} : { more: `  require: {via: ${ways}}\n` })
const waysIn = (rules: string) => waysOf(ask(rules).requirement ?? {})

describe('how a decision may come', () => {
  test.each([
    ['nothing said: on the card and in its thread', via('a'), ['card', 'thread']],
    ['the card alone', via('a', '[card]'), ['card']],
    ['tokens, too, in whatever order', via('a', '[api, thread, card]'), ['card', 'thread', 'api']],
    [
      'several rules: only what all of them take',
      via('a', '[card, api]') + via('b', '[card, thread, api]'),
      ['card', 'api'],
    ],
    [
      'a rule beside it that says nothing takes no tokens',
      via('a', '[card, thread, api]') + via('b'),
      ['card', 'thread'],
    ],
  ])('%s', (_, rules, ways) => {
    expect(waysIn(rules)).toEqual(ways)
  })

  test('a requirement that takes the usual ways does not name them', () => {
    expect(ask(via('a')).requirement).not.toHaveProperty('via')
  })

  test.each([
    ['[thread, api]', 'must have card'],
    ['[]', 'must have card'],
    ['[card, card]', 'names the same way twice'],
    ['[card, mail]', 'must be card or thread or api'],
  ])('%s is refused', (ways, said) => {
    expect(JSON.stringify(refused(bundleFiles({ 'rules/a.yaml': via('a', ways) })))).toContain(said)
  })

  test('the defaults say it for every rule that says nothing', () => {
    const yaml = bundleYaml.replace('defaults:\n', 'defaults:\n  via: [card, api]\n')
    const bundle = loaded(bundleFiles({ 'bundle.yaml': yaml, 'rules/a.yaml': via('a') + via('b', '[card]') }))

    expect(bundle.rules.map(({ demand }) => demand?.via)).toEqual([['card', 'api'], ['card']])
  })
})
