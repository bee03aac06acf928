import type { Store } from '../../approvals/ports.ts'
import type { Webhook, WebhookDelivery } from '../../approvals/webhooks/records.ts'
import type { PrismaClient } from '../prisma/client.ts'
import type { WebhookDeliveryModel, WebhookModel } from '../prisma/models.ts'
import { pageOf } from './page.ts'

type Reads = Pick<Store, 'webhook' | 'webhooks' | 'webhookDelivery' | 'webhookDeliveries'>

export function readWebhooks({ webhook, webhookDelivery }: PrismaClient): Reads {
  return {
    async webhook(id) {
      const row = await webhook.findUnique({ where: { id } })
      return row && webhookOf(row)
    },
    async webhooks() {
      const rows = await webhook.findMany({ where: { status: 'active' }, orderBy: { id: 'asc' } })
      return rows.map(webhookOf)
    },
    async webhookDelivery(id) {
      const row = await webhookDelivery.findUnique({ where: { id } })
      return row && deliveryOf(row)
    },
    async webhookDeliveries({ state, request, ...page }) {
      const { where, ...order } = pageOf(page)
      const only = {
        ...where,
        ...(state !== undefined && { state }),
        ...(request !== undefined && { requestId: request }),
      }
      return (await webhookDelivery.findMany({ where: only, ...order })).map(deliveryOf)
    },
  }
}

/** As `webhookRow` wrote it. */
function webhookOf({ events, status, earlier, createdAt, ...row }: WebhookModel): Webhook {
  return {
    ...row,
    events: events as unknown as Webhook['events'],
    status: status as Webhook['status'], // the table's CHECK allows only these
    earlier: earlier as unknown as Webhook['earlier'],
    createdAt: createdAt.toISOString(),
  }
}

/** As `webhookDeliveryRow` wrote it. */
function deliveryOf(row: WebhookDeliveryModel): WebhookDelivery {
  const { webhookId, requestId, entryId, state, last, createdAt, endedAt, ...same } = row
  return {
    ...same,
    webhook: webhookId,
    request: requestId,
    entry: entryId,
    state: state as WebhookDelivery['state'], // the table's CHECK allows only these
    last: last as WebhookDelivery['last'],
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  }
}
