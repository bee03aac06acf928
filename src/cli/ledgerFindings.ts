import type { Finding } from '../channels/finding.ts'
import { readCheckpoint } from '../ledger/checkpoint.ts'
import { isSignedBy } from '../ledger/note.ts'
import type { Config } from '../server/config.ts'
import { StartFault } from '../server/startFault.ts'
import { StoreFault } from '../store/fault.ts'
import { readSealing, type SealingSeen } from '../store/ledger/sealingSeen.ts'
import { lookedAt } from './lookedAt.ts'

const name = 'ledger'

/** Seconds. Entries are sealed within one; a head is signed again after an hour at the latest. */
const longest = { waits: 60, signed: 2 * 3_600 }

/** Whether entries get their place in the tree, and its head is signed. Whatever is wrong with the database was said before. */
export async function ledgerFindings(config: Config): Promise<readonly Finding[]> {
  try {
    const seen = await lookedAt(config, readSealing)
    return seen ? [sealingFinding(seen)] : []
  } catch (fault) {
    if (fault instanceof StoreFault || fault instanceof StartFault) return []
    throw fault
  }
}

export function sealingFinding(seen: SealingSeen): Finding {
  const { head, signedAgo, waiting, waitsFor } = seen
  if (!isSigned(seen))
    return {
      ...{ name, ok: false },
      detail: 'its newest checkpoint was not signed with its key for what stands there',
      fix: 'Keep the database as it is: somebody may have changed the record. docs/operations.md, "sealing_stopped", goes on from there.',
    }
  if (waitsFor > longest.waits)
    return {
      ...{ name, ok: false },
      detail: `${waiting} entries wait for their place in the tree, one of them for ${minutes(waitsFor)}`,
      fix: 'A running server seals them within a second. Where one runs, /readyz and its log say what keeps it: docs/operations.md, "sealing_stopped".',
    }
  const detail = `${head.origin}, ${head.size} entries`
  if (signedAgo > longest.signed)
    return {
      ...{ name, ok: true, look: true },
      detail: `${detail}; its head was signed ${minutes(signedAgo)} ago`,
      fix: 'A running server signs it every hour. Start one, or look at the log of the one that runs.',
    }
  return { name, ok: true, detail: `${detail}, sealed and signed`, fix: null }
}

function isSigned({ head, key }: SealingSeen): boolean {
  const signed = readCheckpoint(head.checkpoint)
  if (!signed || signed.origin !== key.name || head.origin !== key.name) return false
  return isSignedBy(signed.note, key) && signed.size === head.size && signed.root.equals(head.root)
}

function minutes(seconds: number): string {
  const whole = Math.round(seconds / 60)
  return whole < 120 ? `${whole} minutes` : `${Math.round(whole / 60)} hours`
}
