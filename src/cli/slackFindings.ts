import type { Logger } from 'pino'
import type { Bundle } from '../policy/bundle.ts'
import type { Config } from '../server/config.ts'
import { addressIn, idIn } from '../slack/address.ts'
import { checkSlack, type Examination } from '../slack/doctor.ts'
import type { Finding } from '../slack/finding.ts'
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

type Addresses = Pick<Examination, 'channels' | 'groups' | 'people'>

/** Each workspace of SLACK_OTHER_WORKSPACES, by what the policy names in it. */
async function otherWorkspaces(
  { slack }: Config,
  addresses: Addresses,
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
function addressesOf(team: string | null, { channels, groups, people }: Addresses): Addresses {
  const here = (all: readonly string[]) =>
    all.flatMap((one) => idIn(team, one) ?? []).map((id) => addressIn(null, id))
  return { channels: here(channels), groups: here(groups), people: here(people) }
}

/** Every conversation and group that the policy may use. */
function addressesIn(bundle: Bundle): Addresses {
  const alarms = bundle.rules.flatMap((rule) => rule.breakGlass?.notify ?? []).filter(isConversation)
  const demands = [bundle.defaults, ...bundle.rules.flatMap((rule) => (rule.demand ? [rule.demand] : []))]
  const named = (kind: 'group' | 'account') =>
    [...bundle.people.values()].filter((source) => source.kind === kind).map((source) => source.address)
  return {
    channels: [...new Set([...demands.flatMap((demand) => demand.channels), ...alarms])],
    groups: [...new Set(named('group'))],
    people: [...new Set(named('account'))],
  }
}

/** An alarm may also go to a group or a person. */
function isConversation(address: string): boolean {
  return /^slack:(?:[A-Z0-9]+\/)?[CG]/.test(address)
}
