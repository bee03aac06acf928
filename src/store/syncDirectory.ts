import { closeSync, fsyncSync, openSync } from 'node:fs'

/**
 * The names in a directory are on disk when this returns, as `flush` sees to what stands in a file: without it a file that was just made may
 * be gone after a loss of power. A file system that cannot say so of a directory is believed.
 */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code !== 'EINVAL' && code !== 'ENOTSUP') throw error
  } finally {
    closeSync(directory)
  }
}
