import { expect, test } from 'vitest'
import { channelTokensOn } from '../../src/store/channelTokens.ts'
import { sealWith } from '../../src/store/seal.ts'
import { secretOf } from '../../src/store/secretFile.ts'
import { botToken } from '../sandbox/slack/company.ts'
import { openRotated, rotation } from './rotating.ts'

test('the first pair is renewed at the first look, and calls go on with the new token', async () => {
  const { replica, tokens, exchanges } = await openRotated()
  const { token, clients, wrong } = replica()

  await token.look()
  await token.look()

  expect(exchanges()).toBe(1)
  expect(await token.current()).not.toBe(botToken)
  expect(await clients.posts.auth.test()).toMatchObject({ ok: true })
  expect(await tokens.read()).toMatchObject({ lifeSeconds: 43_200, failed: null, version: 2 })
  expect(wrong()).toEqual([])
})

test('nothing of a pair stands in the database as it is', async () => {
  const { replica, pool } = await openRotated()
  const before = await pool.query('SELECT * FROM channel_tokens')

  await replica().token.look()

  const after = await pool.query('SELECT * FROM channel_tokens')
  expect(JSON.stringify([before.rows, after.rows])).not.toMatch(/xox/)
  expect(after.rows[0].sealed).not.toBe(before.rows[0].sealed)
})

test('a token is renewed when more than half of its life is over, and not before', async () => {
  const { replica, exchanges, pass } = await openRotated()
  const { token } = replica()
  await token.look()

  await pass(6)
  await token.look()
  expect(exchanges()).toBe(1)
  await pass(2)
  await token.look()

  expect(exchanges()).toBe(2)
})

test('two-replicas: of two that look at the same moment one gets the next pair, and both use it', async () => {
  const { replica, exchanges, pass } = await openRotated()
  const [one, other] = [replica('rpl_1'), replica('rpl_2')]
  await Promise.all([one.token.look(), other.token.look()])
  await pass(8)

  await Promise.all([one.token.look(), other.token.look()])
  await Promise.all([one.token.look(), other.token.look()])

  expect(exchanges()).toBe(2)
  expect(await one.token.current()).toBe(await other.token.current())
  for (const { clients } of [one, other]) expect(await clients.clicks.auth.test()).toMatchObject({ ok: true })
})

test('two-replicas: a replica that did not look goes on with the new token as soon as Slack refuses the old one', async () => {
  const { replica, pass } = await openRotated()
  const [one, other] = [replica('rpl_1'), replica('rpl_2')]
  await one.token.look()
  expect(await other.token.current()).toBe(await one.token.current())
  for (const hours of [8, 8]) {
    await pass(hours)
    await one.token.look()
  }

  expect(await other.clients.posts.chat.postMessage({ channel: 'C0GENERAL', text: 'card' })).toMatchObject({
    ok: true,
  })
  expect(other.wrong()).toEqual([])
})

test('a call that meets an expired token gets the next one, and is made again with it', async () => {
  const { replica, pass, slack } = await openRotated()
  const { token, clients } = replica()
  await token.look()
  await pass(13)

  expect(await clients.posts.chat.postMessage({ channel: 'C0GENERAL', text: 'card' })).toMatchObject({
    ok: true,
  })
  expect(
    slack
      .as('U0BOB')
      .messages('C0GENERAL')
      .filter(({ text }) => text === 'card'),
  ).toHaveLength(1)
})

test('bad-hour: a refresh that Slack refuses is loud at each replica, the old token works on, and a new pair ends it', async () => {
  const { replica, pass, slack, exchanges, tokens, entry } = await openRotated()
  const [one, other] = [replica('rpl_1'), replica('rpl_2')]
  await one.token.look()
  slack.tokens.revokeRefresh()
  await pass(8)

  await one.token.look()
  await one.token.look()
  await other.token.look()

  expect(exchanges()).toBe(2) // not again within the minute
  for (const { wrong, detail } of [one, other]) {
    expect(wrong()).toEqual(['channel_token_failing'])
    expect(detail()).toMatch(/invalid_refresh_token.* works until 2.*countersign slack tokens set/)
  }
  expect(await one.clients.posts.auth.test()).toMatchObject({ ok: true })

  const pair = slack.tokens.install()
  await tokens.set('slack:T0ACME', { access: pair.access_token, refresh: pair.refresh_token }, entry())
  await one.token.look()
  await other.token.look()
  expect([...one.wrong(), ...other.wrong()]).toEqual([])
})

