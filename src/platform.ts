import { PaddleError } from './errors.js'

export const systemsAdvice = 'Use Linux (x64 or arm64, with glibc) or macOS.'

/**
 * Checks that this system can run workers. Called before anything else, so that another system gets this
 * error and not one of a file or function that it lacks.
 *
 * @throws PaddleError PLATFORM_UNSUPPORTED
 */
export function checkPlatform({ platform, arch }: { platform: string; arch: string } = process): void {
  if (platform === 'linux' || platform === 'darwin') return
  if (platform === 'win32') {
    throw new PaddleError(
      'PLATFORM_UNSUPPORTED',
      `paddle-ts requires Linux or macOS, and this is Windows (${platform} ${arch}).`,
      { advice: 'Use WSL 2, which runs Linux on Windows: https://learn.microsoft.com/windows/wsl/install' },
    )
  }
  throw new PaddleError(
    'PLATFORM_UNSUPPORTED',
    `paddle-ts requires Linux or macOS, and this is ${platform}.`,
    {
      advice: systemsAdvice,
    },
  )
}
