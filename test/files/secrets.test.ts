import { describe, expect, it } from 'vitest';
import { maskSecrets, SECRETS } from '../../src/files/secrets.ts';

const CASES: readonly (readonly [device: string, line: string, masked: string])[] = [
  ['Cisco IOS', 'enable secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0', 'enable secret 5 ****'],
  ['Cisco IOS', 'enable secret level 7 9 $9$abc', 'enable secret level 7 9 ****'],
  ['Cisco IOS', 'enable password hunter2', 'enable password ****'],
  ['Cisco IOS', 'enable password 7 094F471A1A0A', 'enable password 7 ****'],
  ['Cisco IOS', 'username ada privilege 15 secret 9 $9$Vq8.$x', 'username ada privilege 15 secret 9 ****'],
  ['Cisco IOS', 'username ada password 0 two words', 'username ada password 0 ****'],
  ['Cisco IOS', 'username 7 password 7', 'username 7 password ****'],
  ['Cisco IOS', ' password 7 0822455D0A16', ' password 7 ****'],
  ['Cisco IOS', '  key-string 7 121A0C041104', '  key-string 7 ****'],
  ['Cisco IOS', ' standby 1 authentication md5 key-string 7 0110', ' standby 1 authentication md5 key-string 7 ****'],
  ['Cisco IOS', 'snmp-server community s3cr3t RO 10', 'snmp-server community **** RO 10'],
  ['Cisco IOS', 'snmp-server host 10.0.0.5 version 2c s3cr3t  bgp', 'snmp-server host 10.0.0.5 version 2c ****  bgp'],
  ['Cisco IOS', 'snmp-server host 10.0.0.5 s3cr3t', 'snmp-server host 10.0.0.5 ****'],
  [
    'Cisco IOS',
    'snmp-server user ada group v3 auth sha authpw priv aes 128 privpw',
    'snmp-server user ada group v3 auth sha **** priv aes 128 ****',
  ],
  ['Cisco IOS', 'crypto isakmp key s3cr3t address 192.0.2.1', 'crypto isakmp key **** address 192.0.2.1'],
  ['Cisco IOS', 'crypto isakmp key 6 s3cr3t address 192.0.2.1', 'crypto isakmp key 6 **** address 192.0.2.1'],
  ['Cisco IOS', '  pre-shared-key address 192.0.2.1 key s3cr3t', '  pre-shared-key address 192.0.2.1 key ****'],
  ['Cisco IOS', '  pre-shared-key local 6 s3cr3t', '  pre-shared-key local 6 ****'],
  ['Cisco ASA', ' ikev1 pre-shared-key s3cr3t', ' ikev1 pre-shared-key ****'],
  ['Cisco ASA', 'username ada password abc123 encrypted privilege 15', 'username ada password **** encrypted privilege 15'],
  ['Cisco ASA', 'passwd 2KFQnbNIdI.2KYOU encrypted', 'passwd **** encrypted'],
  ['Cisco ASA', ' key s3cr3t', ' key ****'],
  ['Cisco IOS', 'tacacs-server host 10.0.0.5 key 7 0822', 'tacacs-server host 10.0.0.5 key 7 ****'],
  ['Cisco IOS', 'tacacs-server key s3cr3t', 'tacacs-server key ****'],
  [
    'Cisco IOS',
    'radius-server host 10.0.0.5 auth-port 1812 acct-port 1813 key 7 0822',
    'radius-server host 10.0.0.5 auth-port 1812 acct-port 1813 key 7 ****',
  ],
  ['Cisco IOS', ' key 7 070C285F4D06', ' key 7 ****'],
  ['Cisco IOS', ' neighbor 10.0.0.2 password 7 0822', ' neighbor 10.0.0.2 password 7 ****'],
  ['Cisco IOS', ' ip ospf authentication-key 7 0822', ' ip ospf authentication-key 7 ****'],
  ['Cisco IOS', ' ip ospf message-digest-key 1 md5 7 0822', ' ip ospf message-digest-key 1 md5 7 ****'],
  ['Cisco IOS', 'ntp authentication-key 1 md5 070C285F 7', 'ntp authentication-key 1 md5 **** 7'],
  ['Cisco IOS', ' vrrp 1 authentication text s3cr3t', ' vrrp 1 authentication text ****'],
  ['Cisco IOS', ' area-password s3cr3t', ' area-password ****'],
  ['Cisco IOS', ' ppp chap password 7 0822', ' ppp chap password 7 ****'],
  ['Cisco IOS', '  wpa-psk ascii 0 s3cr3t', '  wpa-psk ascii 0 ****'],
  ['Cisco IOS', ' path ftp://ada:s3cr3t@10.0.0.5/$h', ' path ftp://ada:****@10.0.0.5/$h'],
  ['Cisco WLC', ' security wpa psk set-key ascii 0 s3cr3t', ' security wpa psk set-key ascii 0 ****'],
  [
    'Arista EOS',
    'username admin privilege 15 role network-admin secret sha512 $6$abc$def',
    'username admin privilege 15 role network-admin secret sha512 ****',
  ],
  ['NX-OS', 'username admin password 5 $5$abc$def  role network-admin', 'username admin password 5 ****  role network-admin'],
  ['HP ProVision', 'snmp-server community "s3cr3t" operator', 'snmp-server community "****" operator'],
  ['HP ProVision', 'password manager user-name "ada" sha1 "0be1c2"', 'password manager user-name "ada" sha1 "****"'],
  ['HP ProVision', 'radius-server host 10.0.0.5 key "s3cr3t"', 'radius-server host 10.0.0.5 key "****"'],
  ['AOS-CX', 'user admin group administrators password ciphertext AQBapc', 'user admin group administrators password ciphertext ****'],
  ['Comware', ' snmp-agent community read cipher $c$3$x', ' snmp-agent community read cipher ****'],
  [
    'Comware',
    ' snmp-agent usm-user v3 ada g cipher authentication-mode sha aaa privacy-mode aes128 bbb',
    ' snmp-agent usm-user v3 ada g cipher authentication-mode sha **** privacy-mode aes128 ****',
  ],
  ['Huawei', ' local-user ada password irreversible-cipher %^%#x%^%#', ' local-user ada password irreversible-cipher ****'],
  ['Comware', ' key authentication cipher $c$3$x', ' key authentication cipher ****'],
  ['Junos', '        encrypted-password "$6$abc$def"; ## SECRET-DATA', '        encrypted-password "****"; ## SECRET-DATA'],
  ['Junos', '            secret "$9$abcDEF"; ## SECRET-DATA', '            secret "****"; ## SECRET-DATA'],
  ['Junos', '    pre-shared-key ascii-text "$9$abc"; ## SECRET-DATA', '    pre-shared-key ascii-text "****"; ## SECRET-DATA'],
  [
    'Junos',
    '    authentication-key 1 type md5 value "$9$abc"; ## SECRET-DATA',
    '    authentication-key 1 type md5 value "****"; ## SECRET-DATA',
  ],
  ['Junos', '    community s3cr3t {', '    community **** {'],
  ['Junos', 'set snmp community s3cr3t authorization read-only', 'set snmp community **** authorization read-only'],
  ['FortiOS', '        set password ENC AK1abc==', '        set password ENC ****'],
  ['FortiOS', '        set psksecret ENC abc==', '        set psksecret ENC ****'],
  ['FortiOS', '        set key ENC abc==', '        set key ENC ****'],
  ['EXOS', 'configure account admin encrypted "abc"', 'configure account admin encrypted "****"'],
  ['EXOS', 'configure radius 1 shared-secret encrypted "abc"', 'configure radius 1 shared-secret encrypted "****"'],
  ['RouterOS', 'add name=ppp1 password=s3cr3t service=l2tp', 'add name=ppp1 password=**** service=l2tp'],
  ['RouterOS', 'add wpa2-pre-shared-key="two words" mode=dynamic-keys', 'add wpa2-pre-shared-key="****" mode=dynamic-keys'],
  ['RouterOS', 'add security.passphrase=s3cr3t name=x', 'add security.passphrase=**** name=x'],
  ['Poly', '  <reg reg.1.auth.password="s3cr3t" reg.1.label="101" />', '  <reg reg.1.auth.password="****" reg.1.label="101" />'],
  ['Yealink', 'account.1.password = my secret', 'account.1.password = ****'],
  ['Yealink', 'static.security.user_password = admin:hunter2', 'static.security.user_password = ****'],
  ['snom', 'user_pass1!: s3cr3t', 'user_pass1!: ****'],
  ['snom', '  <user_pass idx="1" perm="">s3cr3t</user_pass>', '  <user_pass idx="1" perm="">****</user_pass>'],
  ['Grandstream', 'P34 = s3cr3t', 'P34 = ****'],
  ['Grandstream', '    <P2>s3cr3t</P2>', '    <P2>****</P2>'],
  ['Cisco phone', '<sshPassword>cisco</sshPassword>', '<sshPassword>****</sshPassword>'],
  [
    'Cisco phone',
    '<a><password>one</password><b/><password>two</password></a>',
    '<a><password>****</password><b/><password>****</password></a>',
  ],
  ['PAN-OS', '  <phash>$1$abc$def</phash>', '  <phash>****</phash>'],
  ['Cisco ASA', 'failover key s3cr3t', 'failover key ****'],
  ['Cisco IOS', ' client 10.0.0.5 server-key 7 0822', ' client 10.0.0.5 server-key 7 ****'],
  ['Cisco IOS', ' ip nhrp authentication s3cr3t', ' ip nhrp authentication ****'],
  ['Cisco IOS', ' standby 1 authentication s3cr3t', ' standby 1 authentication ****'],
  ['OpenWrt', "\toption key 'two words'", '\toption key ****'],
  ['OPNsense', '      <bcrypt-hash>$2y$10$abc</bcrypt-hash>', '      <bcrypt-hash>****</bcrypt-hash>'],
  ['OPNsense', '    <prv>LS0tLS1CRUdJTi</prv>', '    <prv>****</prv>'],
  ['VyOS', '            plaintext-password "s3cr3t"', '            plaintext-password "****"'],
  ['JSON', '  "password": "s3cr3t",', '  "password": "****",'],
];

