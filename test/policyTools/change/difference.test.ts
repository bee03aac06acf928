import { describe, expect, test } from 'vitest'
import { differenceOf } from '../../../src/policyTools/difference/difference.ts'
import { bundleFiles, loaded } from '../../policy/files.ts'
import { example, exampleFiles, rules } from './exampleChanges.ts'

describe('what differs between two bundles', () => {
  test('rules by id, and everything else by name', () => {
    const head = loaded(
      new Map([
        ...exampleFiles,
        [
          'rules/all.yaml',
          rules
            .replace('params.rows > 1000', 'params.rows > 5000')
            .replace('- id: deploy.freeze', '- id: deploy.stop'),
        ],
        ['actions.yaml', `${exampleFiles.get('actions.yaml')}\n  new.thing: {effect: read, params: {}}\n`],
      ]),
    )

    expect(differenceOf(example, head)).toEqual({
      rulesAdded: ['deploy.stop'],
      rulesRemoved: ['deploy.freeze'],
      rulesChanged: ['data.export.bulk'],
      otherChanges: ['action new.thing added'],
    })
  })

  const asking = (environments: string, resources = '') =>
    loaded(
      bundleFiles({
        'bundle.yaml': `${bundleFiles().get('bundle.yaml')}environments: ${environments}\n`,
        'actions.yaml': `${bundleFiles().get('actions.yaml')}  policy.activate: {effect: admin, params: open}\n`,
        'resources.yaml': `apiVersion: countersign/v1\nkind: ResourceInventory\nresources:\n  - {match: {type: table, id: a}, sensitivity: internal}\n${resources}`,
      }),
    )

  test('the environment in which the next change is judged, whatever moves it', () => {
    const entry = '  - {match: {type: policy, id: acme}, sensitivity: internal, environment: dev}\n'
    const moved = 'environment of policy.activate: live → dev'

    expect(differenceOf(asking('[dev, live]'), asking('[dev]')).otherChanges).toContain(moved)
    expect(differenceOf(asking('[dev, live]'), asking('[dev, live]', entry)).otherChanges).toContain(moved)
  })

  test('the order of the environments moves nothing', () => {
    expect(differenceOf(asking('[dev, live]'), asking('[live, dev]')).otherChanges).toEqual([])
  })

  test('where rules stand and what is beside them makes no difference', () => {
    const moved = new Map(exampleFiles)
    moved.delete('rules/all.yaml')
    const head = loaded(new Map([...moved, ['rules/other.yaml', `# a comment\n${rules}`]]))

    expect(differenceOf(example, head)).toEqual({
      rulesAdded: [],
      rulesRemoved: [],
      rulesChanged: [],
      otherChanges: [],
    })
  })
})
