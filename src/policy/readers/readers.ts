import type { ReaderName } from '../catalogue.ts'
import { arnReader } from './arn.ts'
import { awsReader } from './aws/awsReader.ts'
import { emailReader, emailsReader } from './email.ts'
import { manifestReader } from './kubernetes/manifestReader.ts'
import { pathReader } from './path.ts'
import type { Reader } from './reader.ts'
import { argvReader, shellReader } from './shell/shellReader.ts'
import { sqlReader } from './sql/sql.ts'
import { planReader } from './terraform/planReader.ts'
import { urlReader } from './url.ts'

/** Who reads what a parameter declares in `reads`. */
export const readers: Readonly<Record<ReaderName, Reader>> = {
  shell: shellReader,
  argv: argvReader,
  url: urlReader,
  email: emailReader,
  emails: emailsReader,
  path: pathReader,
  arn: arnReader,
  aws: awsReader,
  sql: sqlReader,
  terraform_plan: planReader,
  kubernetes: manifestReader,
}
