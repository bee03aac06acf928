import { describe, expect, test } from 'vitest'
import { differenceOf } from '../../../src/policy/change/difference.ts'
import { loaded } from '../files.ts'
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
