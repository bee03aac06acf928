import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { ephemeralsTo, windowOf } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

/** Nobody has asked anything of her or for her, and she has nothing. */
const who = 'U0GRACE'

/** What she is answered to what she types: to her alone, or in a window. */
async function answered(typed: string): Promise<string> {
  const answers = () => ephemeralsTo(company, who)
  const before = answers().length
  await company.local.as(who).command(channelId, `/approvals ${typed}`)
  await eventually(() => expect(answers().length > before || settled(windowOf(company, who))).toBe(true))
  const { text, blocks } = answers()[before] ?? {}
  return JSON.stringify([text, blocks, windowOf(company, who)])
}

/** A window opens with a placeholder. */
const settled = (shown: string) => shown !== '[]' && !shown.includes('One moment')

/** The policy trusts the leads of platform, and so her, with stopping and with stats. */
function letPlatformStop(): void {
  const { 'bundle.yaml': bundle } = bundleFiles
  const stop = 'stop: {who: [group:platform-leads]}\n'
  company.world.setPolicy(testBundle({ ...bundleFiles, 'bundle.yaml': `${bundle}${stop}` }))
}

/** The words that `/approvals help` names. */
async function wordsInHelp(): Promise<readonly string[]> {
  const said = await answered('help')
  const words = [...said.matchAll(/`\/approvals ([a-z]+)/g)].map(([, word]) => word ?? '')
  return [...new Set(words)].sort()
}

/** Every word, as it is said by somebody for whom there is nothing, and what they read. */
const nothingYet: readonly (readonly [typed: string, says: string])[] = [
  ['', 'Nothing is waiting for you. When an agent needs your agreement, it appears here'],
  ['list', 'Nothing is waiting for you.'],
  ['show', 'Which one? Type `/approvals show`'],
  ['who', 'Which one? Type `/approvals who`'],
  ['why', 'Which one? Type `/approvals why`'],
  ['history', 'Nothing yet. As soon as an agent asks for something on your behalf'],
  ['history agent:nobody-of-us', 'Nothing that you may see fits. Try fewer filters'],
  ['policy', 'is the active policy'],
  ['stats', 'Stats are about everybody’s requests'],
  ['stop', 'Whoever runs Countersign can: `countersign stop`.'],
  ['stops', 'Nothing is stopped.'],
  ['resume', 'Which one? Type `/approvals resume`, the id from `/approvals stops`'],
  ['tokens', 'You have no personal tokens.'],
  ['token revoke ptk_none', 'You have no token of that id that works. `/approvals tokens` lists yours.'],
  ['token for ever', 'Type `/approvals token`'],
  ['agents', 'You have no agents. `/approvals agents add'],
  ['delegate', 'You are not away, and you stand in for nobody. Type `/approvals delegate'],
  ['delegate off', 'You are not away: nobody is told in your place.'],
  ['link', 'This is your only account here.'],
  ['help', 'the whole story of one request'],
]

describe('where there is nothing yet', () => {
  test.each(nothingYet)('“/approvals %s” says so, and what to do', async (typed, says) => {
    expect(await answered(typed)).toContain(says)
    expect(company.local.problems).toEqual([])
  })

  test('that is every word that help names', async () => {
    const tried = nothingYet.map(([typed]) => typed.split(' ')[0] ?? '').filter((word) => word !== '')

    expect([...new Set(tried)].filter((word) => word !== 'list').sort()).toEqual(await wordsInHelp())
  })

  test('stats of nothing, for whom the policy names', async () => {
    letPlatformStop()

    expect(await answered('stats')).toContain('Nobody was asked anything.')
  })
})

describe('what is mistyped', () => {
  test.each([
    ['lst', '/approvals'],
    ['shwo req_1', '/approvals show'],
    ['woh req_1', '/approvals who'],
    ['wyh req_1', '/approvals why'],
    ['histroy', '/approvals history'],
    ['polciy', '/approvals policy'],
    ['policy tset', '/approvals policy test'],
    ['stast', '/approvals stats'],
    ['stpo agent x', '/approvals stop agent'],
    ['stop agnt x', '`agent`'],
    ['sotps', '/approvals stops'],
    ['resmue stp_1', '/approvals resume'],
    ['tokne', '/approvals token'],
    ['tokenss', '/approvals tokens'],
    ['agnets', '/approvals agents'],
    ['agents ad x', '/approvals agents add'],
    ['agents rotat x', '/approvals agents rotate'],
    ['agents revok x', '/approvals agents revoke'],
    ['agents handover x', '/approvals agents hand-over'],
    ['delegte', '/approvals delegate'],
    ['delegate of', '/approvals delegate off'],
    ['lnik', '/approvals link'],
    ['hepl', '/approvals help'],
    ['SHWO req_1', '/approvals show'],
  ])('“/approvals %s” suggests %s', async (typed, meant) => {
    letPlatformStop()

    expect(await answered(typed)).toContain(`Did you mean ${meant.startsWith('`') ? meant : `\`${meant}`}`)
  })

  test.each([
    ['history agnet:x', 'history'],
    ['history state:aproved', 'approved'],
    ['history since:yesterdy', 'since'],
    ['link bob', '/approvals link @other'],
    ['link code', '/approvals link code'],
    ['token revoke', '/approvals token revoke'],
    ['agents add', 'Which one?'],
    ['agents add x for ever', 'Which one?'],
    ['delegate bob until friday', 'Begin with `@`'],
    ['stop everythng', '`everything`'],
    ['resume stp_none', '/approvals stops'],
    ['list more', 'Nothing is waiting'],
    ['stop', 'Type `/approvals stop agent'],
  ])('“/approvals %s” is answered with how it is written', async (typed, says) => {
    letPlatformStop()

    expect(await answered(typed)).toContain(says)
    expect(company.local.problems).toEqual([])
  })

  test('what is no word, and near none, is answered with all of them, and repeated inertly', async () => {
    const said = await answered('<!channel> *please*')

    expect(said).toContain('These are the commands')
    expect(said).not.toContain('"text":"<!channel>')
  })

  test('a command changes nothing by being mistyped', async () => {
    const before = company.store.ledger.length
    for (const typed of ['agnets revoke billing-agent', 'stpo everything now', 'revoke', 'approve', 'tokne'])
      await answered(typed)

    expect(company.store.ledger).toHaveLength(before)
  })
})
