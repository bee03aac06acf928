import { storeContract } from './contract.ts'
import { jobKeys, opened } from './opened.ts'

storeContract('the store on PostgreSQL', async () => {
  const open = await opened()
  return { store: open.store, jobKeys: () => jobKeys(open) }
})
