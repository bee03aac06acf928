import { storeContract } from './contract.ts'
import { jobKeys, openedToServe } from './opened.ts'

storeContract('the store on PostgreSQL, as the role that only serves', async () => {
  const open = await openedToServe()
  return { store: open.store, jobKeys: () => jobKeys(open) }
})
