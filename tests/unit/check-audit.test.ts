import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { root } from '../helpers/project.js'

interface Audit {
  readonly npmFindings: (output: string) => string[] | undefined
  readonly pipFindings: (output: string) => string[] | undefined
}

const script = '../../scripts/check-audit.js'
const { npmFindings, pipFindings } = (await import(script)) as Audit

const npm = (severity: string): string =>
  JSON.stringify({
    vulnerabilities: { left: { name: 'left', severity, range: '<1.2.3' } },
    metadata: { vulnerabilities: {} },
  })
const pip = (...dependencies: object[]): string => JSON.stringify({ dependencies, fixes: [] })

test.each([
  ['high', ['left <1.2.3 (high)']],
  ['critical', ['left <1.2.3 (critical)']],
  ['moderate', []],
])('what npm finds: %s', (severity, findings) => {
  expect(npmFindings(npm(severity))).toEqual(findings)
})

test('what pip-audit finds', () => {
  const bad = { name: 'pillow', version: '1.0', vulns: [{ id: 'PYSEC-1' }, { id: 'PYSEC-2' }] }
  expect(pipFindings(pip({ name: 'h11', version: '0.16.0', vulns: [] }))).toEqual([])
  expect(pipFindings(pip({ name: 'x', skip_reason: 'not found' }, bad))).toEqual([
    'pillow 1.0 (PYSEC-1)',
    'pillow 1.0 (PYSEC-2)',
  ])
})

test.each(['', 'garbage', '{"message":"405 Method Not Allowed","error":{}}'])(
  'npm could not ask: %s',
  (output) => {
    expect(npmFindings(output)).toBeUndefined()
  },
)

test.each(['', pip(), pip({ name: 'x', skip_reason: 'Dependency not found on PyPI' })])(
  'pip-audit could not ask: %s',
  (output) => {
    expect(pipFindings(output)).toBeUndefined()
  },
)

test('a list of which pip cannot install a package fails', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'audit-'))
  await cp(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true })
  for (const name of ['dist', 'node_modules', 'package.json', 'python', 'requirements.txt']) {
    await symlink(join(root, name), join(folder, name))
  }
  const hash = '0'.repeat(64)
  await writeFile(
    join(folder, 'scripts/requirements-audit-hashed.txt'),
    `pip-audit==2.9.0 --hash=sha256:${hash}\n`,
  )
  const { exitCode, stderr } = await execa('node', [join(folder, 'scripts/check-audit.js')], {
    ...{ reject: false, stdin: 'ignore', env: { PIP_NO_INDEX: '1', PIP_FIND_LINKS: '' } },
  })
  expect(stderr.split('\n')).toEqual([
    'Installing the packages of scripts/requirements-audit.txt',
    'ERROR: Could not find a version that satisfies the requirement pip-audit==2.9.0 (from versions: none)',
    'ERROR: No matching distribution found for pip-audit==2.9.0',
    `${folder}/.cache/pip-audit/bin/python -m pip install ended with 1.`,
  ])
  expect(exitCode).toBe(1)
  await rm(folder, { recursive: true })
})
