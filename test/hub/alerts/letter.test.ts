import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { sendLetter } from '../../../hub/alerts/letter'
import { testMessage } from '../../../hub/alerts/message'
import { NotDelivered } from '../../../hub/alerts/webhook'
import { Secret } from '../../../runtime/settings'

test('a mail server that says a word now and then, and never comes to an end, is given up', async () => {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    const words = setInterval(() => socket.write('220-wait\r\n'), 20)
    socket.on('error', () => undefined).once('close', () => clearInterval(words))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const sent = sendLetter(
      testMessage('hub', new Date()),
      ['duty@health.example'],
      { url: new Secret(url), from: 'lontar@health.example' },
      300,
    )
    await expect(sent).rejects.toThrow(new NotDelivered('The mail server took too long.'))
  } finally {
    for (const socket of sockets) socket.destroy()
    await new Promise((closed) => server.close(closed))
  }
})
