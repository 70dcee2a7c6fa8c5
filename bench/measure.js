import { ratios, summary } from './statistics.js'
import { Unavailable } from './unavailable.js'

/**
 * A target for the ratio of us to the peer, or for our own value.
 *
 * @typedef {{ of: 'ratio' | 'us', atLeast: number } | { of: 'ratio' | 'us', atMost: number }} Target
 */

/**
 * How each side does one round, or both when they alternate within it. Values are in the row's unit.
 *
 * @typedef {object} Contest
 * @property {() => Promise<number>} [us]
 * @property {() => Promise<number>} [peer]
 * @property {() => Promise<{ us: number, peer: number }>} [both]
 * @property {string} [note] for the reader of the table
 * @property {() => Promise<void>} close
 */

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {string} what
 * @property {string} [peer] what paddle-ts is compared with
 * @property {string} unit
 * @property {Target} [target]
 * @property {boolean} [onlyRound] one round is enough
 * @property {(bench: import('./bench.js').Bench) => Promise<Contest>} open
 */

/**
 * The result of a row; `unavailable` is the reason why there is none.
 *
 * @typedef {object} Result
 * @property {string} name
 * @property {string} what
 * @property {string} [peer]
 * @property {string} unit
 * @property {Target} [target]
 * @property {import('./statistics.js').Summary} [us]
 * @property {import('./statistics.js').Summary} [peerValue]
 * @property {import('./statistics.js').Summary} [ratio] of us to the peer, round by round
 * @property {number} [rounds]
 * @property {boolean} [reached]
 * @property {string} [note]
 * @property {string} [unavailable]
 */

/**
 * Measures a row, alternating between us and the peer.
 *
 * @param {Row} row
 * @param {{ readonly rounds: number }} bench what rows share
 * @returns {Promise<Result>}
 */
export async function measure(row, bench) {
  const { name, what, peer, unit, target } = row
  const head = { name, what, ...(peer && { peer }), unit, ...(target && { target }) }
  try {
    const contest = await row.open(bench)
    try {
      const { us, peer: theirs } = await rounds(contest, row.onlyRound ? 1 : bench.rounds)
      const ratio = theirs.length > 0 ? summary(ratios(us, theirs)) : undefined
      const values = {
        us: summary(us),
        ...(ratio && { peerValue: summary(theirs), ratio }),
        rounds: us.length,
      }
      return {
        ...head,
        ...values,
        ...(target && { reached: isReached(target, (target.of === 'us' ? values.us : ratio).median) }),
        ...(contest.note && { note: contest.note }),
      }
    } finally {
      await contest.close()
    }
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    return { ...head, unavailable: error.message.split('\n')[0] }
  }
}

/** The order alternates too: the temperature of the machine depends on it. */
async function rounds(contest, count) {
  const values = { us: [], peer: [] }
  for (let round = 0; round < count; round += 1) {
    if (contest.both) {
      const { us, peer } = await contest.both()
      values.us.push(us)
      values.peer.push(peer)
      continue
    }
    for (const side of round % 2 === 0 ? ['us', 'peer'] : ['peer', 'us']) {
      if (contest[side]) values[side].push(await contest[side]())
    }
  }
  return values
}

function isReached(target, value) {
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost
}
