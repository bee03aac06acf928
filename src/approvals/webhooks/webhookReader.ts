import type { DeliveryQuery } from '../queries.ts'
import type { Webhook, WebhookDelivery } from './records.ts'

/** Who is told of what happens, and what was sent to them. */
export interface WebhookReader {
  webhook(id: string): Promise<Webhook | null>
  /** Those that were not removed. */
  webhooks(): Promise<readonly Webhook[]>
  webhookDelivery(id: string): Promise<WebhookDelivery | null>
  /** A page, newest first. */
  webhookDeliveries(query: DeliveryQuery): Promise<readonly WebhookDelivery[]>
}
