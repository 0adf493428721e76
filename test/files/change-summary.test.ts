/** What a backup changes, in one phrase. */
import { expect, test } from 'vitest';
import { summariseChange } from '../../src/files/change-summary.ts';

const IOS = `! Last configuration change at 07:10:22 UTC Fri Nov 20 2026 by ada
hostname sw1
!
enable secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0
!
interface GigabitEthernet1/0/1
 switchport access vlan 10
 switchport mode access
 spanning-tree portfast
 storm-control broadcast level 1
 description desk
!
interface GigabitEthernet1/0/2
 switchport access vlan 10
!
router bgp 65000
 address-family ipv4
  neighbor 192.0.2.1 activate
 exit-address-family
!
end
`;

const JUNOS = `interfaces {
    ge-0/0/1 {
        unit 0 {
            family inet;
        }
    }
}
`;

const FORTIOS = `config firewall policy
    edit 3
        set action accept
    next
end
`;

test.each<[what: string, before: string, after: string, lines: number, where: readonly string[]]>([
  ['nothing', IOS, IOS, 0, []],
  ['the time alone', IOS, IOS.replace('07:10:22', '08:00:00'), 0, []],
  ['a line of an interface', IOS, IOS.replace('level 1', 'level 2'), 1, ['interface GigabitEthernet1/0/1']],
  ['lines of two', IOS, IOS.replaceAll('vlan 10', 'vlan 20'), 2, ['interface GigabitEthernet1/0/1', 'interface GigabitEthernet1/0/2']],
  ['a line more', IOS, IOS.replace(' description desk\n', ' description desk\n shutdown\n'), 1, ['interface GigabitEthernet1/0/1']],
  ['below two headings', IOS, IOS.replace('192.0.2.1', '192.0.2.2'), 1, ['router bgp 65000 address-family ipv4']],
  ['a line under nothing', IOS, IOS.replace('hostname sw1', 'hostname sw2'), 1, ['hostname sw1', 'hostname sw2']],
  ['a secret', IOS, IOS.replace('$mERr$', '$mERs$'), 1, ['enable secret']],
  ['an interface more', IOS, IOS.replace('router bgp', 'interface Vlan7\n ip address dhcp\n!\nrouter bgp'), 3, ['interface Vlan7']],
  ['Junos', JUNOS, JUNOS.replace('inet;', 'inet6;'), 1, ['interfaces ge-0/0/1']],
  ['Junos, set', 'set interfaces ge-0/0/1 mtu 1500\n', 'set interfaces ge-0/0/1 mtu 9000\n', 1, ['interfaces ge-0/0/1']],
  ['FortiOS', FORTIOS, FORTIOS.replace('accept', 'deny'), 1, ['config firewall policy edit 3']],
])('%s', (_what, before, after, lines, where) => {
  expect(summariseChange(before, after)).toEqual({ lines, where });
});
