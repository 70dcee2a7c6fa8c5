import { join } from 'node:path'
import { root } from './run.js'

/**
 * Each list of Python packages, and the file that `scripts/renew-hashes.js` writes: the same packages with
 * their hashes.
 */
export const lists = [
  {
    plain: 'requirements.txt',
    hashed: 'python/requirements-hashed.txt',
    purpose: 'what `paddle-ts setup` installs',
  },
  {
    plain: 'requirements-gpu.txt',
    hashed: 'python/requirements-gpu-hashed.txt',
    purpose: 'what `paddle-ts setup --device gpu --paddle-version 2.6.2` installs',
  },
  {
    plain: 'requirements-dev.txt',
    hashed: 'requirements-dev-hashed.txt',
    purpose: 'what tests and checks the Python code',
  },
  {
    plain: 'scripts/requirements-audit.txt',
    hashed: 'scripts/requirements-audit-hashed.txt',
    purpose: 'what `npm run check:audit` asks with',
  },
  {
    plain: 'bench/requirements.txt',
    hashed: 'bench/requirements-hashed.txt',
    purpose: 'what `npm run bench` converts networks with',
  },
]

/** The file with the packages of a list and their hashes. */
export function hashedFile(plain) {
  return join(root, lists.find((list) => list.plain === plain).hashed)
}
