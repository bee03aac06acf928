import { isLoopback } from '../core/loopback.ts'
import { type ConfigProblem, fixes } from './configProblems.ts'

type Values = Readonly<Record<string, string>>

/** Addresses that are called. */
const called = ['TEAMS_SERVICE_URL', 'TEAMS_LOGIN_URL', 'TEAMS_GRAPH_URL', 'TEAMS_KEYS_URL'] as const
const services = [...called, 'TEAMS_ISSUER'] as const
const proofs = ['TEAMS_APP_PASSWORD', 'TEAMS_CERTIFICATE_FILE'] as const
const own = ['TEAMS_APP_ID', 'TEAMS_TENANT_ID', ...proofs] as const

/** Half a Teams configuration, and services of which one could undo the others. */
export function teamsProblems(values: Values): readonly ConfigProblem[] {
  const given = [...own, ...services].filter((key) => key in values)
  if (given.length === 0) return []
  return [...halfProblems(values, given), ...serviceProblems(values)]
}

function halfProblems(values: Values, given: readonly string[]): readonly ConfigProblem[] {
  const said = given.join(' and ')
  const missing = (['TEAMS_APP_ID', 'TEAMS_TENANT_ID'] as const).filter((key) => !(key in values))
  const problems: ConfigProblem[] = missing.map((key) => ({
    key,
    wrong: `is missing, but ${said} ${given.length === 1 ? 'is' : 'are'} set.`,
    fix: `${fixes[key] ?? ''} Or remove every TEAMS_ key to run without Teams.`,
  }))
  const proving = proofs.filter((key) => key in values)
  if (proving.length === 0)
    problems.push({
      key: 'TEAMS_APP_PASSWORD',
      wrong: 'is missing, and so is TEAMS_CERTIFICATE_FILE: the app could not prove who it is.',
      fix: 'Set TEAMS_CERTIFICATE_FILE (better) or TEAMS_APP_PASSWORD: docs/teams.md, "Certificate or secret".',
    })
  if (proving.length === proofs.length)
    problems.push({
      key: 'TEAMS_APP_PASSWORD',
      wrong: 'is set beside TEAMS_CERTIFICATE_FILE, and only one of them is used.',
      fix: 'Remove TEAMS_APP_PASSWORD, and the secret in Entra: what is not used should open nothing.',
    })
  return problems
}

/**
 * All of the public cloud, or every one of another: our tokens go to them, and what they sign is believed, so one that was put beside the
 * others by itself could speak in everybody's name.
 */
function serviceProblems(values: Values): readonly ConfigProblem[] {
  const given = services.filter((key) => key in values)
  const missing = services.filter((key) => !(key in values))
  if (given.length === 0) return []
  const [key = 'TEAMS_SERVICE_URL'] = given
  if (missing.length > 0)
    return [
      {
        key,
        wrong: `is set, but ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not: that would mix two clouds.`,
        fix: together,
      },
    ]
  const addresses = called.map((name) => ({ name, url: urlOf(values[name]) }))
  const local = addresses.filter(({ url }) => url !== null && isLoopback(hostOf(url)))
  if (local.length > 0 && local.length < called.length)
    return local.map(({ name }) => ({
      key: name,
      wrong: 'is on this machine, and others of its kind are not.',
      fix: together,
    }))
  if (local.length > 0) return []
  return addresses.flatMap(({ name, url }) =>
    url?.protocol === 'http:'
      ? [{ key: name, wrong: 'is not https, and tokens are sent to it.', fix: fixes[name] ?? together }]
      : [],
  )
}

const together =
  'Leave out all five (TEAMS_SERVICE_URL, TEAMS_LOGIN_URL, TEAMS_GRAPH_URL, TEAMS_KEYS_URL, TEAMS_ISSUER) for the public cloud, or set all five to those of one other: docs/teams.md, "National clouds".'

/** Null for what is no address: that is said already. */
function urlOf(text: string | undefined): URL | null {
  return text !== undefined && URL.canParse(text) ? new URL(text) : null
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}
