/** As which app we speak, in which tenant, and where its services are. */
export interface TeamsAccess {
  /** The app's (client) id: the audience of what Teams sends us. */
  readonly appId: string
  /** The one tenant whose people are ours. */
  readonly tenant: string
  readonly credential: TeamsCredential
  readonly services: TeamsServices
}

/** How the app proves who it is when it asks for tokens. */
export type TeamsCredential =
  | { readonly kind: 'secret'; readonly secret: string }
  /** A private key in PEM, and the certificate that Entra knows. */
  | { readonly kind: 'certificate'; readonly privateKey: string; readonly certificate: string }

/** Addresses, without a trailing slash. */
export interface TeamsServices {
  /** Where the connector takes messages. Nothing that Teams sends changes it: our token goes nowhere else. */
  readonly connector: string
  /** Where the app gets its tokens. */
  readonly login: string
  /** Where people and groups are looked up. */
  readonly graph: string
  /** Where the keys are that sign what Teams sends us. */
  readonly keys: string
  /** Who has to have signed it. */
  readonly issuer: string
}

export const publicServices: TeamsServices = {
  connector: 'https://smba.trafficmanager.net/teams',
  login: 'https://login.microsoftonline.com',
  graph: 'https://graph.microsoft.com',
  keys: 'https://login.botframework.com/v1/.well-known/keys',
  issuer: 'https://api.botframework.com',
}
