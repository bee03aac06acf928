import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { routes } from '../src/http/routes.ts'
import { readyToActivate, sayUnready } from '../src/policyTools/activation/ready.ts'
import { configKeys, readConfig } from '../src/server/config.ts'
import { copyOf, environmentOf, execForm, isSent, readDockerfile } from './support/dockerfile.ts'

const folder = 'deploy/kubernetes'
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

/** The only document of a file; a key that stands twice, or anything else that YAML forbids, throws. */
function manifest(path: string) {
  const documents = parseAllDocuments(readFileSync(path, 'utf8'), { uniqueKeys: true, merge: false })
  if (!Array.isArray(documents) || documents.length !== 1) throw new Error(`${path} is not one document`)
  const [document] = documents
  if (!document || document.errors.length > 0) throw new Error(`${path}: ${document?.errors.join('; ')}`)
  return document.toJS()
}

/** The environment that a container has when its Secret is filled in. */
const filledSecret = {
  ...manifest(`${folder}/secret.example.yaml`).stringData,
  COUNTERSIGN_SECRET: 'x'.repeat(43),
  SLACK_BOT_TOKEN: 'xoxb-1-2-x',
  SLACK_SIGNING_SECRET: '0'.repeat(32),
}

const open = routes
  .filter((route) => route.method === 'GET' && ['anybody', 'operator if strict'].includes(route.credentials))
  .map(({ url }) => url)

describe('the Kubernetes manifests', () => {
  const deployment = manifest(`${folder}/deployment.yaml`)
  const service = manifest(`${folder}/service.yaml`)
  const policy = manifest(`${folder}/configmap.yaml`)
  const secret = manifest(`${folder}/secret.example.yaml`)
  const pod = deployment.spec.template.spec
  const [container] = pod.containers
  const environment = {
    ...filledSecret,
    ...Object.fromEntries(container.env.map((one: { name: string; value: string }) => [one.name, one.value])),
  }
  const volumeAt = (path: string) => {
    const mount = container.volumeMounts.find((one: { mountPath: string }) => one.mountPath === path)
    return { mount, volume: pod.volumes.find((one: { name: string }) => one.name === mount?.name) }
  }

  test('are one of each kind, and fit together by name and label', () => {
    expect(readdirSync(folder).map((name) => manifest(`${folder}/${name}`).kind)).toEqual([
      'ConfigMap',
      'Deployment',
      'Secret',
      'Service',
    ])
    const { labels } = deployment.spec.template.metadata
    expect(labels).toMatchObject(deployment.spec.selector.matchLabels)
    expect(labels).toMatchObject(service.spec.selector)
    expect(container.envFrom).toEqual([{ secretRef: { name: secret.metadata.name } }])
    expect(volumeAt(environment.POLICY_DIR).volume.configMap.name).toBe(policy.metadata.name)
  })

  test('run two replicas of this version, which the server is told by keys it knows', () => {
    expect(deployment.spec.replicas).toBe(2)
    expect(container.image).toBe(`countersign:${version}`)
    expect(Object.keys(environment).filter((key) => !configKeys.includes(key))).toEqual([])
    expect(readConfig(environment, '/nowhere/.env')).toMatchObject({
      port: container.ports[0].containerPort,
      host: '0.0.0.0',
      databaseUrl: secret.stringData.DATABASE_URL,
      secret: 'x'.repeat(43),
    })
  })

  test('migrate first, in a container that alone is given the address of the owner of the tables', () => {
    const [migrate, ...others] = pod.initContainers
    expect(others).toEqual([])
    expect(migrate).toMatchObject({ image: container.image, args: ['migrate'] })
    expect(migrate.securityContext).toEqual(container.securityContext)
    expect(migrate.envFrom).toEqual([
      ...container.envFrom,
      { secretRef: { name: 'countersign-owner', optional: true } },
    ])
    expect(JSON.stringify(secret)).not.toContain('MIGRATE_DATABASE_URL')
  })

  test('hold no secret, and the example lacks every value that would be one', () => {
    const { DATABASE_URL, ...others } = secret.stringData
    expect(DATABASE_URL).toContain(':PASSWORD@')
    expect(new Set(Object.values(others))).toEqual(new Set(['']))
    expect(container.env.map((one: { name: string }) => one.name)).not.toContain('DATABASE_URL')
  })

  test('ask after health where anybody may, and restart nothing because it is not ready', () => {
    const { startupProbe, livenessProbe, readinessProbe } = container
    for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
      expect(open).toContain(probe.httpGet.path)
      expect(probe.httpGet.port).toBe(container.ports[0].name)
    }
    expect([startupProbe, livenessProbe].map((probe) => probe.httpGet.path)).toEqual(['/healthz', '/healthz'])
    expect(readinessProbe.httpGet.path).toBe('/readyz')
    expect(service.spec.ports[0].targetPort).toBe(container.ports[0].name)
  })

  test('give a container nothing that it does not need', () => {
    expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false })
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(volumeAt(environment.DATA_DIR).volume.emptyDir).toBeDefined()
    expect(volumeAt(environment.POLICY_DIR).mount.readOnly).toBe(true)
  })

  test('mount a policy that may become active', () => {
    const { items } = volumeAt(environment.POLICY_DIR).volume.configMap
    expect(items.map((one: { key: string }) => one.key).sort()).toEqual(Object.keys(policy.data).sort())
    const files = new Map<string, string>(
      items.map((one: { key: string; path: string }) => [one.path, policy.data[one.key]]),
    )

    const readiness = readyToActivate(files)

    expect(readiness.ok ? [] : sayUnready(readiness)).toEqual([])
  })
})

