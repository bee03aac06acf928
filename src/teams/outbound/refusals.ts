import { ConnectorFault } from './fault.ts'

interface Refusal {
  readonly fix: string
  /** True for what cannot have been right before: it is a mistake in the settings. */
  readonly isWrong: boolean
}

const secret = 'docs/teams.md, "Certificate or secret", says how another one is made'

/**
 * Words by which Entra refuses the app a token, or the connector the app, and what the operator does. They do not pass by waiting
 * (https://learn.microsoft.com/entra/identity-platform/reference-error-codes).
 */
const refusals: Readonly<Record<string, Refusal>> = {
  AADSTS7000215: {
    fix: `TEAMS_APP_PASSWORD is not a secret of this app, or is its id: ${secret}`,
    isWrong: true,
  },
  AADSTS7000222: { fix: `the client secret has expired: ${secret}`, isWrong: false },
  AADSTS700016: {
    fix: 'there is no app TEAMS_APP_ID in the tenant TEAMS_TENANT_ID: compare both with the overview of the app registration',
    isWrong: true,
  },
  AADSTS90002: {
    fix: 'there is no tenant TEAMS_TENANT_ID: compare it with the overview of Entra',
    isWrong: true,
  },
  AADSTS900023: { fix: 'TEAMS_TENANT_ID is not the id of a tenant', isWrong: true },
  AADSTS700027: {
    fix: 'Entra does not know the certificate in TEAMS_CERTIFICATE_FILE, or it is over: upload one under "Certificates & secrets" of the app registration',
    isWrong: false,
  },
  AADSTS7000229: {
    fix: 'the app has no enterprise application in the tenant: grant admin consent under "API permissions"',
    isWrong: true,
  },
  AADSTS7000112: { fix: 'the app is disabled: enable its enterprise application in Entra', isWrong: false },
  AADSTS53003: {
    fix: 'a rule of Conditional Access keeps the app out: let whoever keeps those rules exempt it',
    isWrong: false,
  },
  Unauthorized: {
    fix: 'Teams does not take the token of the app: its Azure bot has to have the id of the app and its tenant',
    isWrong: false,
  },
  invalid_client: { fix: `Entra does not take how the app proves who it is: ${secret}`, isWrong: false },
  unauthorized_client: {
    fix: 'the app may not have tokens in this tenant: compare TEAMS_APP_ID and TEAMS_TENANT_ID with the app registration',
    isWrong: false,
  },
}

/** What each refusal means, for the operator. */
export const refusalFixes: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(refusals).map(([code, { fix }]) => [code, fix]),
)

/** The word of a fault of Teams', or of what it belongs to. */
export function codeOf(fault: unknown): string {
  return fault instanceof ConnectorFault ? fault.code : 'unexpected'
}

/** What somebody has to change before Teams takes us, or null when waiting may be enough. */
export function lastingFix(fault: unknown): string | null {
  return refusals[codeOf(fault)]?.fix ?? null
}

/** Whether it is a mistake in the settings, and nothing that may have become so since they were made. */
export function isWrong(fault: unknown): boolean {
  return refusals[codeOf(fault)]?.isWrong ?? false
}
