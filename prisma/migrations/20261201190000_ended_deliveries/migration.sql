-- What has ended is removed by age, a few at a time (docs/webhooks.md): found without reading what is to stay.
CREATE INDEX webhook_deliveries_ended_at_idx ON webhook_deliveries (state, ended_at) WHERE ended_at IS NOT NULL;
COMMENT ON INDEX webhook_deliveries_ended_at_idx IS 'forgetDeliveries(): the ones that ended first.';
