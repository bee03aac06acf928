import type { Bundle } from '../../src/policy/bundle.ts'
import { teamsChannels, teamsIds } from '../../src/sandbox/teams/seed.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'

/** The bundle of the tests, of a house that announces in both channels. Its people are those of Slack's groups, unless a change says otherwise. */
export function bothBundle(
  change: { readonly bundle?: (yaml: string) => string; readonly rules?: (yaml: string) => string } = {},
): Bundle {
  const { bundle = (yaml) => yaml, rules = (yaml) => yaml } = change
  const yaml = (bundleFiles['bundle.yaml'] ?? '')
    .replace(
      '{slack_channel: C0APPROVALS}',
      `{slack_channel: C0APPROVALS, teams_channel: "${teamsChannels.approvals}"}`,
    )
    .replace(
      '{slack_channel: C0ALERTS}',
      `{slack_channel: C0ALERTS, teams_channel: "${teamsChannels.security}"}`,
    )
  return testBundle({
    ...bundleFiles,
    'bundle.yaml': bundle(yaml),
    'rules/all.yaml': rules(bundleFiles['rules/all.yaml'] ?? ''),
  })
}

/** Security is who Entra says; Slack's user group is only mentioned. */
export const securityOfEntra = (yaml: string) =>
  yaml.replace(
    '{slack_usergroup: S0SECURITY}',
    `{slack_usergroup: S0SECURITY, entra_group: ${teamsIds.security}, authority: entra}`,
  )
