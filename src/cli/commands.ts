import type { Command } from 'commander'
import { appsCommands } from './apps.ts'
import { backupCommands } from './backup.ts'
import { blockCommands } from './block.ts'
import { blocklistCommands } from './blocklist.ts'
import { charterCommands } from './charter.ts'
import { communityCommands } from './community.ts'
import { deliveryCommands } from './delivery.ts'
import { directoryCommands } from './directory.ts'
import { directoryStatusCommands } from './directory-status.ts'
import { followCommands } from './follow.ts'
import { inquiryCommands } from './inquiry.ts'
import { nodeCommands } from './node.ts'
import { peerCommands } from './peer.ts'
import { pictureCommands } from './picture.ts'
import { pledgeCommands } from './pledge.ts'
import { postCommands } from './post.ts'
import { publishCommands } from './publish.ts'
import { quoteCommands } from './quote.ts'
import { reactionCommands } from './reaction.ts'
import { relayCommands } from './relay.ts'
import { reportCommands } from './report.ts'
import { stewardCommands } from './steward.ts'

/** Every command but the one that runs the node. */
export function addCommands(program: Command): void {
  communityCommands(program)
  charterCommands(program)
  followCommands(program)
  postCommands(program)
  publishCommands(program)
  reactionCommands(program)
  directoryCommands(program)
  directoryStatusCommands(program)
  backupCommands(program)
  blockCommands(program)
  blocklistCommands(program)
  quoteCommands(program)
  peerCommands(program)
  relayCommands(program)
  reportCommands(program)
  inquiryCommands(program)
  pledgeCommands(program)
  deliveryCommands(program)
  nodeCommands(program)
  stewardCommands(program)
  appsCommands(program)
  pictureCommands(program)
}
