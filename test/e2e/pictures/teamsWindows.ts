import { fullContent } from '../../../src/card/reading/full.ts'
import { whoContent, whyContent } from '../../../src/card/reading/grounds.ts'
import { historyContent } from '../../../src/card/reading/story.ts'
import type { RequestView } from '../../../src/card/view.ts'
import { verbs, windowForAll, windowOf } from '../../../src/channels/verbs.ts'
import type { Dialog } from '../../../src/teams/windows/dialog.ts'
import { formDialog } from '../../../src/teams/windows/form.ts'
import { readingDialog } from '../../../src/teams/windows/reading.ts'
import { situations } from '../../card/situations.ts'
import { inTeams } from '../../teams/inTeams.ts'
import type { Pictured, SentToTeams } from './teamsStudio.ts'

/** Cards whose windows say more than others. */
const telling = [
  'pending',
  'pending-in-writing',
  'pending-break-glass',
  'escalated',
  'too-long',
  'hidden-characters',
  'deviated',
]
const origin = { request: 'req_01kb0000000000000000000000', card: 'crd_01kb', page: 0, from: 'card' } as const

/** What each function has made, by its name. */
export const windows: Pictured<Pictured<SentToTeams>> = {
  formDialog: Object.fromEntries(
    verbs.flatMap((verb) =>
      telling.map((name) => [`${verb} ${name}`, sent(formDialog(windowOf(verb, viewIn(name), origin)))]),
    ),
  ),
  'formDialog for all': {
    approve: sent(
      formDialog(windowForAll('approve', [viewIn('pending'), viewIn('pending-in-writing')], origin)),
    ),
    deny: sent(formDialog(windowForAll('deny', [viewIn('pending'), viewIn('hidden-characters')], origin))),
  },
  readingDialog: Object.fromEntries(telling.flatMap(readings)),
}

function readings(name: string): readonly (readonly [string, SentToTeams])[] {
  const view = viewIn(name)
  const story = { view, entries: situations[name]?.entries ?? [], places: null, names: new Map() }
  const all = {
    full: fullContent(view, 0),
    'full, last page': fullContent(view, 99),
    why: whyContent(view),
    who: whoContent(view),
    history: historyContent(story, 0),
  }
  return Object.entries(all).map(([which, content]) => {
    const choice = which.startsWith('full') ? 'full' : which
    return [`${which} ${name}`, sent(readingDialog({ choice: choice as 'full', content, origin }))] // the names are the choices
  })
}

function viewIn(name: string): RequestView {
  const situation = situations[name]
  if (!situation) throw new Error(`no situation is called ${name}`)
  return inTeams(situation.view)
}

/** A window has its title above it. */
function sent({ title, card }: Dialog): SentToTeams {
  return { summary: title, card }
}
