import '../helpers/nothing-left.js'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { makeProject, type Project } from '../helpers/project.js'

let project: Project
beforeAll(async () => {
  project = await makeProject()
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

const note = 'Using the built-in model for printed characters (0–9, A–Z); choose another with --model-dir.'
const infer = 'paddle-ts infer --img-path images/demo.jpg'

describe('--quiet', () => {
  test('omits notes, but no results', async () => {
    const told = await project.shell(infer)
    expect(
      told.stderr.startsWith(`${note}\nWarning: images/demo.jpg does not look like a single character, `),
    ).toBe(true)
    expect(told.exitCode).toBe(0)
    expect(told.stdout).toMatch(/^image_name: images\/demo\.jpg, class_id: \d+, prob: [\d.e-]+, label: \w$/)
    expect(await project.shell(`${infer} --quiet`)).toEqual({ ...told, stderr: '' })
  })

  test('prints errors and requested output, but no progress', async () => {
    const failed = await project.shell(`${infer} no.jpg --output a.jsonl -q`)
    expect(failed).toEqual({ stdout: '', stderr: '1 of 2 images failed.', exitCode: 1 })
    const timed = await project.shell(`${infer} -q --benchmark`, { FORCE_COLOR: '1' })
    expect(timed.stderr).toMatch(/^┌.*\n│ step {8}│ +all images \(ms\) │/)
    expect(timed.stderr).not.toContain('\u001B')
    const exported = await project.shell('paddle-ts export --model LeNet --save-inference-dir out --quiet')
    expect(exported).toEqual({ stdout: 'inference model has been saved into out', stderr: '', exitCode: 0 })
  })
})

describe('colours', () => {
  const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
  const source = `
    const { showProgress } = await import(${JSON.stringify(file('dist/commands/terminal/progress.js'))})
    await showProgress(async (tell) => tell({ step: 'Working' }))`
  const onTerminal = async (env: Readonly<Record<string, string>>): Promise<string> => {
    const node = [process.execPath, '--input-type=module', '-e', source]
    return (await execa('python3', [file('tests/helpers/on_terminal.py'), '100', ...node], { env })).stdout
  }
  const colour = expect.stringMatching(/\[(?:3|9)\d(?:;\d+)*m/)

  test('are used on a terminal, but not with NO_COLOR', async () => {
    expect(await onTerminal({ FORCE_COLOR: '1' })).toEqual(colour)
    expect(await onTerminal({ FORCE_COLOR: '1', NO_COLOR: '1' })).not.toEqual(colour)
  })

  test('are not used in a pipe', async () => {
    const { stdout, stderr } = await project.shell('paddle-ts doctor --python /no/python')
    expect(stdout + stderr).toContain('failure')
    expect(stdout + stderr).not.toContain('\u001B')
  })
})
