/** The TFTP thread: it gives way to DHCP's, and begins with that before it loads what it consists of. */
import { giveUp } from '../net/privileges.ts';
import { giveWay } from './thread-priority.ts';

giveUp('CAP_SYS_NICE');
giveWay('files');
await import('./tftp-thread-body.ts');
