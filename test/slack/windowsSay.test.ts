import { expect, test } from 'vitest'
import { approveForm, glassForm, reviewForm } from '../../src/card/forms/deciding.ts'
import type { RequestView } from '../../src/card/view.ts'
import { formModal } from '../../src/slack/windows/form.ts'
import { viewOfExport } from '../card/views.ts'

const plain = viewOfExport().request
const dangerous = viewOfExport({
  params: { destination: 's3://аcme-lake/x' },
  run: { model: 'claude-opus-5', session: 'run-8841', url: 'https://agents.acme.test/runs/8841' },
  verdict: {
    ...plain.verdict,
    facts: { ...plain.verdict.facts, impact: { consequence: 'Copies rows of a table.', reversible: 'no' } },
  },
})
const origin = { request: plain.id, card: 'crd_01kb', page: 0, from: 'card' } as const
const textOf = (view: RequestView, form: typeof approveForm) =>
  JSON.stringify(formModal({ window: 'one', form: form(view), origin }).blocks)

const forms = [
  ['approve', approveForm],
  ['break the glass', glassForm],
  ['close a review', reviewForm],
] as const

test.each(forms)(
  'the window to %s says what happens, how bad it can be, who asks and where it runs',
  (_, form) => {
    const says = textOf(dangerous, form)

    for (const part of [
      'Copies rows of a table.',
      '⚠ cannot be undone',
      'Agent: billing-agent',
      'Agent says it is: claude-opus-5',
      'run-8841 on agents.acme.test',
      'Look closely at this name',
    ])
      expect(says).toContain(part)
  },
)

test.each(forms)('control: the window to %s marks nothing where there is nothing', (_, form) => {
  expect(textOf(viewOfExport(), form)).not.toMatch(/cannot be undone|Look closely/)
})
