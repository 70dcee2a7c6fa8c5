import { boolean } from '../options/index.js'
import { commandOf } from './command.js'
import type { Check } from './doctor/check.js'
import { ownFlags } from './flags/option-flags.js'
import { groups, pythonFlag } from './flags/shared-flags.js'

interface DoctorArguments {
  readonly json?: boolean | undefined
  readonly python?: string | undefined
}

/** `paddle-ts doctor`: looks at everything that inference needs, changes nothing. */
export const doctorCommand = commandOf<DoctorArguments>({
  name: 'doctor',
  describe: 'Check Node, the system, the Python, Paddle, and a real inference',
  guide: 'docs/environment.md',
  flags: {
    ...ownFlags(groups.answers, { json: [boolean, 'Print the answer as JSON'] }),
    python: {
      ...pythonFlag.python,
      describe: 'Python to check [default: PADDLE_TS_PYTHON, else the managed one]',
    },
  },
  examples: [
    ['Look at everything:', 'paddle-ts doctor'],
    ['For a program, or a report of a bug:', 'paddle-ts doctor --json > doctor.json'],
    ['Of another Python:', 'paddle-ts doctor --python python3'],
  ],
  run: async ({ json, python }) => {
    const { examine } = await import('./doctor/examine.js')
    const checks = await examine({ python })
    const ok = checks.every(({ status }) => status !== 'failure')
    process.stdout.write(json ? `${JSON.stringify({ ok, checks }, undefined, 2)}\n` : asText(checks))
    if (!ok) process.exitCode = 1
  },
})

/** One line for each check; its remedy below it. */
function asText(checks: readonly Check[]): string {
  const widest = Math.max(...checks.map(({ name }) => name.length))
  const indent = ' '.repeat('failure  '.length + widest + 2)
  return checks
    .map(({ name, status, detail, remedy }) => {
      const lines = [...detail.split('\n'), ...(remedy?.split('\n') ?? [])]
      return `${status.padEnd(9)}${name.padEnd(widest + 2)}${lines.join(`\n${indent}`)}\n`
    })
    .join('')
}
