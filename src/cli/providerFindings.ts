import type { Finding } from '../channels/finding.ts'
import { publishedKeys, type ReadDocument } from '../oidc/keySet.ts'
import type { Provider } from '../oidc/readProviders.ts'

/** Each identity provider is asked for its keys. */
export function providerFindings(
  providers: readonly Provider[],
  read: ReadDocument,
): Promise<readonly Finding[]> {
  return Promise.all(
    providers.map(async ({ issuer, keys: url, people }) => {
      const name = `identity provider ${issuer}`
      try {
        const { keys } = await publishedKeys(url, read)
        const [signs, known] = [keys.length, Object.keys(people).length]
        const detail = `publishes ${signs} ${signs === 1 ? 'key' : 'keys'}; ${known} of its people ${known === 1 ? 'is' : 'are'} known here`
        return { name, ok: true, detail, fix: null }
      } catch (fault) {
        const why = fault instanceof Error ? fault.message : 'no answer'
        const fix =
          'Correct `keys` in OIDC_FILE; inside your network its range has to stand in WEBHOOK_ALLOW (docs/sign-in.md).'
        return { name, ok: false, detail: `${url}: ${why}`, fix }
      }
    }),
  )
}
