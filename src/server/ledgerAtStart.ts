import type { Logger } from 'pino'
import { beginLedger } from '../approvals/ledger/beginLedger.ts'
import { startSealing } from '../approvals/ledger/sealing.ts'
import type { Health } from '../approvals/ports.ts'
import { SealFault } from '../approvals/sealer.ts'
import type { Parts } from './compose.ts'
import { StartFault } from './startFault.ts'

/**
 * Begins to seal what is recorded, and what was recorded before. The first start of all makes the ledger's key, and fixes its name. A
 * server that cannot open the key does not start: nobody could tell its checkpoints from forged ones.
 *
 * @param by.origin the name that the configuration gives the ledger, or null
 * @returns how to end it
 * @throws StartFault when the ledger has another name, or its key does not open
 */
export async function ledgerAtStart(
  {
    ports,
    store: { ledger },
    signing: { sealer },
    health,
  }: {
    readonly ports: Pick<Parts['ports'], 'workspace'>
    readonly store: Pick<Parts['store'], 'ledger'>
    readonly signing: Pick<Parts['signing'], 'sealer'>
    readonly health: Health
  },
  { origin, log }: { readonly origin: string | null; readonly log: Pick<Logger, 'warn'> },
): Promise<() => Promise<void>> {
  const signer = await beginLedger({ ledger, sealer }, origin ?? `countersign/${ports.workspace}`).catch(
    refuse,
  )
  if (origin !== null && origin !== signer.name)
    throw new StartFault({
      problem: `The ledger of this database is ${signer.name}, and LEDGER_ORIGIN says ${origin}: whoever verifies it knows it by that name for good.`,
      fix: `Leave out LEDGER_ORIGIN, or set LEDGER_ORIGIN=${signer.name}`,
    })
  return startSealing({ ledger, signer, health, log })
}

function refuse(cause: unknown): never {
  if (!(cause instanceof SealFault)) throw cause
  throw new StartFault({
    problem: `The key that the ledger is signed with cannot be opened: ${cause.message}.`,
    fix: 'Give the server the COUNTERSIGN_SECRET that it had, or restore the table ledger_keys from a backup.',
    cause,
  })
}
