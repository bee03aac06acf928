import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmbedded } from '../../src/store/embedded.ts'
import { memberAt } from '../server/member.ts'
import { agentWith, allowedBody } from '../server/serve.ts'
import { runCli } from '../support/cliProcess.ts'
import { patience } from '../support/eventually.ts'
import { type ServerProcess, startServerProcess, temporaryDataDir } from '../support/serverProcess.ts'

const data = temporaryDataDir()
const environment = { DATA_DIR: data.path }
const cli = (...words: readonly string[]) => runCli(environment, ...words)
let server: ServerProcess
let url: string

beforeAll(async () => {
  server = startServerProcess({ PORT: '0', ...environment, LOG_LEVEL: 'warn' })
  url = await server.url
})

afterAll(async () => {
  expect(await server.stop('SIGINT')).toBe(0)
  data.remove()
})

/** The key that a command printed. */
const keyIn = (out: string) => /key +(\S+)/.exec(out)?.[1] ?? ''

// First: it looks everybody up, the local Slack has Slack's limits, and all commands share them.
describe('policy lint --live', () => {
  test('looks people up in the sandbox, and says so', async () => {
    const ran = await cli('policy', 'lint', 'policies', '--live')

    expect(ran.err).toBe('')
    expect(ran.out).toMatch(/live: \d+ names of the directory looked up, 1 activation of the record/)
  })

  test('never passes without having looked', async () => {
    const nothing = { DATA_DIR: join(data.path, 'nothing') }
    const ran = await runCli(nothing, 'policy', 'lint', 'policies', '--live')

    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringContaining('npm start') })
    expect(await runCli(nothing, 'policy', 'lint', 'policies')).toMatchObject({ err: '' })
  })
})

