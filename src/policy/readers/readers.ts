import type { ReaderName } from '../catalogue.ts'
import type { Reader } from './reader.ts'
import { shellReader } from './shell/shellReader.ts'

/** Who reads what a parameter declares in `reads`. */
export const readers: Readonly<Record<ReaderName, Reader>> = { shell: shellReader }
