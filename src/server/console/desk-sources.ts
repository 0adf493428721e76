/** What the operator changes by the console, beside leases: files, the inventory, backups, what is booted, the configuration. */
import type { Ipv4 } from '../../base/addresses.ts';
import type { VendorOf } from '../../observe/vendors.ts';
import type { ApiSources } from '../../web/api/sources.ts';
import type { ConsoleSourceParts } from '../console-sources.ts';
import { ConsoleBackups } from './backup-source.ts';
import { ConsoleBoot } from './boot-source.ts';
import { ConsoleConfig } from './config-source.ts';
import { FileReaders } from './file-readers.ts';
import { ConsoleFiles } from './file-source.ts';
import { ConsoleInventory } from './inventory-source.ts';

export type DeskParts = Pick<
  ConsoleSourceParts,
  'bus' | 'clock' | 'directory' | 'env' | 'host' | 'config' | 'reload' | 'served' | 'choices' | 'book'
> & { readonly vendorOf: VendorOf };

export type DeskSources = Pick<ApiSources, 'files' | 'inventory' | 'backups' | 'boot' | 'config'>;

export function deskSources({ bus, clock, directory, env, host, config, reload, served, choices, book, vendorOf }: DeskParts): DeskSources {
  const { tell } = bus;
  const whoHas = (address: Ipv4): ReturnType<typeof directory.whoHas> => directory.whoHas(address);
  const wakeSite = () => ({ config: config(), facts: host.interfaces.list(), places: served() });
  return {
    files: new ConsoleFiles({ config, clock, tell, readers: new FileReaders({ config, book, whoHas }) }),
    inventory: new ConsoleInventory({ config, env, book, directory, vendorOf }),
    backups: new ConsoleBackups({ config, clock, tell }),
    boot: new ConsoleBoot({ config, choices, book, wakeSite, sockets: host.sockets, tell }),
    config: new ConsoleConfig({ config, env, reload }),
  };
}
