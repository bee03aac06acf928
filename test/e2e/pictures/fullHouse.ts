import { breakGlass } from '../../../src/approvals/breakGlass.ts'
import type { HouseNow } from '../../../src/approvals/houseNow.ts'
import { addAgent } from '../../../src/approvals/people/agents.ts'
import { conditions } from '../../../src/core/health.ts'
import { type Company, openCompany } from '../../slack/company.ts'
import { reason } from '../../slack/emergency.ts'
import { actionOn } from '../../support/setWorld.ts'
import { ask, attemptBy, click } from '../../support/world.ts'
import { busyBundle } from './busyBundle.ts'
import { type Shown, type Watched, watched } from './seenBy.ts'

/** All that can be wrong with a server, at once. */
const house: HouseNow = {
  conditions: Object.keys(conditions).map((code) => ({ code: code as keyof typeof conditions, detail: '' })),
  stored: {
    ledger: { sealed: 123_456_789, waiting: 123_456 },
    anchoredSeconds: 12_345_678,
    jobs: [{ due: 123_456, lateSeconds: 12_345_678, dead: 123_456 }],
  },
}
/** As long as a name of a resource may be, but for what stands before it. */
const long = (nth: number) => `warehouse.${'very-long-name-'.repeat(30)}${nth}`

/** Grace has more of everything than is shown, in names as long as can be: what she is sent fits all the same. */
export async function fullHouse(): Promise<Shown> {
  const company = await openCompany({ house })
  try {
    company.world.setPolicy(busyBundle())
    await company.world.ports.renewPolicy()
    const seen = watched(company)
    await isAsked(company)
    await owns(company)
    for (const member of ['U0SAM', 'U0PRIYA', 'U0OMAR'])
      await seen.types(member, 'delegate <@U0GRACE> until friday')
    for (const word of ['', 'agents', 'tokens', 'stats', 'history', 'delegate', 'link', 'help'])
      await seen.types('U0GRACE', word)
    await seen.chooses('U0GRACE', 'My approvals')
    await isStopped(seen)
    company.local.directory.changeMember('U0LEE', { deleted: true })
    await company.local.idle()
    await seen.opensHome('U0GRACE', 'everything at once')
    return seen.shown
  } finally {
    await company.close()
  }
}

async function isAsked({ world }: Company): Promise<void> {
  let nth = 0
  const on = (action: string, email = 'alice@acme.test') => {
    nth += 1
    return ask(world, action, { action: actionOn(action, long(nth)), initiator: { email } })
  }
  for (let time = 0; time < 9; time += 1) {
    await click(world, (await on('table.drop')).id, 'U0GRACE')
    await on('node.drain')
    await on('freeze.deploy')
    await on('db.export', 'grace@acme.test')
    const { id } = await on('freeze.deploy')
    await breakGlass(world.ports, { ...attemptBy(id, 'U0OMAR'), reason, seen: 'facts' })
  }
}

async function owns({ world }: Company): Promise<void> {
  const register = (email: string, name: string) =>
    addAgent({ ...world.ports, confirms: false }, { name, owner: { email }, by: { email }, via: 'test' })
  for (let nth = 10; nth < 28; nth += 1) {
    await register('grace@acme.test', `${'a'.repeat(61)}${nth}`)
    await register('lee@acme.test', `${'b'.repeat(61)}${nth}`)
  }
}

async function isStopped(seen: Watched): Promise<void> {
  for (let nth = 0; nth < 12; nth += 1) {
    await seen.types('U0PRIYA', `stop action ${'x'.repeat(80)}${nth}.*`, 'one of many stops')
    await seen.submits('U0PRIYA', 'the last of many stops', { reason: 'word '.repeat(200) })
  }
  await seen.types('U0GRACE', 'stops')
}
