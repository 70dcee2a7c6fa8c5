import { spawn } from 'node:child_process'

/** Running child processes; SIGINT or SIGTERM to this process kills them. */
const running = new Set()

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of running) child.kill('SIGKILL')
    process.kill(process.pid, signal)
  })
}

/** Starts a process that does not outlive this one. */
export function startChild(program, args, options) {
  const child = spawn(program, args, options)
  running.add(child)
  for (const event of ['exit', 'error']) child.once(event, () => running.delete(child))
  return child
}
