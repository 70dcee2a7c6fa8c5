import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { requirementsFile } from '../package-files.js'

/** The pinned packages of the default environment. */
export interface Requirements {
  /** Changes with the file's text. */
  readonly hash: string
  /** The version of paddlepaddle that it pins for this platform. */
  readonly paddleVersion: string
}

export async function readRequirements(): Promise<Requirements> {
  return parseRequirements(await readFile(requirementsFile, 'utf8'))
}

export function parseRequirements(
  text: string,
  { platform, arch }: { platform: string; arch: string } = process,
): Requirements {
  const arm = platform === 'linux' && arch === 'arm64'
  const pins = [...text.matchAll(/^paddlepaddle==(?<version>\S+)(?<marker>.*)$/gm)]
  const pin =
    pins.find((match) => (match.groups?.['marker'] ?? '').includes('== "aarch64"') === arm) ?? pins[0]
  return {
    hash: createHash('sha256').update(text).digest('hex'),
    paddleVersion: pin?.groups?.['version'] ?? '',
  }
}
