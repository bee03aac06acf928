/** New identifiers and salts: TypeIDs, sortable by time. */
export interface Ids {
  next(
    prefix:
      | 'req'
      | 'agt'
      | 'key'
      | 'per'
      | 'ent'
      | 'crd'
      | 'act'
      | 'rep'
      | 'cnf'
      | 'opk'
      | 'adk'
      | 'ptk'
      | 'dlg'
      | 'rsc'
      | 'set'
      | 'stp'
      | 'shd'
      | 'whk'
      | 'msg'
      | 'lse'
      | 'era'
      | 'note',
  ): string
  /** 16 random bytes, base64. */
  salt(): string
  /** 32 random bytes, base64url. */
  secret(): string
  /** The private key of a new RSA pair of 2048 bits, PKCS #8 in PEM. */
  rsaKey(): Promise<string>
}
