import { ImportTickets } from '../../../edge/import/import-tickets'
import { EdgeState } from '../../../edge/store/state'

/** Run as a process of its own: accepts an import, says so, starts it, and waits to be killed. */
async function main(): Promise<void> {
  const state = await EdgeState.open(process.argv[2] ?? '')
  const tickets = await ImportTickets.open(state.part('imports'))
  const ticket = await tickets.add({ mrn: '10100000042', purpose: 'BTG', reason: 'pingsan' })
  await tickets.start(ticket)
  process.stdout.write(ticket.id)
  setInterval(() => undefined, 1_000)
}

void main()
