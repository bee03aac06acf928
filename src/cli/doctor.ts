import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Finding } from '../channels/finding.ts'
import { checkOwners } from '../channels/owners.ts'
import { readyHere } from '../parsing/here.ts'
import type { Bundle } from '../policy/bundle.ts'
import { sayUnready } from '../policyTools/activation/ready.ts'
import { type Config, ConfigError, isSandbox, readConfig } from '../server/config.ts'
import { type ConfigWarning, configWarnings } from '../server/configWarnings.ts'
import { targetsOf } from '../server/credentialTargets.ts'
import { openDataDirectory } from '../server/dataDirectory.ts'
import { keysReader, providersOf } from '../server/identityProviders.ts'
import { originOf } from '../server/listening.ts'
import { outgoingToLook } from '../server/outgoing.ts'
import { readRunning } from '../server/running.ts'
import { StartFault } from '../server/startFault.ts'
import { streamsOf } from '../server/streams.ts'
import { readBundleDirectory } from '../store/bundleDirectory.ts'
import { checkDatabase } from '../store/doctor.ts'
import { holdsDatabase } from '../store/embedded/place.ts'
import { startEmbedded } from '../store/embedded.ts'
import { StoreFault } from '../store/fault.ts'
import { readSigningKeys } from '../store/keysSeen.ts'
import { type OwnedAgent, readOwners } from '../store/owners.ts'
import { sealWith } from '../store/seal.ts'
import { isBeingReplaced, knownSecret } from '../store/secretFile.ts'
import { anchorFindings } from './anchors.ts'
import { conclusionOf } from './conclusion.ts'
import { directoryToLook, saysOfChannel, teamsToLook } from './directoryToLook.ts'
import { issuerFindings, keyFindings } from './keyFindings.ts'
import { ledgerFindings } from './ledgerFindings.ts'
import { lookedAt } from './lookedAt.ts'
import { onCallFindings } from './onCallFindings.ts'
import { openFindings } from './openFindings.ts'
import { providerFindings } from './providerFindings.ts'
import { causeLine, paint, say } from './say.ts'
import { slackFindings } from './slackFindings.ts'
import { accessToLook } from './slackToLook.ts'
import { streamFindings } from './streamFindings.ts'
import { targetFindings } from './targetFindings.ts'
import { teamsFindings } from './teamsFindings.ts'

/** The findings say it all. */
const silent = pino({ level: 'silent' })

/** Looks at everything that has to be right, whatever else is wrong, and says what fixes it. Exit code 1 if anything is wrong. */
export async function doctor(): Promise<number> {
  const findings: Finding[] = []
  const report = (more: readonly Finding[]) => {
    for (const finding of more) show(finding)
    findings.push(...more)
  }
  const config = configuration(report)
  if (config) {
    report(configWarnings(config).map(warningFinding))
    const bundle = await policy(config, report)
    report(await database(config))
    report(issuerFindings(config.baseUrl ?? readRunning(config.dataDir)?.url ?? originOf(config)))
    report(await signingKeys(config))
    report(await ledgerFindings(config))
    report(secretFindings(config))
    if (config.slack || isSandbox(config)) report(await slack(config, bundle))
    report(await teams(config, bundle))
    if (bundle) report(await onCallFindings(config, bundle, new Date()))
    report(await owners(config))
    report(await credentialTargets(config))
    report(await streams(config))
    report(await anchors(config))
    report(await signIns(config))
  }
  say()
  say(conclusionOf(findings))
  return findings.every(({ ok }) => ok) ? 0 : 1
}

function show({ ok, look, name, detail, fix }: Finding): void {
  const mark = !ok ? paint('red', '✗') : look ? paint('yellow', '?') : paint('green', '✓')
  say(`${mark} ${paint('bold', name)}  ${detail}`)
  if ((look || !ok) && fix) say(`    ${fix}`)
}

type Report = (findings: readonly Finding[]) => void

function configuration(report: Report): Config | null {
  try {
    const config = readConfig()
    report([{ name: 'configuration', ok: true, detail: waysOf(config), fix: null }])
    return config
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    report(
      error.problems.map(({ key, wrong, fix }) => ({
        name: `configuration ${key}`,
        ok: false,
        detail: wrong,
        fix,
      })),
    )
    return null
  }
}

/** How people are reached. */
function waysOf({ slack, teams }: Config): string {
  const ways = [
    ...(slack ? [slack.appToken ? 'Slack through Socket Mode' : 'Slack over HTTP'] : []),
    ...(teams ? ['Teams'] : []),
  ]
  return ways.length > 0 ? ways.join(' and ') : 'the sandbox'
}

async function policy(config: Config, report: Report): Promise<Bundle | null> {
  try {
    const readiness = await readyHere(readBundleDirectory(config.policyDir))
    if (readiness.ok) {
      const { bundle } = readiness
      const detail = `${bundle.name}, ${bundle.rules.length} rules, ${bundle.digest.slice(0, 19)}…`
      report([{ name: 'policy', ok: true, detail, fix: null }])
      return bundle
    }
    const fix = `Edit it in ${config.policyDir}; countersign policy lint ${config.policyDir} shows the place.`
    report(sayUnready(readiness).map((detail) => ({ name: 'policy', ok: false, detail, fix })))
  } catch (fault) {
    report([findingOf('policy', fault)])
  }
  return null
}

/** What works, and is hardly meant so: a variable that does nothing harms nobody. */
function warningFinding({ key, wrong, fix }: ConfigWarning): Finding {
  const look = key === 'SLACK_SIGNING_SECRET_PREVIOUS'
  return { name: `configuration ${key}`, ok: key !== 'BASE_URL', ...(look && { look }), detail: wrong, fix }
}

