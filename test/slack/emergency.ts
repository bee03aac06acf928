import type { Company } from './company.ts'
import { send } from './company.ts'
import { windowOpens } from './seen.ts'

/** `host.reboot` needs two of Security, `freeze.deploy` is denied; Grace and Omar may break the glass of both. */
export const reason = 'INC-42: the payment service is down'

/** A denial whose glass Grace broke. */
export async function broken(company: Company) {
  const asked = await company.asked('freeze.deploy')
  await company.local.as('U0GRACE').press(asked.at, 'break_glass')
  await windowOpens(company, 'U0GRACE', 'break_glass')
  await send(company, 'U0GRACE', { reason })
  await company.settle(asked.request.id)
  return asked
}