describe('agents, beside a running server', () => {
  test('are added, rotated and revoked, and the server knows at once; the first one of a sandbox works in one step', async () => {
    const added = await cli('agents', 'add', 'nightly', '--owner', 'lee@acme.test')
    expect(added).toMatchObject({ code: 0, err: '' })
    expect(added.out).toMatch(/nightly is registered \(agt_/)
    expect(added.out).toMatch(/webhook secret +whsec_/)
    const first = agentWith(keyIn(added.out))
    expect(await first.ask(url, allowedBody)).toMatchObject({ status: 201, state: 'approved' })

    const rotated = await cli('agents', 'rotate', 'nightly')
    expect(rotated.code).toBe(0)
    expect(await first.ask(url, allowedBody)).toMatchObject({ status: 401 })
    expect(rotated.out).toMatch(/gives nothing until lee has confirmed it, in a direct message/i)
    const second = agentWith(keyIn(rotated.out))
    expect(await second.ask(url, allowedBody)).toMatchObject({ status: 403 })
    expect((await cli('doctor')).out).toContain('agent nightly: claimed')
    expect(await cli('agents', 'confirm', 'nightly')).toMatchObject({
      code: 0,
      out: expect.stringContaining('They have been asked'),
    })
    await memberAt(`${url}/sandbox/`, 'U0LEE').confirm()
    expect(await second.ask(url, allowedBody)).toMatchObject({ status: 201 })

    const over = await cli(
      'agents',
      'hand-over',
      'nightly',
      '--to',
      'grace@acme.test',
      '--by',
      'sam@acme.test',
    )
    expect(over).toMatchObject({ code: 0, out: expect.stringContaining('nightly is not handed over yet') })
    expect(over.out).toMatch(/gives nothing until grace and lee have all confirmed it/)
    expect((await cli('doctor')).out).toContain('hand-over of nightly: claimed')
    expect((await cli('agents', 'list')).out).toMatch(/nightly +active +agt_\w+ +owner lee/)
    for (const who of ['U0LEE', 'U0GRACE']) await memberAt(`${url}/sandbox/`, who).confirm()
    expect((await cli('agents', 'list')).out).toMatch(/nightly +active +agt_\w+ +owner grace/)
    expect(await second.ask(url, allowedBody)).toMatchObject({ status: 201 })

    expect((await cli('agents', 'revoke', 'nightly')).code).toBe(0)
    expect(await second.ask(url, allowedBody)).toMatchObject({ status: 401 })
    const listed = await cli('agents', 'list')
    expect(listed.out).toMatch(/nightly +revoked +agt_\w+ +owner grace/)
    expect(listed.out).toMatch(/billing-agent +active/)
  })

  test.each([
    ['a name that is taken', ['add', 'billing-agent', '--owner', 'lee@acme.test'], 'name_taken'],
    ['a name that does not fit', ['add', 'Not A Name', '--owner', 'lee@acme.test'], 'name:'],
    ['an owner nobody knows', ['add', 'other', '--owner', 'nobody@acme.test'], 'owner:'],
    ['an agent nobody knows', ['rotate', 'other'], 'unknown_agent'],
    ['an agent that is not there', ['revoke', 'other'], 'unknown_agent'],
    [
      'an owner of before',
      ['hand-over', 'billing-agent', '--to', 'lee@acme.test', '--by', 'sam@acme.test'],
      'not_applicable',
    ],
  ])('%s is refused in words', async (_, words, says) => {
    const ran = await cli('agents', ...words)

    expect(ran).toMatchObject({ code: 1, out: '' })
    expect(ran.err).toContain(says)
    expect(ran.err).not.toMatch(/^\s+at /m)
  })

  test('use its database and leave it running', async () => {
    const { pid } = await startEmbedded({ dataDir: data.path, log: pino({ level: 'silent' }), beside: true })

    expect((await cli('agents', 'list')).code).toBe(0)

    expect(process.kill(pid, 0)).toBe(true)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
  })
})

test('a key for scripts, once its person has confirmed it, needs nobody to press a button', async () => {
  const made = await cli('operators', 'keys', 'add', '--person', 'lee@acme.test')
  expect(made).toMatchObject({ code: 0, err: '' })
  const key = /COUNTERSIGN_OPERATOR_KEY=(\S+)/.exec(made.out)?.[1] ?? ''
  const script = (...words: readonly string[]) =>
    runCli({ ...environment, COUNTERSIGN_OPERATOR_KEY: key }, ...words)
  const add = ['agents', 'add', 'by-script', '--owner', 'lee@acme.test'] as const
  expect(await script(...add)).toMatchObject({
    code: 1,
    err: expect.stringContaining('operator_key_refused'),
  })

  await memberAt(`${url}/sandbox/`, 'U0LEE').confirm()
  const added = await script(...add)

  expect(added).toMatchObject({ code: 0, err: '' })
  expect(await agentWith(keyIn(added.out)).ask(url, allowedBody)).toMatchObject({ status: 201 })
  const id = /opk_\w+/.exec(made.out)?.[0] ?? ''
  expect((await cli('operators', 'keys', 'list')).out).toMatch(new RegExp(`${id} +active +lee .* used `))
  expect((await cli('operators', 'keys', 'revoke', id)).code).toBe(0)
  expect((await script('agents', 'revoke', 'by-script')).code).toBe(1)
})

test('two accounts are linked, and once both have confirmed it there is nothing left to link', async () => {
  const linked = await cli('people', 'link', 'omar@acme.test', 'U0BOB')
  expect(linked).toMatchObject({ code: 0, out: expect.stringContaining('are one person now (per_') })
  expect(linked.out).toMatch(/gives nothing until .* have all confirmed it/)
  for (const who of ['U0OMAR', 'U0BOB']) await memberAt(`${url}/sandbox/`, who).confirm()

  expect(await cli('people', 'link', 'omar@acme.test', 'U0BOB')).toMatchObject({
    code: 1,
    err: expect.stringContaining('not_applicable'),
  })
})

test('parting them is asked for, by somebody who confirms that they ask', async () => {
  const asked = await cli('people', 'unlink', 'U0BOB', '--by', 'lee@acme.test', '--reason', 'Two people')
  expect(asked).toMatchObject({ code: 0, out: expect.stringContaining('Nothing is parted yet') })

  await memberAt(`${url}/sandbox/`, 'U0LEE').confirm()

  const cards = async () => JSON.stringify(await memberAt(`${url}/sandbox/`, 'U0PRIYA').cards('C0SECURITY'))
  await expect.poll(cards, { timeout: patience }).toContain('people.unlink')
  const load = await cli('people', 'load')
  expect(load.out).toMatch(/priya +slack:U0PRIYA +[1-9]/)
  expect(load.out).toContain('nobody is mentioned more than 30 times in 24 hours')
})

describe('doctor', () => {
  test('finds nothing to fix in the sandbox', async () => {
    expect(await cli('doctor')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Everything is fine\.|Nothing is broken; \d+ to look at\./),
    })
  })

  test('says everything that is wrong, and what fixes it', async () => {
    const ran = await runCli(
      {
        DATA_DIR: join(data.path, 'elsewhere'),
        POLICY_DIR: '/nowhere',
        DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
        SLACK_BOT_TOKEN: 'xoxb-none',
        SLACK_SIGNING_SECRET: '0'.repeat(32),
        SLACK_API_URL: 'http://127.0.0.1:1/',
      },
      'doctor',
    )

    expect(ran.code).toBe(1)
    for (const says of ['POLICY_DIR', 'DATABASE_URL', 'SLACK_API_URL', 'need fixing'])
      expect(ran.out).toContain(says)
  })
})

