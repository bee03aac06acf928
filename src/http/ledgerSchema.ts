import { z } from 'zod'

const hash = z.string().describe('SHA-256, base64')

const valueSchema = z.object({
  name: z.string(),
  sha256_salted: z.string().describe('As its entry names it: over salt and text, hex'),
  bytes: z.number().int(),
  salt: z.string().nullable().describe('Base64; null when it was erased'),
  text: z.string().nullable(),
})

/** A page of entries. */
export const ledgerPageSchema = z
  .object({
    entries: z.array(
      z.object({
        index: z.number().int(),
        entry: z.string(),
        leaf: z
          .string()
          .nullable()
          .describe('The text whose hash stands in the tree, byte for byte; null when the entry is gone'),
        values: z.array(valueSchema).describe('What the entry names in `blobs` and keeps outside'),
      }),
    ),
    next: z.string().nullable().describe('Where the next page is; null: this is the last so far'),
  })
  .meta({ id: 'LedgerPage' })

export const consistencySchema = z
  .object({ from: z.number().int(), to: z.number().int(), path: z.array(hash) })
  .meta({ id: 'LedgerConsistency' })

const entry = 'ent_01kaxyz0000000000000000000'

export const ledgerPageExample = {
  entries: [
    {
      index: 0,
      entry,
      leaf: `{"action_digest":null,"actor":{"id":"operator","kind":"system","via":"cli"},"blobs":[{"bytes":37,"name":"shell","sha256_salted":"8d0b5a50c58f0c9b1f5a0dc7d6d8cc2b1c70f1f5b5d35c17e6b1b3f6a4f9a0de"}],"data":{"name":"billing-agent"},"id":"${entry}","policy":null,"request":null,"seq":0,"subject":{"id":"agt_01kaxyz0000000000000000000","kind":"agent"},"ts":"2026-11-24T14:00:00.000Z","type":"agent.added","v":1,"ws":"wsp_01kaxyz0000000000000000000"}`,
      values: [
        {
          name: 'shell',
          sha256_salted: '8d0b5a50c58f0c9b1f5a0dc7d6d8cc2b1c70f1f5b5d35c17e6b1b3f6a4f9a0de',
          bytes: 37,
          salt: null,
          text: null,
        },
      ],
    },
  ],
  next: null,
}

export const consistencyExample = {
  from: 3,
  to: 7,
  path: [3, 5, 7, 9].map((byte) => Buffer.alloc(32, byte).toString('base64')),
}
