// Whatever is bundled into our files travels with its licence.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The text of a licences file, from esbuild's list of what went into a bundle. @throws when a package has no licence file */
export function licensesOf(metafile, root) {
  const paths = Object.keys(metafile.inputs).map((path) => path.replaceAll('\\', '/'))
  const folders = paths.map((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0])
  const unique = [...new Set(folders.filter((folder) => folder !== undefined))].sort()
  return unique.map((folder) => licenseIn(join(root, folder))).join('\n')
}

function licenseIn(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one))
  if (file === undefined) throw new Error(`${name} has no licence file`)
  const text = readFileSync(join(folder, file), 'utf8').trim()
  return `=== ${name} ${version} (${license})\n\n${text}\n`
}