async function database(config: Config): Promise<readonly Finding[]> {
  const name = 'database'
  try {
    if (!config.databaseUrl)
      return [
        { name, ok: true, detail: await ownDatabase(config.dataDir), fix: null },
        ...(await openInOwn(config.dataDir)),
      ]
    const seen = await checkDatabase(config.databaseUrl, silent)
    const { detail, lacks, mayRewrite } = seen
    if (lacks.length === 0)
      return [{ name, ok: true, detail, fix: null }, ...(mayRewrite ? [oneRole] : []), ...openFindings(seen)]
    return lacks.map(({ problem, fix }) => ({ name, ok: false, detail: problem, fix }))
  } catch (fault) {
    return [findingOf(name, fault)]
  }
}

/** No fault: many databases have one role. It only has to be known. */
const oneRole: Finding = {
  name: 'database role',
  ok: true,
  detail: 'the role in DATABASE_URL could change or remove what is recorded',
  fix: 'Let the server work as a role of its own: docs/operations.md, "Two roles".',
  look: true,
}

/** Only while a server runs it: doctor starts nothing. */
async function openInOwn(dataDir: string): Promise<readonly Finding[]> {
  if (!readRunning(dataDir)) return []
  const { url, stop } = await startEmbedded({ dataDir, log: silent, beside: true })
  try {
    return openFindings(await checkDatabase(url, silent))
  } finally {
    await stop()
  }
}

async function ownDatabase(dataDir: string): Promise<string> {
  if (existsSync(dataDir)) openDataDirectory(dataDir) // looked at, not made
  const what = `our own PostgreSQL in ${dataDir}`
  if (readRunning(dataDir)) return `${what}, running`
  return holdsDatabase(dataDir) ? `${what}, not running` : `${what}, created by the first start`
}

async function slack(config: Config, bundle: Bundle | null): Promise<readonly Finding[]> {
  try {
    return await slackFindings(config, bundle, silent)
  } catch (fault) {
    return [findingOf('Slack', fault)]
  }
}

async function teams(config: Config, bundle: Bundle | null): Promise<readonly Finding[]> {
  try {
    return await teamsFindings(config, bundle, new Date())
  } catch (fault) {
    return [findingOf('Teams', fault)]
  }
}

/** Whatever is wrong with the database or with a channel was said before. */
async function owners(config: Config): Promise<readonly Finding[]> {
  try {
    const agents = await ownedAgents(config)
    if (agents.length === 0) return []
    const access = {
      slack: config.slack || isSandbox(config) ? await accessToLook(config) : null,
      teams: teamsToLook(config),
    }
    return await checkOwners(agents, {
      directory: () => directoryToLook(access, silent),
      saysOf: saysOfChannel,
    })
  } catch (fault) {
    if (fault instanceof StoreFault || fault instanceof StartFault) return []
    throw fault
  }
}

/** Each target of CREDENTIALS_FILE. */
async function credentialTargets(config: Config): Promise<readonly Finding[]> {
  try {
    return await targetFindings(targetsOf(config, { installation: 'wsp_doctor', signer: null }))
  } catch (fault) {
    return [findingOf('credentials', fault)]
  }
}

/** Each stream of STREAMS_FILE. */
async function streams(config: Config): Promise<readonly Finding[]> {
  try {
    const address = config.baseUrl ?? originOf(config)
    return await streamFindings(
      streamsOf(config).sinks({ outgoing: outgoingToLook(config, address), out: process.stdout }),
    )
  } catch (fault) {
    return [findingOf('streams', fault)]
  }
}

/** Each anchor of ANCHORS_FILE. */
async function anchors(config: Config): Promise<readonly Finding[]> {
  try {
    return await anchorFindings(config)
  } catch (fault) {
    return [findingOf('anchors', fault)]
  }
}

/** Each provider of OIDC_FILE. */
async function signIns(config: Config): Promise<readonly Finding[]> {
  try {
    const address = config.baseUrl ?? originOf(config)
    return await providerFindings(providersOf(config), keysReader(config, address))
  } catch (fault) {
    return [findingOf('identity providers', fault)]
  }
}

/** Whatever is wrong with the database was said before. */
async function signingKeys(config: Config): Promise<readonly Finding[]> {
  try {
    const keys = await lookedAt(config, readSigningKeys)
    if (!keys) return []
    const secret = knownSecret(config.dataDir, config.secret)
    const { keyDays } = config
    return await keyFindings(keys, { sealer: secret && sealWith(secret), keyDays, now: new Date() })
  } catch (fault) {
    if (fault instanceof StoreFault || fault instanceof StartFault) return []
    throw fault
  }
}

function secretFindings({ dataDir }: Config): readonly Finding[] {
  if (!isBeingReplaced(dataDir)) return []
  const detail = `${join(dataDir, 'secret.next')} is there: replacing the secret was begun and not finished`
  const fix = 'Stop the servers and run countersign secret rotate again; it takes that one.'
  return [{ name: 'secret', ok: true, look: true, detail, fix }]
}

async function ownedAgents(config: Config): Promise<readonly OwnedAgent[]> {
  return (await lookedAt(config, readOwners)) ?? []
}

function findingOf(name: string, fault: unknown): Finding {
  if (!(fault instanceof StoreFault || fault instanceof StartFault)) throw fault
  const cause = causeLine(fault)
  return {
    name,
    ok: false,
    detail: cause === null ? fault.message : `${fault.message} (${cause})`,
    fix: fault.fix,
  }
}