/** Lines in which a word looks like a secret and is none. */
const PLAIN: readonly string[] = [
  'service password-encryption',
  'hostname switch1',
  ' key 1',
  'key chain OSPF',
  ' ip address 10.0.0.1 255.255.255.0',
  'security passwords min-length 8',
  'policy-options { community FOO members 65000:1; }',
  '    community FOO members 65000:1;',
  'aaa authentication login default group tacacs+ local',
  'crypto key generate rsa modulus 2048',
  '/ip address add address=10.0.0.1/24 interface=ether1 name=x',
  '<loadInformation>SIP45.9-4-2SR3</loadInformation>',
  'account.1.user_name = 101',
  'snmp-server enable traps',
  '',
];

describe('a secret is masked, and the rest of its line stays', () => {
  it.each(CASES)('%s: %s', (_device, line, masked) => expect(maskSecrets([line])).toEqual([masked]));

  it.each(PLAIN)('nothing in: %s', (line) => expect(maskSecrets([line])).toEqual([line]));

  it('in every way of writing that the table knows, each with a case here', () => {
    const samples = [...CASES.map(([, line]) => line), 'set [ find default=yes ] name=s3cr3t'];
    const unused = SECRETS.filter(({ pattern }) => !samples.some((line) => line.search(pattern) >= 0));
    expect(unused.map(({ device }) => device)).toEqual([]);
    expect(SECRETS.filter(({ source, device }) => source === '' || device === '')).toEqual([]);
  });
});

