// Without the rest of the room, which takes longer to load than this saves.
export { dropEarly, launchEarly } from '../bridge/early-launch.js'
