import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { memberAt } from '../server/member.ts'
import { agentWith, allowedBody } from '../server/serve.ts'
import { runCli } from '../support/cliProcess.ts'
import { patience } from '../support/eventually.ts'
import { type ServerProcess, startServerProcess, temporaryDataDir } from '../support/serverProcess.ts'

const channel = 'C0SECURITY'
const soon = { timeout: patience }

const rule = `- id: site.closed
  description: The site's repository is closed.
  match: {actions: [repo.read]}
  when: params.repo == "acme/site"
  verdict: deny
  message: The site is being moved.
`
const ruleTests = `apiVersion: countersign/v1
kind: PolicyTests
base:
  environment: prod
  agent: {name: nightly, owner: {id: U0LEE, email: lee@acme.test}}
  initiator: {id: U0ALICE, email: alice@acme.test}
  time: 2026-11-24T14:00:00+01:00
tests:
  - name: nobody reads the site's repository
    request: {action: repo.read, resource: {type: repository, id: acme/site}, params: {repo: acme/site}}
    expect: {verdict: deny, decided_by: [site.closed]}
`

/** A directory for a server and for a copy of the policy that ships, and the built commands beside that server. */
function place() {
  const data = temporaryDataDir()
  const policies = join(dirname(data.path), 'policies')
  cpSync('policies', policies, { recursive: true })
  const environment = { DATA_DIR: data.path, POLICY_DIR: policies }
  let server: ServerProcess | undefined
  onTestFinished(async () => {
    await server?.stop()
    data.remove()
  })
  return {
    policies,
    write: (path: string, text: string) => writeFileSync(join(policies, path), text),
    take: (path: string) => rmSync(join(policies, path)),
    policy: (...words: readonly string[]) => runCli(environment, 'policy', ...words),
    /** Starts the server without waiting for it to be ready; resolves to what it has printed so far. */
    begin() {
      server = startServerProcess({ PORT: '0', LOG_LEVEL: 'warn', ...environment })
      return server.printed
    },
    /** Starts the server, or starts it again; resolves to what is done at it. */
    async start() {
      await server?.stop()
      const started = startServerProcess({ PORT: '0', LOG_LEVEL: 'warn', ...environment })
      server = started
      const url = await started.url
      const [first] = JSON.parse(readFileSync(join(data.path, 'sandbox-agents.json'), 'utf8'))
      return {
        printed: started.printed,
        member: (id: string) => memberAt(`${url}/sandbox/`, id),
        /** How the same request is judged now. */
        judged: async () => (await agentWith(first.key).ask(url, allowedBody)).state,
      }
    },
  }
}

test('a changed policy is asked for, seen, approved by two, and judges at once', async () => {
  const at = place()
  const { member, judged } = await at.start()
  expect(await judged()).toBe('approved')
  at.write('rules/site.yaml', rule)
  at.write('tests/site.yaml', ruleTests)

  const proposed = await at.policy(
    'activate',
    '--by',
    'grace@acme.test',
    '--reason',
    'The site is being moved',
  )
  expect(proposed).toMatchObject({ code: 0, err: '' })
  expect(proposed.out).toMatch(
    /^starter@[0-9a-f]{12} is not put before anybody yet\. It gives nothing until grace has confirmed it, .* Until then nothing changes\.\n/i,
  )
  await member('U0GRACE').confirm()
  const found = async () => /req_\w+/.exec(JSON.stringify(await member('U0PRIYA').cards(channel)))?.[0]
  await expect.poll(found, soon).toBeDefined()
  const request = (await found()) ?? ''

  const card = async () => {
    const cards = await member('U0PRIYA').cards(channel)
    return JSON.stringify(
      cards.findLast(({ blocks }) => JSON.stringify(blocks).includes(request))?.blocks ?? [],
    )
  }
  await expect.poll(card, soon).toContain('tightened: 1')
  expect(await card()).toContain('site.closed')
  expect(await card()).toContain('The site is being moved')

  // Grace is a platform lead too, but it is her change.
  for (const who of ['U0GRACE', 'U0PRIYA']) await member(who).press(channel, 'approve', request)
  expect(await judged()).toBe('approved')
  await member('U0SAM').press(channel, 'approve', request)

  await expect.poll(judged, soon).toBe('denied')
  const history = await at.policy('history')
  expect(history).toMatchObject({ code: 0, err: '' })
  const [newest = '', oldest = ''] = history.out.split('\n\n')
  expect(newest).toMatch(/ starter@[0-9a-f]{12} {2}over [0-9a-f]{12} {2}by grace \(job\)\n/)
  expect(newest).toContain(`approved by priya, sam (${request})`)
  expect(newest).toMatch(/rules added +site\.closed\n/)
  expect(newest).toMatch(/tests added +“nobody reads the site's repository”/)
  expect(oldest).toMatch(/ {2}the first {2}by startup /)
})

test('a bad bundle keeps the one that judges, from the command and at the next start, until it is fixed', async () => {
  const at = place()
  const first = await at.start()
  at.write('rules/site.yaml', rule.replace('params.repo', 'params.repos'))
  at.write('tests/site.yaml', ruleTests)

  const refused = await at.policy('activate', '--by', 'lee@acme.test')

  expect(refused).toMatchObject({ code: 1, err: '' })
  expect(refused.out).toContain('rules/site.yaml:4:15 cel/unknown-field in site.closed')
  expect(refused.out).toContain('so the active policy stays as it is')
  expect(await first.judged()).toBe('approved')

  const second = await at.start()
  await expect
    .poll(second.printed, soon)
    .toMatch(/cannot be activated \(1 problem; .*\): the policy that was active before stays active/)
  expect(await second.judged()).toBe('approved')
  expect((await at.policy('history')).out.match(/starter@/g)).toHaveLength(1)

  at.take('rules/site.yaml')
  at.take('tests/site.yaml')
  expect(await at.policy('activate', '--by', 'lee@acme.test')).toMatchObject({
    code: 0,
    out: expect.stringMatching(
      /^starter@[0-9a-f]{12} is already the active policy\. Confirmed by every running server: .*\(process \d+\)\.\n$/,
    ),
  })
})

test('a server whose first policy does not load says so in place of its greeting, and is ready once one is activated', async () => {
  const at = place()
  at.write('rules/broken.yaml', '- {id: broken, verdict: perhaps}\n')

  const printed = at.begin()

  await expect.poll(printed, soon).toContain('NOT READY: there is no policy that it can judge by')
  await expect.poll(printed, soon).toContain(`countersign policy activate ${at.policies} --by <you>`)
  expect(printed()).not.toContain('is ready at')
  at.take('rules/broken.yaml')
  expect(await at.policy('activate', '--by', 'lee@acme.test')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/is active: .* Confirmed by every running server: /),
  })
})
