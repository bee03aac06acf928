import type { LedgerReader } from '../../src/approvals/ledger/ledgerReader.ts'

/** That of a server whose ledger has not begun. */
export const noLedger: LedgerReader = {
  head: async () => null,
  leaf: async () => null,
  run: async () => [],
  entries: async () => [],
}
