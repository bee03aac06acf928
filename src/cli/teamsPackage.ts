import { writeFileSync } from 'node:fs'
import { type Config, readConfig } from '../server/config.ts'
import { StartFault } from '../server/startFault.ts'
import { wrongWith } from '../teams/package/check.ts'
import { manifestOf } from '../teams/package/manifest.ts'
import { zipOf } from '../teams/package/zip.ts'
import { say } from './say.ts'

export interface PackageOptions {
  readonly out: string
  readonly name: string
  readonly appVersion: string
  readonly developer?: string
  readonly website?: string
  readonly privacy?: string
  readonly terms?: string
}

/** `countersign teams package`: the app for Teams, as one file to upload. */
export async function packageCommand(options: PackageOptions): Promise<number> {
  const manifest = manifestFor(readConfig(), options)
  const zip = await zipOf(manifest)
  try {
    writeFileSync(options.out, zip)
  } catch (cause) {
    throw new StartFault({
      problem: `${options.out} cannot be written.`,
      fix: 'Name a file in a directory that you may write to: --out countersign-teams.zip',
      cause,
    })
  }
  say(
    `${options.out}: version ${manifest.version} of the app ${manifest.id}, for the bot ${manifest.bots[0]?.botId}.`,
  )
  say(
    'Upload it in the Teams admin center ("Teams apps", "Manage apps", "Upload new app"), then add it to each team of the policy.',
  )
  return 0
}

/** @throws StartFault with everything that Teams would refuse, by the option that says it */
export function manifestFor(
  { teams, baseUrl }: Pick<Config, 'teams' | 'baseUrl'>,
  { name, appVersion, developer, ...pages }: Omit<PackageOptions, 'out'>,
): ReturnType<typeof manifestOf> {
  if (!teams)
    throw new StartFault({
      problem: 'TEAMS_APP_ID is not set, and the package is for that bot.',
      fix: 'Set the keys of Teams first: docs/teams.md.',
    })
  const page = (given: string | undefined) => given ?? baseUrl ?? ''
  const manifest = manifestOf({
    bot: teams.appId,
    name,
    version: appVersion,
    developer: {
      name: developer ?? name,
      website: page(pages.website),
      privacy: page(pages.privacy),
      terms: page(pages.terms),
    },
  })
  const wrong = wrongWith(manifest)
  if (wrong.length === 0) return manifest
  throw new StartFault({
    problem: `Teams would refuse this app:\n${wrong.map(asOption).join('\n')}`,
    fix: 'Correct those options. What is not given of the addresses is BASE_URL, which has to be https.',
  })
}

const optionOf: Readonly<Record<string, string>> = {
  '/name/short': '--name',
  '/name/full': '--name',
  '/version': '--app-version',
  '/developer/name': '--developer',
  '/developer/websiteUrl': '--website',
  '/developer/privacyUrl': '--privacy',
  '/developer/termsOfUseUrl': '--terms',
}

function asOption(wrong: string): string {
  const [place = '', ...says] = wrong.split(' ')
  return `${optionOf[place] ?? place} ${says.join(' ')}`
}
