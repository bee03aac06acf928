import { whyNoIssuer } from '../approvals/grants/issuerAddress.ts'
import { rotationAt, standingOf } from '../approvals/grants/keyTimes.ts'
import { openKey } from '../approvals/grants/openKey.ts'
import type { SigningKey } from '../approvals/grants/records.ts'
import { type Sealer, SealFault } from '../approvals/sealer.ts'
import type { Finding } from '../channels/finding.ts'

const issuer = 'issuer of grants'
const name = 'signing keys'

/** Whether those who verify grants can trust this address, and which clouds cannot. */
export function issuerFindings(address: string): readonly Finding[] {
  const why = whyNoIssuer(address)
  if (why !== null) {
    const fix = 'Set BASE_URL to an https address, such as https://approvals.example.com.'
    return [{ name: issuer, ok: false, detail: `${address}: ${why}, so no grants are issued`, fix }]
  }
  const { protocol, port } = new URL(address)
  if (protocol === 'http:')
    return [{ name: issuer, ok: true, detail: `${address}, for this machine only`, fix: null }]
  if (port === '') return [{ name: issuer, ok: true, detail: address, fix: null }]
  const fix = 'Answer at port 443 if grants are to be taken to AWS; everything else takes the port.'
  return [{ name: issuer, ok: true, look: true, detail: `${address}: AWS takes no issuer with a port`, fix }]
}

/** How the keys stand, and whether this machine's secret opens them. */
export async function keyFindings(
  keys: readonly SigningKey[],
  by: { readonly sealer: Pick<Sealer, 'open'> | null; readonly keyDays: number; readonly now: Date },
): Promise<readonly Finding[]> {
  if (keys.length === 0) return [{ name, ok: true, detail: 'made by the first start', fix: null }]
  const { active, next } = standingOf(keys)
  if (!active || !next) {
    const fix = 'Start the server: it makes what is missing.'
    return [{ name, ok: false, detail: `there is no ${active ? 'next' : 'active'} key`, fix }]
  }
  const closed = by.sealer === null ? [] : await closedOf([active, next], by.sealer)
  if (closed.length > 0)
    return closed.map(({ id, status }) => ({
      name,
      ok: false,
      detail: `${id}, the ${status} one, does not open: it was sealed under another COUNTERSIGN_SECRET, or changed`,
      fix: `Set the secret that the server has. If it is lost: countersign keys retire ${id} --reason "it does not open"`,
    }))
  const due = rotationAt({ active, next }, by.keyDays)
  const detail = `${active.id} signs since ${active.since.slice(0, 10)}; ${next.id} follows on ${new Date(due).toISOString().slice(0, 10)}`
  // The job that rotates runs when it is due; a day later, something keeps it from that.
  if (by.now.getTime() < due + 86_400_000) return [{ name, ok: true, detail, fix: null }]
  const fix =
    'Start the server, or see “Dead jobs” in docs/operations.md; or rotate now: countersign keys rotate'
  return [{ name, ok: false, detail: `${detail}, which is over`, fix }]
}

async function closedOf(
  keys: readonly SigningKey[],
  sealer: Pick<Sealer, 'open'>,
): Promise<readonly SigningKey[]> {
  const closed: SigningKey[] = []
  for (const key of keys) {
    const { id, sealed } = key
    try {
      if (sealed === null) closed.push(key)
      else await openKey({ id, sealed }, sealer)
    } catch (fault) {
      if (!(fault instanceof SealFault)) throw fault
      closed.push(key)
    }
  }
  return closed
}
