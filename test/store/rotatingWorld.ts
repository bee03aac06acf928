import { newEntry } from '../../src/approvals/newEntry.ts'
import { randomIds } from '../../src/approvals/randomIds.ts'
import { type AboutToRotate, type RotatingSecret, sealedPlaces } from '../../src/store/rotateSecret.ts'
import { sealWith } from '../../src/store/seal.ts'
import { secretOf } from '../../src/store/secretFile.ts'
import { withClient } from '../support/database.ts'
import { madeAgent, madeKey, madeRequest, submission } from './made.ts'
import { madeLease, madeSigningKey, madeWebhook } from './madeGrants.ts'
import { opened } from './opened.ts'

export const [from, to, another] = ['o', 'n', 'x'].map((letter) => secretOf(letter.repeat(43))) as [
  ReturnType<typeof secretOf>,
  ReturnType<typeof secretOf>,
  ReturnType<typeof secretOf>,
] // three letters make three
export const claim = { kind: 'sandbox', secretFingerprint: from.fingerprint, newId: () => 'wsp_1' } as const
const seals = (purpose: string, row: string, text = `the ${purpose} of ${row}`) =>
  sealWith(from).seal(text, { purpose, row })

export const rotating: RotatingSecret = {
  from,
  to,
  entry: ({ installation, at, again }: AboutToRotate) =>
    newEntry(
      { ids: randomIds, clock: () => at, workspace: installation },
      {
        type: 'secret.rotated',
        actor: { kind: 'system', id: 'operator', via: 'cli' },
        subject: { kind: 'installation', id: installation },
        data: { sealed_again: again.length },
      },
    ),
}

/** A database with something of all that is sealed, which nobody works on. */
export async function rested() {
  const { store, pool, close, installation, databaseUrl } = await opened()
  await installation(claim)
  const agent = madeAgent({ id: 'agt_1', name: 'billing-agent' })
  const request = madeRequest({ id: 'req_1' })
  await store.commit({
    agents: [{ expected: null, next: agent }],
    keys: [{ expected: null, next: madeKey(agent.id, { id: 'key_1' }) }],
    signingKeys: [
      { expected: null, next: madeSigningKey({ id: 'kid_1', sealed: seals('signing-key', 'kid_1') }) },
      { expected: null, next: madeSigningKey({ id: 'kid_gone', status: 'retired', sealed: null }) },
    ],
    webhooks: [
      {
        expected: null,
        next: madeWebhook({
          id: 'whk_1',
          sealed: seals('webhook', 'whk_1'),
          earlier: {
            sealed: seals('webhook', 'whk_1', 'the earlier one'),
            until: '2999-01-01T00:00:00.000Z',
          },
        }),
      },
      { expected: null, next: madeWebhook({ id: 'whk_2', sealed: seals('webhook', 'whk_2') }) },
    ],
    entries: [],
  })
  await store.commit(submission(request))
  await store.commit({
    leases: [
      {
        expected: null,
        next: madeLease({ id: 'lse_1', request: request.id, sealed: seals('lease', 'lse_1') }),
      },
      { expected: null, next: madeLease({ id: 'lse_2', request: request.id, sealed: null }) },
    ],
    entries: [],
  })
  await pool.query(
    `INSERT INTO channel_tokens (id, version, sealed, issued_at, expires_at) VALUES ('slack:T0ACME', 1, $1, now(), now())`,
    [seals('channel-token', 'slack:T0ACME')],
  )
  await pool.query(
    `INSERT INTO ledger_keys (id, origin, public_key, sealed, created_at) VALUES ('ldg_1', 'acme', sha256('its public key'), $1, now())`,
    [seals('ledger-key', 'ldg_1')],
  )
  await close()
  return databaseUrl
}

/** What the database holds, opened under whichever secret opens it. */
export async function standing(databaseUrl: string) {
  return withClient(databaseUrl, async (client) => {
    const texts: string[] = []
    const under = new Set<string>()
    for (const { table, purpose, earlier } of sealedPlaces) {
      const { rows } = await client.query(
        `SELECT id, sealed, ${earlier ? 'earlier' : 'NULL AS earlier'} FROM ${table} WHERE sealed IS NOT NULL ORDER BY id`,
      )
      for (const { id: row, sealed, earlier: before } of rows)
        for (const one of [sealed, ...(before ? [before.sealed] : [])])
          for (const [name, secret] of Object.entries({ old: from, new: to })) {
            try {
              texts.push(sealWith(secret).open(one, { purpose, row }))
              under.add(name)
            } catch {} // it opens under the other
          }
    }
    const { rows } = await client.query('SELECT secret_fingerprint AS fingerprint FROM installation')
    const entries = await client.query(`SELECT text FROM entries WHERE type = 'secret.rotated'`)
    return { texts, under: [...under], fingerprint: rows[0].fingerprint, entries: entries.rows.length }
  })
}

export const everything = [
  'the signing-key of kid_1',
  'the webhook of whk_1',
  'the earlier one',
  'the webhook of whk_2',
  'the lease of lse_1',
  'the channel-token of slack:T0ACME',
  'the ledger-key of ldg_1',
]
