import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { previewWarehouse } from '../issuers/postgresql/previewWarehouse.ts'
import { fileFor } from '../issuers/postgresql/warehouse.ts'
import { freshDatabase } from '../support/database.ts'
import { agentWith, exportBody, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

/** Where nothing answers: what is issued is not what is looked at here. */
const nowhere = 'postgresql://issuer:x@127.0.0.1:1/x'

async function configured(previewUrl: string) {
  const directory = temporaryDirectory()
  const file = join(directory, 'credentials.yaml')
  writeFileSync(file, fileFor(nowhere, `    preview: {url: ${JSON.stringify(previewUrl)}}\n`))
  return {
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: join(directory, 'data'),
    CREDENTIALS_FILE: file,
  }
}

async function cardFrom(previewUrl: string) {
  const { slack, environment, deliverTo } = await openWorkspace()
  const served = await serve({ ...environment, ...(await configured(previewUrl)) })
  deliverTo(served.url)
  const agent = agentWith(await registerAgent(served.config, 'billing-agent'))
  await agent.ask(served.url, { ...exportBody, params: { ...exportBody.params, columns: ['id', 'name'] } })
  const cards = () => slack.as('U0BOB').messages('C0DATA')
  await expect.poll(() => cards().length).toBeGreaterThan(0)
  return { served, card: JSON.stringify(cards()[0]?.blocks) }
}

test('the first card has what the target says, through the queue and to the database and back', async () => {
  const { url } = await previewWarehouse()

  const { served, card } = await cardFrom(url)

  // Three digits of 2,345 rows.
  expect(card).toContain("about 2,350 rows in public.users by the database's estimate")
  const page = await (await fetch(`${served.url}/metrics`)).text()
  expect(page).toContain('countersign_previews_total{outcome="made"} 1')
})

test('a target that does not answer keeps no server from starting, and no card from going out', async () => {
  const { served, card } = await cardFrom('postgresql://preview:secret-word@127.0.0.1:1/x')

  expect(card).toContain('no preview: the database did not answer within 3 s')
  const said = served.logged.filter(({ level }) => level === 40).map(({ msg }) => msg)
  expect(said).toEqual(
    expect.arrayContaining([
      expect.stringContaining('the target cannot be asked for previews now'),
      expect.stringContaining('there is no preview: TargetFault'),
    ]),
  )
  expect(JSON.stringify(served.logged)).not.toContain('secret-word')
})

test('a login that can do more than select stops the start, with everything that it can and how it is taken away', async () => {
  const { url, asOwner, role } = await previewWarehouse()
  await asOwner((owner) => owner.query(`GRANT INSERT ON users TO ${role}; ALTER ROLE ${role} CREATEDB`))

  const fault = await serve(await configured(url)).catch((thrown: unknown) => thrown)

  expect(fault).toMatchObject({
    name: 'StartFault',
    message: expect.stringMatching(/warehouse: its login \w+ has CREATEDB\nwarehouse: .* SELECT with users/),
    fix: expect.stringMatching(/ALTER ROLE \w+ NOCREATEDB.*\nREVOKE ALL ON users FROM PUBLIC/),
  })
})
