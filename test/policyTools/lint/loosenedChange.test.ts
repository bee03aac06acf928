import { expect, test } from 'vitest'
import { loosened } from '../../../src/policyTools/difference/loosened.ts'
import { bundleFiles, loaded } from '../../policy/files.ts'

const bundle = (given: { environments?: string; entry?: string; name?: string; asks?: boolean } = {}) => {
  const { environments = '[dev, live]', entry = '', name = 'acme', asks = true } = given
  const action = asks ? '  policy.activate: {effect: admin, params: open}\n' : ''
  return loaded(
    bundleFiles({
      'bundle.yaml': `${bundleFiles().get('bundle.yaml')}environments: ${environments}\n`.replace(
        'name: acme',
        `name: ${name}`,
      ),
      'actions.yaml': `${bundleFiles().get('actions.yaml')}${action}`,
      'resources.yaml': `apiVersion: countersign/v1\nkind: ResourceInventory\nresources:\n  - {match: {type: table, id: a}, sensitivity: internal}\n${entry}`,
    }),
  )
}
const inDev = '  - {match: {type: policy, id: acme}, sensitivity: internal, environment: dev}\n'
const said = (head: Parameters<typeof bundle>[0], base: Parameters<typeof bundle>[0] = {}) =>
  loosened(bundle(base), bundle(head)).map(({ code, message }) => `${code} ${message}`)

test.each([
  ['an entry of the inventory', { entry: inDev }],
  ['a shorter list of environments', { environments: '[dev]' }],
])('%s that moves changes of the policy elsewhere is noted', (_, head) => {
  expect(said(head)).toContainEqual(
    expect.stringContaining('loosen/bundle Changes of this policy happen in dev instead of live'),
  )
})

test('another name of the bundle is noted, because changes of it are about that name', () => {
  expect(said({ name: 'other' })).toEqual([
    expect.stringContaining('loosen/bundle The bundle is other instead of acme'),
  ])
})

test('control: another order of the environments moves nothing', () => {
  expect(said({ environments: '[live, dev]' })).toEqual([])
})

test('control: where changes of the policy are not asked about, nothing of it is noted', () => {
  expect(said({ environments: '[dev]', name: 'other', asks: false }, { asks: false })).toEqual([])
})
