import { expect, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { reachesEverything, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace } from './workspace.ts'

const channel = 'C0APPROVALS'

test('what is typed in Slack makes an agent whose key works by the curl that was shown, and is handed over', async () => {
  const workspace = await openWorkspace()
  const server = await serve({
    ...workspace.environment,
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: temporaryDirectory(),
  })
  workspace.deliverTo(server.url)
  await reachesEverything(server)
  const type = (user: string, text: string) => workspace.slack.as(user).command(channel, `/approvals ${text}`)
  const heard = (user: string) => JSON.stringify(workspace.slack.as(user).messages(channel))
  const seen = (user: string) => JSON.stringify(workspace.slack.as(user).sees().messages)

  await type('U0GRACE', 'agents add nightly for 90d')
  const curl = await eventually(() => {
    const found = /curl -sS '([^']+)' -H 'Authorization: (Bearer csk_\w+_[\w-]{43})'/.exec(heard('U0GRACE'))
    if (!found) throw new Error('no key was shown')
    return { url: found[1] ?? '', authorization: found[2] ?? '' }
  })
  const answer = await fetch(curl.url, { headers: { authorization: curl.authorization } })
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ requests: [] })
  expect(JSON.stringify(server.logged)).not.toContain(curl.authorization.slice(-43))

  await type('U0GRACE', 'agents hand-over nightly @priya')
  await eventually(() => expect(seen('U0PRIYA')).toContain('its owner, asked for that'))
  const direct = Object.entries(workspace.slack.as('U0PRIYA').sees().messages).find(([id]) =>
    id.startsWith('D'),
  )
  const [conversation = '', messages = []] = direct ?? []
  await workspace.slack.as('U0PRIYA').press({ conversation, ts: messages.at(-1)?.ts ?? '' }, 'confirm_claim')
  await eventually(async () => {
    await type('U0GRACE', 'agents')
    expect(heard('U0GRACE')).toContain('You have no agents')
  })
  await type('U0PRIYA', 'agents revoke nightly')
  await eventually(() => expect(workspace.slack.as('U0PRIYA').modal()?.callbackId).toBe('agent_revoke'))
  await workspace.slack.as('U0PRIYA').submit()

  expect((await fetch(curl.url, { headers: { authorization: curl.authorization } })).status).toBe(401)
})
