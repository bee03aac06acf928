import { memoryStore } from '../support/memoryStore.ts'
import { storeContract } from './contract.ts'

storeContract('the memory store', async () => {
  const store = memoryStore()
  return { store, jobKeys: async () => [...store.jobs.keys()].toSorted() }
})
