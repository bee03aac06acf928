import { openCompany } from '../../slack/company.ts'
import { type Shown, watched } from './seenBy.ts'

/** What is typed where nothing has happened yet, or wrongly: empty lists, and what helps somebody on. */
const typed = [
  ['U0BOB', ''],
  ['U0GWEN', ''],
  ['U0BOB', 'help'],
  ['U0BOB', 'lsit'],
  ['U0BOB', 'frobnicate'],
  ['U0BOB', 'req_01kb0000000000000000000000'],
  ['U0BOB', 'show'],
  ['U0BOB', 'show req_01kb0000000000000000000000'],
  ['U0BOB', 'who'],
  ['U0BOB', 'why'],
  ['U0BOB', 'history'],
  ['U0BOB', 'history state:denied'],
  ['U0BOB', 'history colour:green'],
  ['U0BOB', 'history state:maybe'],
  ['U0BOB', 'history since:yesterday'],
  ['U0BOB', 'policy'],
  ['U0BOB', 'policy tset'],
  ['U0BOB', 'policy test'],
  ['U0BOB', 'stats'],
  ['U0BOB', 'stop everything'],
  ['U0BOB', 'stops'],
  ['U0BOB', 'resume'],
  ['U0BOB', 'resume stp_01kb0000000000000000000000'],
  ['U0BOB', 'tokens'],
  ['U0BOB', 'token of'],
  ['U0BOB', 'token revoke ptk_01kb0000000000000000000000'],
  ['U0BOB', 'agents'],
  ['U0BOB', 'agents ad'],
  ['U0BOB', 'agents frobnicate'],
  ['U0BOB', 'agents add'],
  ['U0BOB', 'agents add nightly for ever'],
  ['U0BOB', 'agents rotate nobody-knows'],
  ['U0BOB', 'agents hand-over nobody-knows'],
  ['U0BOB', 'agents revoke nobody-knows'],
  ['U0BOB', 'delegate'],
  ['U0BOB', 'delegate off'],
  ['U0BOB', 'delegate of'],
  ['U0BOB', 'delegate omar until friday'],
  ['U0BOB', 'delegate <@U0OMAR>'],
  ['U0BOB', 'delegate <@U0OMAR> until someday'],
  ['U0BOB', 'delegate <@U0OMAR> until 2026-11-23'],
  ['U0BOB', 'delegate <@U0GRACE> until friday'],
  ['U0BOB', 'link'],
  ['U0BOB', 'link omar'],
  ['U0BOB', 'link <@U0BOB>'],
  ['U0BOB', 'link code k3m7x'],
] as const

/** A company in which no agent has asked anything. */
export async function quietHouse(): Promise<Shown> {
  const company = await openCompany()
  try {
    const seen = watched(company)
    for (const [member, words] of typed) await seen.types(member, words)
    await seen.opensHome('U0BOB', 'nothing waits')
    await seen.opensHome('U0GWEN', 'a guest')
    return seen.shown
  } finally {
    await company.close()
  }
}
