/** Starts several peers one after the other, and uses them; when that fails, those that run are closed. */
export async function together(starts, use) {
  const peers = []
  const close = async () => {
    await Promise.all(peers.map((peer) => peer.close()))
  }
  try {
    for (const start of starts) peers.push(await start())
    return { ...(await use(...peers)), close }
  } catch (error) {
    await close()
    throw error
  }
}
