"""The protocol between Node and a worker, a file per conversation. The other side of the contract is `src/bridge/protocol`."""
