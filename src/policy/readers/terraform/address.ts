import { NotUnderstood, quoted } from '../notUnderstood.ts'

/** Characters of an address; Terraform has no limit, and people none that long. */
export const longestAddress = 500

/** What an address says: `module.net["a"].data.aws_vpc.main[0]`. */
export interface Address {
  /** `module.net["a"]`, or `""` for the root. */
  readonly module: string
  readonly isData: boolean
  readonly type: string
}

const index = String.raw`\[(?:\d+|"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x21-\x7e])*")\]`
const name = '[A-Za-z_][A-Za-z0-9_-]*'
const form = new RegExp(
  `^((?:module\\.${name}(?:${index})?\\.)*)(data\\.)?(?!module\\.)(?!data\\.)(${name})\\.(${name})(?:${index})?$`,
)

/** @throws NotUnderstood for what Terraform would not write, and for a character beyond ASCII, which can look like another */
export function addressIn(text: string, where: string): Address {
  if (text.length > longestAddress)
    throw new NotUnderstood(`An address is longer than ${longestAddress} characters (${where}).`)
  const found = form.exec(text)
  if (!found) throw new NotUnderstood(`${quoted(text)} is not an address of a resource (${where}).`)
  const [, modules = '', data, type = ''] = found
  return { module: modules.replace(/\.$/, ''), isData: data !== undefined, type }
}
