import { expect, test } from '@jest/globals'
import { paddleTs } from '../helpers/command-line.js'
import { makeNets } from '../helpers/nets.js'

test('NODE_DEBUG=paddle-ts logs the communication between Node and its worker', async () => {
  await using nets = await makeNets()
  const command = ['benchmark', '--model-dir', nets.heavy, '--runs', '1', '--warmup', '1']
  const { exitCode, stderr } = await paddleTs(command, { env: { NODE_DEBUG: 'paddle-ts' } })
  expect(exitCode).toBe(0)
  const lines = stderr.split('\n').flatMap((line) => /^PADDLE-TS \d+: (.*)$/.exec(line)?.[1] ?? [])
  const patterns = [
    /^worker (\d+): started \/.*\/python\S*, with descriptors \d+(?:, \d+)+$/,
    /^worker \d+: call hello > \{"whole":false\}$/,
    /^worker \d+: call hello < \(\d+\.\d ms\) \{"ok": true, "value": \{"paddle": /,
    /^worker \d+: call create > \{"format":"pdmodel","program":"/,
    /^worker \d+: call create < \(\d+\.\d ms\) \{"ok": true, "value": \{"inputs": /,
    /^worker \d+: call serve > \{"runChannel":3,/,
    /^memory \d+: grown to 4096 bytes$/,
    /^worker \d+: run channel > 1 \{"model":0,"lane":\d,"inputBytes":4096,.*"feeds":\[\{"name":"x","dtype":"float32","shape":\[1,1024\],"offset":0\}\]\}$/,
    /^worker \d+: run channel < 1 \{"need": 4096\}$/,
    /^worker \d+: run channel > 1 \{"outputBytes":4096\}$/,
    /^worker \d+: run channel < 1 \{"outputs": \[\{"name": /,
    /^worker \d+: ended (?:SIGTERM|exit code 0)$/,
  ]
  expect(patterns.filter((pattern) => !lines.some((line) => pattern.test(line)))).toEqual([])
})

test('infer uses the prewarmed worker, and starts no other', async () => {
  const command = ['infer', '--img-path', 'images/characters/5-shadow.jpg', '--json']
  const { exitCode, stderr } = await paddleTs(command, { env: { NODE_DEBUG: 'paddle-ts' } })
  expect(exitCode).toBe(0)
  const lines = stderr
    .split('\n')
    .flatMap((line) => /^PADDLE-TS \d+: worker \d+: (.*)$/.exec(line)?.[1] ?? [])
  const counted = ['started ', 'call hello > ', 'call create > ', 'ended '].map(
    (beginning) => lines.filter((line) => line.startsWith(beginning)).length,
  )
  expect(counted).toEqual([1, 1, 1, 1])
})

test('without NODE_DEBUG, nothing is logged', async () => {
  await using nets = await makeNets()
  const { exitCode, stderr } = await paddleTs(['inspect', '--model-dir', nets.heavy])
  expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('PADDLE-TS')])
})