describe('start with a configuration that does not work', () => {
  test('names every key at once, with its fix', async () => {
    const ran = await runCli(
      { PORT: 'soon', SLACK_SIGNING_SECRET: 'short', SLACK_APP_TOKEN: 'xoxb-1' },
      'start',
    )

    expect(ran).toMatchObject({ code: 1, out: '' })
    for (const key of ['PORT', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN'])
      expect(ran.err).toMatch(new RegExp(`^ {2}${key} is .+\\n {4}\\S`, 'm'))
  })

  test('a second server on the same data directory is refused, and the first goes on', async () => {
    const ran = await runCli({ ...environment, PORT: '0' }, 'start')

    expect(ran.code).toBe(1)
    expect(ran.err).toContain('DATA_DIR')
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect((await cli('agents', 'list')).code).toBe(0)
  })

  test('commands need a workspace to look people up in, and say so', async () => {
    const ran = await runCli({ DATA_DIR: join(data.path, 'nothing') }, 'agents', 'list')

    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('npm start') })
  })
})

test('--version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

  for (const word of ['--version', '-V'])
    expect(await cli(word)).toEqual({ code: 0, out: `${version}\n`, err: '' })
})

test.each([
  [['--help'], ['start', 'doctor', 'agents', 'people', 'Exit codes']],
  [
    ['agents', '--help'],
    ['add', 'list', 'rotate', 'hand-over', 'revoke'],
  ],
  [
    ['agents', 'add', '--help'],
    ['--owner <person>', '--by <person>', 'never approve'],
  ],
  [
    ['agents', 'hand-over', '--help'],
    ['--to <person>', '--by <person>', 'has left', 'have confirmed it'],
  ],
  [['people', 'link', '--help'], ['one human']],
])('%s explains itself', async (words, says) => {
  const ran = await cli(...words)

  expect(ran).toMatchObject({ code: 0, err: '' })
  for (const one of says) expect(ran.out).toContain(one)
})

test.each([
  ['history', ['policy', 'history']],
  ['explain', ['policy', 'explain', 'req_01kb0000000000000000000000']],
  ['simulate', ['policy', 'simulate', '--head', 'policies']],
])('policy %s makes no database where there is none, and says where it looked', async (_, words) => {
  const elsewhere = temporaryDataDir()
  const ran = await runCli({ DATA_DIR: elsewhere.path }, ...words)

  expect(ran).toMatchObject({ code: 1, out: '' })
  expect(ran.err).toContain(`There is no database in ${elsewhere.path}`)
  expect(existsSync(join(elsewhere.path, 'postgres'))).toBe(false)
  elsewhere.remove()
})
