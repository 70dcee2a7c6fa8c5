import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { root } from '../helpers/project.js'

test('the soak, shortened to a tenth of a minute, loses no results and leaves no processes', async () => {
  const { stdout, stderr } = await execa('node', ['scripts/soak.js', '--minutes', '0.1'], { cwd: root })
  expect(stderr).toMatch(/^Seed \d+, 0\.1 minutes\n/)
  expect(stderr).toMatch(/\nNothing lost, nothing doubled, nothing wrong, nothing left\.$/)
  const [head, , ...rows] = stdout.split('\n')
  expect(head).toMatch(/^\| seconds \| runs \| aborted \| given up \| images \| kills \|/)
  expect(rows.length).toBeGreaterThan(10)
})

test('the soak rejects invalid arguments', async () => {
  const { exitCode, stderr } = await execa('node', ['scripts/soak.js', '--minutes', 'x'], {
    cwd: root,
    reject: false,
  })
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'Expected --minutes with a positive number, --seed with an integer.',
  })
})