describe('a secret of many lines', () => {
  it('private keys go whole', () => {
    expect(
      maskSecrets([
        'set private-key "-----BEGIN ENCRYPTED PRIVATE KEY-----',
        'MIIE',
        'abcd',
        '-----END ENCRYPTED PRIVATE KEY-----"',
        'next',
      ]),
    ).toEqual([
      'set private-key "-----BEGIN ENCRYPTED PRIVATE KEY-----',
      '****',
      '****',
      '****-----END ENCRYPTED PRIVATE KEY-----"',
      'next',
    ]);
  });

  it('RouterOS breaks long lines', () => {
    expect(maskSecrets(['set wpa2-pre-shared-key=\\', '    s3cr3t mode=x', 'name=y'])).toEqual([
      'set wpa2-pre-shared-key=****',
      '    **** mode=x',
      'name=y',
    ]);
    expect(maskSecrets(['set password="two \\', '    words" name=x', 'set name="a\\', '    b"'])).toEqual([
      'set password=****',
      '**** name=x',
      'set name="a\\',
      '    b"',
    ]);
  });

  it('the communities of RouterOS are names, in their section only', () => {
    expect(maskSecrets(['/snmp community', 'set [ find default=yes ] name=s3cr3t', '/interface', 'set name=ether1'])).toEqual([
      '/snmp community',
      'set [ find default=yes ] name=****',
      '/interface',
      'set name=ether1',
    ]);
  });
});
