/** The DHCP thread: it goes before all others, and begins with that before it loads what it consists of. */
import { runAtOnce } from '../net/linux/real-time.ts';
import { giveUp } from '../net/privileges.ts';

runAtOnce();
giveUp('CAP_SYS_NICE');
await import('./dhcp-thread-body.ts');
