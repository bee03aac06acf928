import { isLoopback } from '../core/loopback.ts'
import { type Config, isSandbox } from './config.ts'

/** Something that works and is hardly meant so: for the greeting, the log and `doctor`. */
export interface ConfigWarning {
  readonly key: string
  readonly wrong: string
  readonly fix: string
}

/** What an operator should know about a configuration that is not refused. */
export function configWarnings(config: Config): readonly ConfigWarning[] {
  return [...baseUrlWarnings(config), ...previousSecretWarnings(config), ...ignoredWarnings(config)]
}

/** Whoever has the secret that was replaced can still sign deliveries. */
function previousSecretWarnings({ slack }: Config): readonly ConfigWarning[] {
  if (!slack?.previousSecret) return []
  const key = 'SLACK_SIGNING_SECRET_PREVIOUS'
  if (slack.appToken)
    return [
      {
        key,
        wrong: 'has no effect: Slack reaches this server through Socket Mode, where nothing is signed.',
        fix: 'Remove it.',
      },
    ]
  return [
    {
      key,
      wrong: 'is still set, so whoever knows the secret that was replaced can sign clicks.',
      fix: 'Remove it when countersign_slack_deliveries_total{secret="previous"} has not grown for a day.',
    },
  ]
}

/** Links stand in answers to agents, and people follow them. */
function baseUrlWarnings(config: Config): readonly ConfigWarning[] {
  const { baseUrl, host, port, production } = config
  const sandbox = isSandbox(config)
  const warning = (wrong: string, fix: string): ConfigWarning => ({ key: 'BASE_URL', wrong, fix })
  if (baseUrl === null) {
    if (sandbox) return []
    return [
      warning(
        `is not set, so links point to http://${host.includes(':') ? `[${host}]` : host}:${port}, which nobody else can open.`,
        'Set BASE_URL to the address at which agents and people reach this server, such as https://approvals.example.com.',
      ),
    ]
  }
  const { protocol, hostname, pathname } = new URL(baseUrl)
  const warnings: ConfigWarning[] = []
  if (protocol === 'http:' && (!sandbox || production) && !isLoopback(hostname.replace(/^\[|\]$/g, '')))
    warnings.push(
      warning(
        'is not https, so keys of agents travel in the clear.',
        'Put a proxy with TLS in front, and write its address: https://approvals.example.com.',
      ),
    )
  if (pathname !== '/')
    warnings.push(
      warning(
        `has the path ${pathname}, but this server answers at the root.`,
        'Leave the path out, unless a proxy in front removes it.',
      ),
    )
  return warnings
}

function ignoredWarnings({ ignored }: Config): readonly ConfigWarning[] {
  if (ignored.length === 0) return []
  return [
    {
      key: ignored.join(', '),
      wrong: `${ignored.length === 1 ? 'is' : 'are'} set in the environment and ${ignored.length === 1 ? 'has' : 'have'} no effect: DATABASE_URL says everything about the database.`,
      fix: 'Put what is meant into DATABASE_URL, or unset them.',
    },
  ]
}