test('bad-hour: the answer of a refresh is lost: the old token works until it expires, and that is said', async () => {
  const { replica, pass, slack, forgetTry } = await openRotated()
  const { token, clients, wrong, detail } = replica()
  await token.look()
  await pass(8)
  slack.faults.next('oauth.v2.access', { kind: 'lost_answer' })

  await token.look()
  expect(detail()).toContain('unreachable')
  await forgetTry()
  await token.look()

  expect(wrong()).toEqual(['channel_token_failing'])
  expect(detail()).toContain('invalid_refresh_token')
  expect(await clients.posts.auth.test()).toMatchObject({ ok: true })
  await pass(5)
  await expect(clients.posts.auth.test()).rejects.toThrow('token_expired')
})

test.each([
  ['is away', { kind: 'status', status: 503 }, 'http_503'],
  ['wants us to wait', { kind: 'rate_limited', retryAfter: 3 }, 'rate_limited'],
] as const)(
  'bad-hour: Slack %s once: it is tried again after a minute, and is well then',
  async (_, fault, code) => {
    const { replica, pass, slack, forgetTry, exchanges } = await openRotated()
    const { token, wrong, detail } = replica()
    await token.look()
    await pass(8)
    slack.faults.next('oauth.v2.access', fault)

    await token.look()
    await token.look()
    expect(detail()).toMatch(new RegExp(`${code}.*tried again every minute`))
    expect(exchanges()).toBe(2)
    await forgetTry()
    await token.look()

    expect(wrong()).toEqual([])
  },
)

test('wrong credentials of the app are named by their settings, and no secret is', async () => {
  const { replica } = await openRotated({ ...rotation, clientSecret: 'd'.repeat(32) })
  const { token, detail } = replica()

  await token.look()

  expect(detail()).toContain('SLACK_CLIENT_SECRET')
  expect(detail()).not.toMatch(/dddd|xoxe-/)
})

test('a pair that the database did not take is kept, used by this process, and written as soon as it can be', async () => {
  const { replica, tokens, pool, exchanges } = await openRotated()
  const { token } = replica()
  await pool.query('ALTER TABLE channel_tokens ADD CONSTRAINT full_disk CHECK (version < 2)')
  await expect(token.look()).rejects.toThrow()

  expect(await token.current()).toContain('next-1')
  await pool.query("UPDATE channel_tokens SET held_until = held_until - interval '31 seconds'")
  const old = (await tokens.read())?.access ?? ''
  expect(await token.after(old, 'token_expired')).toContain('next-1')
  expect(exchanges()).toBe(1)

  await pool.query('ALTER TABLE channel_tokens DROP CONSTRAINT full_disk')
  await token.look()

  expect(exchanges()).toBe(1)
  expect(await tokens.read()).toMatchObject({ version: 2, failed: null })
  expect(await token.current()).toContain('next-1')
})

test('two-replicas: a turn whose process died is over after half a minute', async () => {
  const { replica, tokens, pool, exchanges } = await openRotated()
  const kept = await tokens.read()
  if (!kept) throw new Error('no tokens')
  expect(await tokens.takeTurn(kept, 'rpl_dead')).toBe(true)

  await replica().token.look()
  expect(exchanges()).toBe(0)
  await pool.query("UPDATE channel_tokens SET held_until = held_until - interval '31 seconds'")
  await replica().token.look()

  expect(exchanges()).toBe(1)
})

test('a pair that was sealed under another secret is no token, and the secret is named', async () => {
  const { pool, replica } = await openRotated()
  const other = channelTokensOn(pool, sealWith(secretOf('x'.repeat(43))))

  await expect(other.read()).rejects.toThrow('the sealed channel-token of slack:T0ACME does not open')
  expect(await replica().token.current()).toBe(botToken) // control: under its own it opens
})

test('the tokens of another workspace take the place of none, and the entry is written with the pair', async () => {
  const { tokens, entry, pool } = await openRotated()
  const pair = { access: 'xoxe.xoxb-other', refresh: 'xoxe-other' }

  expect(await tokens.set('slack:T0OTHER', pair, entry())).toEqual({ other: 'slack:T0ACME' })
  expect(await tokens.read()).toMatchObject({ place: 'slack:T0ACME', access: botToken })
  expect(await tokens.remove('slack:T0ACME', entry())).toBe(true)
  expect(await tokens.set('slack:T0OTHER', pair, entry())).toBe('set')

  const { rows } = await pool.query("SELECT id FROM entries WHERE type = 'channel.connected'")
  expect(rows).toHaveLength(3)
})

test('foreign-payload: a process that works with one workspace does not go on with the tokens of another', async () => {
  const { replica, tokens, entry } = await openRotated()
  const { token } = replica()
  await token.look()
  await tokens.remove('slack:T0ACME', entry())
  await token.look()
  await tokens.set('slack:T0OTHER', { access: 'xoxe.xoxb-other', refresh: 'xoxe-other' }, entry())

  await expect(token.look()).rejects.toThrow('restart it')

  await expect(token.current()).rejects.toThrow('restart it')
  expect(await replica().token.current()).toBe('xoxe.xoxb-other') // control: one that starts now works with that one
})
