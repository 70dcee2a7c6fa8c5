import type { PlacedReply } from './check-reply.js'
import type { AskReply, AskRequest, RunRequest } from './protocol.js'
import type { Region } from './region.js'

/** What is wrong with an answer to this request that is well-formed by itself; undefined when nothing is. */
export function replyMismatch(
  request: RunRequest | AskRequest,
  reply: PlacedReply | AskReply,
  lanes: readonly { readonly output: Region }[],
  outputs: readonly { readonly name: string }[],
): string | undefined {
  if ('ask' in request) return 'value' in reply ? undefined : 'the answer to a run instead of a value'
  if ('value' in reply) return 'a value instead of the answer to a run'
  const names = request.fetch ?? outputs.map(({ name }) => name)
  const asked = reply.outputs.length === names.length
  if (!asked || !reply.outputs.every(({ name }, index) => name === names[index])) {
    return 'other outputs than were asked for'
  }
  const size = lanes[request.lane]?.output.size ?? 0
  return reply.end <= size ? undefined : 'outputs that lie beyond the end of their memory'
}
