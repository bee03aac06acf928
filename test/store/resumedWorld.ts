import { resumeLedger } from '../../src/approvals/ledger/resume/resumeLedger.ts'
import { twoPeople } from '../../src/approvals/ledger/resume/twoPeople.ts'
import { readCheckpoint, signedCheckpoint } from '../../src/ledger/checkpoint.ts'
import type { KeptCheckpoint } from '../../src/ledger/keptHeads.ts'
import type { NoteSigner } from '../../src/ledger/note.ts'
import { testWorld, type World } from '../support/world.ts'
import type { opened } from './opened.ts'
import { sealed } from './sealingWorld.ts'

type Open = Awaited<ReturnType<typeof opened>>

/** A checkpoint as it was signed for entries of which the database knows nothing: each of them has a root of its own. */
export function foreign(
  signer: NoteSigner,
  size: number,
  fill = 7,
): { readonly text: string } & KeptCheckpoint {
  const text = signedCheckpoint({ size, root: Buffer.alloc(32, fill) }, signer)
  return { ...keptOf(`the one of ${size}`, text), text }
}

export function keptOf(from: string, text: string): KeptCheckpoint {
  const checkpoint = readCheckpoint(text)
  if (!checkpoint) throw new Error('it is one')
  return { from, checkpoint }
}

/**
 * Two people let the ledger go on under its next name: so many entries more than it has had left the house, and so many are certainly
 * the same.
 */
export async function wentOn(
  open: Open,
  { more = 5, shared, world }: { readonly more?: number; readonly shared: number; readonly world?: World },
) {
  const signer = await sealed(open)
  const head = (await open.anchored.tree())?.here.size ?? 0
  const anchored = foreign(signer, head + more)
  const { ports } = world ?? (await testWorld({ store: open.store }))
  const people = await twoPeople(ports, {
    by: { email: 'lee@acme.test' },
    second: { email: 'omar@acme.test' },
  })
  const found = { anchor: 'vault', checkpoint: anchored.text, origin: signer.name, size: head + more, shared }
  const resumed = await resumeLedger(
    { ports, ledger: open.resumption },
    {
      ...people,
      found,
      reason: 'the disk of the database burned',
      shell: { user: 'lee', host: 'db-1' },
      agreed: 'a code in a direct message to each',
    },
  )
  return { before: signer, anchored, resumed }
}
