interface Nodes {
  readonly otherNodes: readonly string[]
  readonly folderOfNode: (version: string) => Promise<string>
}

const script = '../../scripts/nodes.js'

/** The versions of other release lines of Node than the running one, and the folder of each, from scripts/nodes.js. */
export const { otherNodes, folderOfNode } = (await import(script)) as Nodes
