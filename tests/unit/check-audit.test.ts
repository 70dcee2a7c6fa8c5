import { expect, test } from '@jest/globals'

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
