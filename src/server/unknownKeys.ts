import { didYouMean } from '../core/nearest.ts'

/** A key that says nothing to us, as a problem of the configuration. */
interface UnknownKey {
  readonly key: string
  readonly wrong: string
  readonly fix: string
}

/** A typo in `.env` must not silently switch something off. In the environment, others' keys are none of our business. */
export function unknownKeys(
  configKeys: readonly string[],
  {
    file,
    environment,
  }: { readonly file: Readonly<Record<string, string>>; readonly environment: NodeJS.ProcessEnv },
): readonly UnknownKey[] {
  const inFile = Object.keys(file).filter((key) => !configKeys.includes(key))
  const inEnvironment = Object.keys(environment).filter(
    (key) =>
      /^(SLACK|TEAMS|COUNTERSIGN)_/.test(key) &&
      !configKeys.includes(key) &&
      !isOfService(key, environment[key] ?? '') &&
      didYouMean(key, configKeys) !== '',
  )
  const problem = (key: string, where: string): UnknownKey => ({
    key,
    wrong: `is set in ${where}, but there is no such key.${didYouMean(key, configKeys)}`,
    fix: 'Correct or remove it; .env.example explains every key.',
  })
  return [
    ...inFile.map((key) => problem(key, '.env')),
    ...inEnvironment.map((key) => problem(key, 'the environment')),
  ]
}

/**
 * Kubernetes sets these in each container for every Service of its namespace, as Docker's links did before: of a Service
 * called `countersign`, COUNTERSIGN_SERVICE_HOST and COUNTERSIGN_PORT=tcp://10.0.0.9:3000 are two
 * (https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables).
 */
function isOfService(key: string, value: string): boolean {
  return (
    /_SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?$/.test(key) ||
    /_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(key) ||
    (/_PORT$/.test(key) && /^(tcp|udp|sctp):\/\//.test(value))
  )
}
