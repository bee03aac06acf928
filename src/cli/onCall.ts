import { unlinkOnCall } from '../approvals/people/onCallLinks.ts'
import { withParts } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { thisShell } from '../server/shell.ts'
import { paint, say } from './say.ts'

/** Who the users of on-call services are here, as they were found. */
export async function listOnCallCommand(): Promise<number> {
  await withParts(
    readConfig(),
    async ({ ports: { store } }) => {
      const links = (await store.onCallLinks()).filter(({ account }) => account !== null)
      if (links.length === 0) say('Nobody was on call yet for anybody whom the policy asks.')
      for (const { id, account, otherEmail, linkedAt } of links) {
        const differs = otherEmail === null ? '' : `  ${paint('yellow', 'has another address there now')}`
        say(`${id}  ${account}  since ${linkedAt.slice(0, 10)}${differs}`)
      }
    },
    { withoutPeople: true },
  )
  return 0
}

export async function unlinkOnCallCommand(id: string): Promise<number> {
  await withParts(readConfig(), ({ ports }) => unlinkOnCall(ports, { id, via: 'cli', shell: thisShell() }), {
    withoutPeople: true,
  })
  say(
    `${paint('green', '✓')} ${paint('bold', id)} is nobody until that user is on call again; then the account is found anew.`,
  )
  return 0
}
