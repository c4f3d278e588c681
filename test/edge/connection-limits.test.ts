import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { CONNECTION_LIMITS } from '../../edge/connection-limits'
import { startEdge } from '../support/edge'

test('a computer that opens connections without end keeps nobody else out', async () => {
  // No hub is there, and none is needed.
  const edge = await startEdge('101', 'http://127.0.0.1:9')
  const { hostname, port } = new URL(edge.url)
  const { connectionsOfAddress = 0 } = CONNECTION_LIMITS
  const open = new Set<Socket>()
  let cutOff = 0
  let isEnough = () => {}
  const enough = new Promise<void>((resolve) => {
    isEnough = resolve
  })
  const beyond = 20
  for (let n = 0; n < connectionsOfAddress + beyond; n++) {
    const socket = connect({ port: Number(port), host: hostname, localAddress: '127.0.0.2' })
    open.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => {
      open.delete(socket)
      if (++cutOff === beyond) isEnough()
    })
    await Promise.race([once(socket, 'connect'), once(socket, 'close')])
  }
  await enough
  expect(open.size).toBe(connectionsOfAddress)
  expect((await edge.ask('/healthz')).status).toBe(200)
  for (const socket of open) socket.destroy()
  await edge.remove()
}, 60_000)
