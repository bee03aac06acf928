import type { Bundle } from '../../src/policy/bundle.ts'
import { teamsChannels, teamsIds } from '../../src/sandbox/teams/seed.ts'
import { narrowingFiles } from '../support/narrowingBundle.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'

const inTeams: Readonly<Record<string, string>> = {
  '{slack_usergroup: S0PLATFORM}': `{entra_group: ${teamsIds.platformLeads}}`,
  '{slack_usergroup: S0SECURITY}': `{entra_group: ${teamsIds.security}}`,
  '{slack_usergroup: S0DATA}': `{entra_group: ${teamsIds.dataOwners}}`,
  '{slack_usergroup: S0IAM}': `{entra_group: ${teamsIds.iamAdmins}}`,
  '{slack_usergroup: S0INCIDENT}': `{entra_group: ${teamsIds.incidentCommanders}}`,
  '{slack_usergroup: S0NOBODY}': `{entra_group: ${teamsIds.releaseManagers}}`,
  '{slack_usergroup: S0ONLYBEHIND}': `{entra_group: ${teamsIds.releaseManagers}}`,
  '{slack_user: U0BOB}': `{entra_user: ${teamsIds.bob}}`,
  '{slack_user: U0OMAR}': `{entra_user: ${teamsIds.omar}}`,
  '{slack_channel: C0APPROVALS}': `{teams_channel: "${teamsChannels.approvals}"}`,
  '{slack_channel: C0ALERTS}': `{teams_channel: "${teamsChannels.security}"}`,
}

/** The bundle of the tests, of a house that lives in Teams; with what can be narrowed. */
export function teamsBundle(): Bundle {
  const yaml = Object.entries(inTeams).reduce(
    (text, [slack, teams]) => text.replaceAll(slack, teams),
    bundleFiles['bundle.yaml'] ?? '',
  )
  return testBundle({ ...narrowingFiles, 'bundle.yaml': yaml })
}
