import { loadKoffi } from '../../../load-koffi.js'

const LOCK_EX = 2
const LOCK_NB = 4

let flock: ((descriptor: number, operation: number) => number) | undefined

/**
 * Locks a file for this process by `flock(2)`. The system releases the lock when the process ends, however it
 * ends.
 *
 * @returns false if another process holds the lock; true on a file system without locks
 */
export function lockFile(descriptor: number): boolean {
  const koffi = loadKoffi()
  flock ??= koffi
    .load(process.platform === 'linux' ? 'libc.so.6' : 'libSystem.B.dylib')
    .func('int flock(int fd, int operation)')
  return flock(descriptor, LOCK_EX | LOCK_NB) === 0 || koffi.errno() !== koffi.os.errno['EAGAIN']
}
