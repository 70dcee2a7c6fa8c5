/** Starts peers one after the other and uses them; closes those that run when an error occurs. */
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
