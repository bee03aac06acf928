import type { ModalView } from '@slack/types'
import { verbs, windowForAll, windowOf } from '../../../src/channels/verbs.ts'
import { formModal } from '../../../src/slack/windows/form.ts'
import { linkForm } from '../../../src/slack/windows/linkForm.ts'
import { policyTestForm } from '../../../src/slack/windows/policyWindows.ts'
import { revokeAgentForm } from '../../../src/slack/windows/revokeAgentForm.ts'
import { noteModal } from '../../../src/slack/windows/shell.ts'
import { resumeForm, stopForm } from '../../../src/slack/windows/stopForms.ts'
import { tokenModal } from '../../../src/slack/windows/tokenModal.ts'
import { situations } from '../../card/situations.ts'
import { hostile, viewOfExport } from '../../card/views.ts'
import { fullModal, historyModal, whoModal, whyModal } from '../../slack/readingModals.ts'
import type { Pictured } from './studio.ts'

const view = viewOfExport()
const origin = { request: view.request.id, card: 'crd_01kb', page: 0, from: 'card' } as const
const at = '2026-11-24T14:10:00.000Z'
/** Cards whose windows say more than others. */
const telling = ['pending', 'pending-break-glass', 'escalated', 'too-long', 'hidden-characters', 'deviated']

/** What each function has made, by its name. */
export const windows: Pictured<Pictured<ModalView>> = {
  formModal: Object.fromEntries(
    verbs.flatMap((verb) =>
      telling.map((name) => [`${verb} ${name}`, formModal(windowOf(verb, viewIn(name), origin))]),
    ),
  ),
  windowForAll: {
    approve: formModal(windowForAll('approve', [view, viewIn('pending-in-writing')], origin)),
    deny: formModal(windowForAll('deny', [view, viewIn('hidden-characters')], origin)),
  },
  readingModal: Object.fromEntries(telling.flatMap(readings)),
  linkForm: {
    'of a member': linkForm('slack:U0SAM', null),
    'of another workspace': linkForm('slack:T0EMEA/U0BOB', null),
  },
  policyTestForm: { empty: policyTestForm() },
  noteModal: { refused: noteModal('Not done', 'Nobody who is behind an action can approve it.') },
  stopForm: {
    agent: stopForm({ kind: 'agent', agent: 'agt_1' }, { agentName: hostile, reason: 'It loops.' }),
    action: stopForm({ kind: 'action', pattern: 'db.*' }, { agentName: null, reason: '' }),
    everything: stopForm({ kind: 'everything' }, { agentName: null, reason: '' }),
  },
  resumeForm: { everything: resumeForm('stp_1', { what: 'everything', reason: 'It was a false alarm.' }) },
  revokeAgentForm: { 'with requests that wait': revoking() },
  tokenModal: {
    new: tokenModal({
      credential: `cspt_${'x'.repeat(60)}`,
      token: {
        ...{ id: 'ptk_01kb0000000000000000000000', version: 1, person: 'per_bob', secretHash: '' },
        ...{ account: 'slack:T0ACME:U0BOB', status: 'active', createdAt: at, endsAt: at, usedAt: null },
      },
    }),
  },
}

function viewIn(name: string) {
  const situation = situations[name]
  if (!situation) throw new Error(`no situation is called ${name}`)
  return situation.view
}

function readings(name: string): readonly (readonly [string, ModalView])[] {
  const view = viewIn(name)
  const entries = situations[name]?.entries ?? []
  return [
    [`full ${name}`, fullModal(view, origin)],
    [`why ${name}`, whyModal(view, origin)],
    [`who ${name}`, whoModal(view, origin)],
    [`history ${name}`, historyModal({ view, entries, places: null }, origin)],
  ]
}

function revoking(): ModalView {
  const agent = {
    ...{ id: 'agt_1', version: 1, name: 'billing-agent', owner: 'per_lee', limits: null, tags: [] },
    ...{ status: 'active' as const, createdAt: at },
  }
  return revokeAgentForm({ agent, keys: [], open: 7 }, ['db.export on table warehouse.users in production'])
}
