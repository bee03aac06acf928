import type { AlarmCause } from '../../card/alarm.ts'
import type { ActionRequest } from '../../core/request.ts'
import { viewOf } from '../inspect.ts'
import { requestEntry } from '../newEntry.ts'
import type { Channel, Ports } from '../ports.ts'
import { everywhere, refuseUndelivered } from './everywhere.ts'

/**
 * Tells everybody that the emergency path names that its glass was broken, or that nobody has reviewed it in time.
 * Safe to run again: each address that was told is recorded. One whose answer was lost is told again, because of two
 * evils an alarm that sounds twice is the smaller. One address that refuses does not keep the others from hearing it.
 *
 * @throws Undelivered
 */
export async function alarm(
  ports: Ports,
  channel: Channel,
  about: { readonly request: string; readonly why: AlarmCause },
): Promise<void> {
  const request = await ports.store.request(about.request)
  if (!request?.brokenGlass) return
  const told = await toldAlready(ports, about)
  const view = await viewOf(ports, request)
  const addresses = request.requirement?.breakGlass?.notify ?? []
  const failures = await everywhere(
    addresses.filter((address) => !told.has(address)),
    async (address) => {
      await channel.alarm(address, view, about.why)
      await recordTold(ports, request, { address, why: about.why })
    },
  )
  refuseUndelivered(failures)
}

async function toldAlready(
  ports: Ports,
  about: { readonly request: string; readonly why: AlarmCause },
): Promise<ReadonlySet<unknown>> {
  const entries = await ports.store.entries(about.request)
  const sent = entries.filter((entry) => entry.type === 'alarm.sent' && entry.data.why === about.why)
  return new Set(sent.map((entry) => entry.data.address))
}

async function recordTold(
  ports: Ports,
  request: ActionRequest,
  told: { readonly address: string; readonly why: AlarmCause },
): Promise<void> {
  const entry = requestEntry(ports, request, {
    type: 'alarm.sent',
    actor: { kind: 'system', id: 'alarm', via: 'job' },
    data: { why: told.why, address: told.address },
  })
  const delivery = `alarm:${request.id}:${told.why}:${told.address}`
  await ports.store.commit({ entries: [entry], delivery })
}