describe('compose.yaml', () => {
  const { services } = manifest('compose.yaml')
  const server = services.countersign

  test('runs this version, told by keys it knows', () => {
    expect(server.image).toBe(`countersign:${version}`)
    expect(Object.keys(server.environment).filter((key) => !configKeys.includes(key))).toEqual([])
    const { POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD } = services.database.environment
    expect(server.environment.DATABASE_URL).toBe(
      `postgresql://${POSTGRES_USER}:${POSTGRES_PASSWORD}@database:5432/${POSTGRES_DB}`,
    )
  })

  test('starts it when the database is ready, with nothing to write but its data', () => {
    expect(server).toMatchObject({ read_only: true, cap_drop: ['ALL'], init: true })
    expect(server.security_opt).toEqual(['no-new-privileges:true'])
    expect(server.depends_on.database.condition).toBe('service_healthy')
    expect(server.volumes).toEqual([
      'countersign:/var/lib/countersign',
      './policies:/etc/countersign/policies:ro',
    ])
  })

  test('is reached from this machine only, and keeps passwords in a file that is not in the repository', () => {
    expect(server.ports).toEqual(['127.0.0.1:3000:3000'])
    expect(services.database.ports).toBeUndefined()
    expect(readFileSync('.gitignore', 'utf8').split('\n')).toContain('*.env')
  })
})

describe('the Dockerfile', () => {
  const stages = readDockerfile('Dockerfile')
  const last = stages.at(-1)?.steps ?? []
  const words = (instruction: string) => last.find((step) => step.instruction === instruction)?.words ?? ''
  const ignore = readFileSync('.dockerignore', 'utf8')
  const copies = stages.flatMap(({ steps }) =>
    steps.filter((step) => step.instruction === 'COPY').map((step) => copyOf(step.words)),
  )

  test('copies what is there and what is sent to it', () => {
    const sources = copies.filter(({ stage }) => stage === null).flatMap((copy) => copy.sources)
    expect(sources.length).toBeGreaterThan(5)
    expect(sources.filter((path) => !existsSync(path) || !isSent(path, ignore))).toEqual([])
  })

  test.each([
    '.env',
    'countersign.env',
    'compose.env',
    '.git',
    '.countersign',
    'node_modules',
    'dist',
    'src/store/prisma',
  ])('is never sent %s', (path) => {
    expect(isSent(path, ignore)).toBe(false)
  })

  test('runs as nobody special, without a shell, so that a stop reaches the server', () => {
    expect(words('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(execForm(words('ENTRYPOINT'))).toEqual(['node', '/app/dist/cli/main.js'])
    expect(execForm(words('CMD'))).toEqual(['start'])
  })

  test('tells the server by keys it knows, and writes to its data only', () => {
    const environment = environmentOf(words('ENV'))
    expect(Object.keys(environment).filter((key) => !configKeys.includes(key))).toEqual([])
    expect(environment.NODE_ENV).toBe('production')
    expect(words('VOLUME')).toBe(environment.DATA_DIR)
    expect(words('EXPOSE')).toBe(environment.PORT)
    expect(posix.isAbsolute(environment.POLICY_DIR ?? '')).toBe(true)
  })

  test('asks after its health where anybody may', () => {
    const [, , script] = execForm(words('HEALTHCHECK'))
    expect(open).toContain(/\$\{process\.env\.PORT\}(\/\w+)/.exec(script ?? '')?.[1])
  })

  test('leaves development behind: the last stage has packages that were installed without it', () => {
    const packages = stages.find(({ name }) => name === 'packages')?.steps ?? []
    expect(packages.find((step) => step.instruction === 'RUN')?.words).toContain('--omit=dev')
    expect(copies.filter((copy) => copy.sources.some((path) => path.endsWith('node_modules')))).toEqual([
      { stage: 'packages', sources: ['/packages/node_modules'], target: 'node_modules' },
    ])
  })
})
