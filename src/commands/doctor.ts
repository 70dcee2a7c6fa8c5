import { boolean } from '../options/index.js'
import { commandOf } from './command.js'
import type { Check } from './doctor/check.js'
import { ownFlags } from './flags/option-flags.js'
import { groups, pythonFlag } from './flags/shared-flags.js'
import { printText } from './terminal/print.js'

interface DoctorArguments {
  readonly json?: boolean | undefined
  readonly python?: string | undefined
}

/** `paddle-ts doctor`: checks everything that inference requires, and changes nothing. */
export const doctorCommand = commandOf<DoctorArguments>({
  name: 'doctor',
  describe: 'Check everything that inference requires',
  guide: 'docs/environment.md',
  runsAnywhere: true,
  flags: {
    ...ownFlags(groups.answers, { json: [boolean, 'Print JSON'] }),
    python: {
      ...pythonFlag.python,
      describe: 'The Python to check [default: PADDLE_TS_PYTHON, else the managed one]',
    },
  },
  examples: [
    ['Check everything:', 'paddle-ts doctor'],
    ['For a program or a bug report:', 'paddle-ts doctor --json > doctor.json'],
    ['Check another Python:', 'paddle-ts doctor --python python3'],
  ],
  run: async ({ json, python }) => {
    const { examine } = await import('./doctor/examine.js')
    const checks = await examine({ python })
    const ok = checks.every(({ status }) => status !== 'failure')
    if (json) process.stdout.write(`${JSON.stringify({ ok, checks }, undefined, 2)}\n`)
    else printText(asText(checks))
    if (!ok) process.exitCode = 1
  },
})

/** One line per check, with its remedy below. */
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
