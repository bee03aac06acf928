import type { ModalView } from '@slack/types'
import { asksOf } from '../../approvals/sets/asks.ts'
import { factsOf, summaryOf } from '../../card/facts.ts'
import { cut } from '../../card/text.ts'
import type { RequestView } from '../../card/view.ts'
import { context, plain, section } from '../text/blocks.ts'
import { denialFields, proseField, reasonBlock, typedField } from './fields.ts'
import { label, shell, type ViewOrigin } from './shell.ts'

// The windows for several lines of a card. The card shows each line whole; here they are named again.

export function approveAllForm(views: readonly RequestView[], origin: ViewOrigin): ModalView {
  const { reason, confirm } = asksOf(views.map(({ request }) => request))
  const field = reason && {
    block: reasonBlock,
    label: 'Why may these go ahead?',
    hint: 'Recorded with your name, and shown in the thread.',
    demand: reason,
  }
  return {
    ...shell('Approve these', origin),
    close: label('Cancel'),
    submit: label('Approve'),
    blocks: [
      ...theActions(views),
      ...(field ? [proseField(field)] : []),
      ...confirm.slice(0, 40).map(typedField),
      ...ids(views),
    ],
  }
}

export function denyAllForm(views: readonly RequestView[], origin: ViewOrigin): ModalView {
  return {
    ...shell('Deny these', origin),
    close: label('Cancel'),
    submit: label('Deny'),
    blocks: [...theActions(views), ...denialFields(), ...ids(views)],
  }
}

/** What is asked several times stands there once. */
function theActions(views: readonly RequestView[]) {
  const all = views.map(({ request }) => summaryOf(factsOf(request)))
  return [...new Set(all)].map((one) => {
    const times = all.filter((other) => other === one).length
    return section(plain(cut(times > 1 ? `${times} times: ${one}` : one, 3_000)))
  })
}

function ids(views: readonly RequestView[]) {
  return [context(plain(views.map(({ request }) => request.id).join(' · ')))]
}
