import type { Logger } from 'pino'
import type { Finding } from '../channels/finding.ts'
import type { Bundle } from '../policy/bundle.ts'
import type { Config } from '../server/config.ts'
import { addressIn, idIn } from '../slack/address.ts'
import { checkSlack } from '../slack/doctor.ts'
import { addressesIn, type PolicyAddresses } from './policyAddresses.ts'
import { accessToLook, tokenFindings } from './slackToLook.ts'

/** For `doctor`: each workspace, by what the policy names in it. @throws StartFault, StoreFault */
export async function slackFindings(
  config: Config,
  bundle: Bundle | null,
  log: Logger,
): Promise<readonly Finding[]> {
  const addresses = bundle ? addressesIn(bundle) : { channels: [], groups: [], people: [] }
  const access = await accessToLook(config)
  const appToken = config.slack?.appToken ?? null
  return [
    ...(await tokenFindings(config)),
    ...(await checkSlack({ access, appToken, ...addressesOf(null, addresses), log })),
    ...(await otherWorkspaces(config, addresses, log)),
  ]
}

/** Each workspace of SLACK_OTHER_WORKSPACES, by what the policy names in it. */
async function otherWorkspaces(
  { slack }: Config,
  addresses: PolicyAddresses,
  log: Logger,
): Promise<readonly Finding[]> {
  const found = (slack?.others ?? []).map(async ({ team, botToken }) => {
    const access = { botToken, apiUrl: slack?.apiUrl ?? null }
    const named = addressesOf(team, addresses)
    const findings = await checkSlack({ access, appToken: null, ...named, log })
    return findings.map((one) => ({ ...one, name: `${team}: ${one.name}` }))
  })
  return (await Promise.all(found)).flat()
}

/** Those in one workspace, as they are called there. */
function addressesOf(team: string | null, { channels, groups, people }: PolicyAddresses): PolicyAddresses {
  const here = (all: readonly string[]) =>
    all.flatMap((one) => idIn(team, one) ?? []).map((id) => addressIn(null, id))
  return { channels: here(channels), groups: here(groups), people: here(people) }
}
