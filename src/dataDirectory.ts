import { accessSync, constants, mkdirSync } from 'node:fs'
import { StartFault } from './startFault.ts'

/**
 * Makes the data directory if it is not there yet: the secret, the sandbox and our own database live in it.
 *
 * @throws StartFault when nothing can be written there
 */
export function openDataDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
    accessSync(path, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new StartFault({
      problem: `The data directory ${path} cannot be written.`,
      mend: `Make it a directory that you own (chown -R "$USER" ${path}), or set DATA_DIR to one that is.`,
      cause,
    })
  }
}
