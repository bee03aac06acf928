import { ConnectorFault } from './fault.ts'

/** How Entra and the connector say that they do not take our app, and what the operator does about it. */
export const refusalsOfApp: Readonly<Record<string, string>> = {
  AADSTS700016: 'there is no app TEAMS_APP_ID in the tenant TEAMS_TENANT_ID: correct one of the two',
  AADSTS90002: 'there is no tenant TEAMS_TENANT_ID: correct it',
  AADSTS900023: 'TEAMS_TENANT_ID is not the id of a tenant: correct it',
  AADSTS7000229:
    'the app has no enterprise application in the tenant: grant admin consent under "API permissions"',
  AADSTS7000215: 'TEAMS_APP_PASSWORD is not its secret: give the value of a client secret, not its id',
  AADSTS7000222: 'the client secret is over: make another one and put it into TEAMS_APP_PASSWORD',
  AADSTS700027:
    'the certificate of TEAMS_CERTIFICATE_FILE is not the one that is registered, or is over: upload it to the app',
  AADSTS53003: 'a rule of Conditional Access keeps the app out: let whoever keeps those rules exempt it',
  AADSTS7000112: 'the app is disabled in the tenant: enable it',
  invalid_client: 'the client secret or certificate is not taken: give another one',
  unauthorized_client: 'the app is not taken: see TEAMS_APP_ID and TEAMS_TENANT_ID',
  Unauthorized:
    'Teams does not take the token of the app: let its Azure bot have the app’s id and its tenant',
}

/** What cannot have been right before: a mistake in the settings, and nothing that has become so since they were made. */
const mistakes: readonly string[] = ['AADSTS700016', 'AADSTS90002', 'AADSTS900023', 'AADSTS7000215']

/** The word of a fault of Teams', or of what it belongs to. */
export function codeOf(fault: unknown): string {
  return fault instanceof ConnectorFault ? fault.code : 'unexpected'
}

/** What somebody has to change before Teams takes us, or null when waiting may be enough. */
export function lastingFix(fault: unknown): string | null {
  return refusalsOfApp[codeOf(fault)] ?? null
}

/** Whether the settings are wrong, and were when they were made. */
export function isMistake(fault: unknown): boolean {
  return mistakes.includes(codeOf(fault))
}
