import { describe, expect, test } from 'vitest'
import { declaredIn, factsWith, fitsOneView } from '../../src/card/declared.ts'
import { factsOf } from '../../src/card/facts.ts'
import { pagesOf } from '../../src/card/reading/pages.ts'
import { digestAction } from '../../src/core/action.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { rollbackSituations } from './rollbackSituations.ts'

function shown(params: JsonObject, id = 'warehouse.users') {
  const action = {
    action: 'table.drop',
    resource: { type: 'table', id },
    params,
    environment: 'prod',
  }
  return {
    action,
    digest: digestAction(action),
    verdict: { facts: {} },
    agent: { id: 'agt_1', name: 'billing-agent' },
    run: null,
  }
}

describe('what-you-see: what an approver of an action and its rollback saw', () => {
  const [first, rollback] = [shown({ rows: 10 }), shown({ snapshot: 'before' })]
  const text = factsWith(first, rollback).text

  test('has both, each as it would be seen alone', () => {
    expect(text).toBe(`${factsOf(first).text}\n\nand its rollback:\n${factsOf(rollback).text}`)
  })

  test('is another text when either is another', () => {
    expect(factsWith(shown({ rows: 11 }), rollback).text).not.toBe(text)
    expect(factsWith(first, shown({ snapshot: 'after' })).text).not.toBe(text)
  })

  test('is what it always was where there is no rollback', () => {
    expect(factsWith(first, null)).toEqual(factsOf(first))
  })

  const shownIn = (situation: string) => {
    const view = rollbackSituations[situation]?.view
    return view && declaredIn(view.request, view.rollbacks)
  }

  test.each(['declared-denied-rollback', 'declared-cancelled-rollback'])(
    'does not have a rollback that will not be there: %s',
    (situation) => expect(shownIn(situation)).toBeNull(),
  )

  test.each(['declared-with-its-rollback', 'declared-allowed-rollback', 'declared-and-denied'])(
    'control: has one that they decided about: %s',
    (situation) => expect(shownIn(situation)).toMatchObject({ action: { action: 'storage.delete' } }),
  )
})

test('what fits one view is on one page of the full view, whatever it is made of', () => {
  const values = ['x', 'a b', 'ä'.repeat(30), '\u202e', 'word '.repeat(9), 'y'.repeat(200)]
  let fitting = 0
  for (const value of values)
    for (const count of [1, 5, 10, 20, 30, 40, 60, 80, 120]) {
      const one = shown({ list: Array.from({ length: count }, () => value) })
      if (!fitsOneView(one, one)) continue
      fitting += 1
      expect(pagesOf(factsWith(one, one).drawn.text)).toHaveLength(1)
    }
  expect(fitting).toBeGreaterThan(20)
})
