import type { Store } from '../../approvals/ports.ts'
import type { AuditorKey, OperatorKey } from '../../approvals/records.ts'
import type { Confirmation } from '../../core/confirmation.ts'
import type { PrismaClient } from '../prisma/client.ts'
import type { AuditorKeyModel, ConfirmationModel, OperatorKeyModel } from '../prisma/models.ts'
import { pageOf } from './page.ts'

type Reads = Pick<
  Store,
  'confirmation' | 'confirmationsAbout' | 'operatorKey' | 'operatorKeys' | 'auditorKey' | 'auditorKeys'
>

/** More than anybody reads. */
const enough = 100

export function readConfirmations({ confirmation, operatorKey, auditorKey }: PrismaClient): Reads {
  return {
    async confirmation(id) {
      const row = await confirmation.findUnique({ where: { id } })
      return row && confirmationOf(row)
    },
    async confirmationsAbout(subject) {
      const rows = await confirmation.findMany({ where: { subject }, orderBy: { id: 'desc' }, take: enough })
      return rows.map(confirmationOf)
    },
    async operatorKey(id) {
      const row = await operatorKey.findUnique({ where: { id } })
      return row && keyOf(row)
    },
    async operatorKeys() {
      const rows = await operatorKey.findMany({ orderBy: { id: 'asc' } })
      return rows.map(keyOf)
    },
    async auditorKey(id) {
      const row = await auditorKey.findUnique({ where: { id } })
      return row && keyOf(row)
    },
    async auditorKeys(page) {
      return (await auditorKey.findMany(pageOf(page))).map((row) => keyOf(row))
    },
  }
}

/** Each column holds what `confirmationRow` wrote, so its shape is known. */
function confirmationOf(row: ConfirmationModel): Confirmation {
  return {
    id: row.id,
    version: row.version,
    what: row.what as unknown as Confirmation['what'],
    asked: row.asked as unknown as Confirmation['asked'],
    shell: row.shell as unknown as Confirmation['shell'],
    via: row.via,
    state: row.state as Confirmation['state'], // the table's CHECK allows only these
    createdAt: row.createdAt.toISOString(),
    until: row.until.toISOString(),
  }
}

function keyOf<R extends OperatorKeyModel | AuditorKeyModel>({
  status,
  createdAt,
  endsAt,
  usedAt,
  ...row
}: R) {
  return {
    ...row,
    status: status as OperatorKey['status'] & AuditorKey['status'], // the CHECKs of both tables allow only these
    createdAt: createdAt.toISOString(),
    endsAt: endsAt.toISOString(),
    usedAt: usedAt?.toISOString() ?? null,
  }
}
