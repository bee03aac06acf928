import { string } from '../conditions/valueType.ts'
import type { Reader, Reading } from './reader.ts'

const longest = 2_048

/**
 * `arn:partition:service:region:account:resource`, each part in the characters that AWS gives out. Wildcards are none of them: an
 * ARN with one names more than one thing.
 */
const form =
  /^arn:(aws|aws-cn|aws-us-gov|aws-iso|aws-iso-b|aws-iso-e|aws-iso-f|aws-eusc):([a-z0-9][a-z0-9-]{0,62}):([a-z]{2,}(?:-[a-z]+)+-\d{1,2}|):(\d{12}|aws|):([\x21-\x7e]+)$/

/** One thing at AWS by its full name (docs/policy.md#aws). `region` and `account` are "" where that kind of thing has none. */
export function readArn(text: string): Reading {
  if (text.length > longest) return { understood: false, why: `It is longer than ${longest} characters.` }
  const found = form.exec(text)
  if (!found) return { understood: false, why: 'It is not arn:partition:service:region:account:resource.' }
  const [, partition = '', service = '', region = '', account = '', resource = ''] = found
  if (/[*?$\\%"'`<>{}|^]/.test(resource))
    return { understood: false, why: 'It has a character that stands for more than itself.' }
  if (resource.split(/[:/]/).some((one) => one === '.' || one === '..'))
    return { understood: false, why: 'It has steps like `..`.' }
  return { understood: true, facts: { partition, service, region, account, resource } }
}

export const arnReader: Reader = {
  accepts: 'string',
  what: 'an ARN',
  facts: {
    partition: string,
    service: string,
    region: string,
    account: string,
    resource: string,
  },
  most: { text: longest, items: 0 },
  read: (value) =>
    typeof value === 'string' ? readArn(value) : { understood: false, why: 'It is not text.' },
}
