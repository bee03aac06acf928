import { type IdentityProviders, noIdentityProviders } from '../approvals/people/signIn.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import { identityProviders } from '../oidc/providers.ts'
import { type Provider, readProviders } from '../oidc/readProviders.ts'
import { documentReader } from '../outgoing/readDocument.ts'
import type { Config } from './config.ts'
import { readOperatorsFile } from './operatorsFile.ts'
import { packageVersion } from './package.ts'

/**
 * The providers of OIDC_FILE, or none where there is no such file configured.
 *
 * @throws StartFault with every problem of the file and its place
 */
export function providersOf({ oidcFile }: Pick<Config, 'oidcFile'>): readonly Provider[] {
  if (oidcFile === null) return []
  const { providers } = readOperatorsFile(
    {
      setting: 'OIDC_FILE',
      file: oidcFile,
      without: 'no ID token is believed',
      page: 'docs/sign-in.md',
    },
    readProviders,
  )
  return providers
}

/** Whose ID tokens are believed. `address` is where the outside reaches this server. */
export function identityProvidersOf(
  config: Pick<Config, 'oidcFile' | 'webhookAllow'>,
  { ages, address }: { readonly ages: AgeClock; readonly address: string },
): IdentityProviders {
  const providers = providersOf(config)
  if (providers.length === 0) return noIdentityProviders
  return identityProviders(providers, { read: keysReader(config, address), ages })
}

/** Reads the keys of a provider, under the rules for all that leaves this server. */
export function keysReader(
  { webhookAllow }: Pick<Config, 'webhookAllow'>,
  address: string,
): (url: string) => Promise<string> {
  return documentReader({
    opened: webhookAllow,
    ownOrigin: new URL(address).origin,
    version: packageVersion(),
  })
}
