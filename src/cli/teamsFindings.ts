import type { Finding } from '../channels/finding.ts'
import type { Bundle } from '../policy/bundle.ts'
import type { Config } from '../server/config.ts'
import { isTeams } from '../teams/address.ts'
import { checkTeams } from '../teams/doctor.ts'
import { teamsToLook } from './directoryToLook.ts'
import { addressesIn } from './policyAddresses.ts'

/** For `doctor`: Teams, by what the policy names in it; nothing without Teams. @throws StartFault */
export async function teamsFindings(
  config: Pick<Config, 'teams'>,
  bundle: Bundle | null,
  now: Date,
): Promise<readonly Finding[]> {
  const access = teamsToLook(config)
  if (!access) return []
  const { channels, groups, people } = bundle ? addressesIn(bundle) : { channels: [], groups: [], people: [] }
  return checkTeams({
    access,
    channels: channels.filter(isTeams),
    groups: groups.filter(isTeams),
    people: people.filter(isTeams),
    now,
  })
}
