import { readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import { shipped } from './check.ts'

/**
 * The package: the manifest and both icons, flat, as Teams wants it. The same manifest makes the same bytes, on every machine: nothing is
 * compressed, no moment and no user stands in it.
 */
export async function zipOf(manifest: object): Promise<Buffer> {
  const zip = new ZipFile()
  // Written as the local time that it is here, so it is made of local time.
  const mtime = new Date(2020, 0, 1)
  const add = (content: Buffer, name: string) => zip.addBuffer(content, name, { ...same, mtime })
  add(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), 'manifest.json')
  for (const icon of ['color.png', 'outline.png']) add(readFileSync(new URL(icon, shipped)), icon)
  zip.end()
  return buffer(zip.outputStream)
}

const same = { mode: 0o100644, compress: false, forceDosTimestamp: true } as const
