/** Families of devices by how their configurations begin, and what to type on one to have a configuration back. */

export interface ConfigFamily {
  readonly name: string;
  /** Found in the first lines of a configuration of this family. */
  readonly evidence: RegExp;
  /** Makers whose devices are most often of this family, as `vendorLookup` calls them; for where nothing else is known. */
  readonly makers?: RegExp;
  /** Where the commands come from. */
  readonly source: string;
  /** What to type, each with what it does. */
  commands(server: string, file: string): readonly (readonly [command: string, effect: string])[];
}

/** The first that fits counts: what looks like Cisco IOS may be somebody else. */
const FAMILIES: readonly ConfigFamily[] = [
  {
    name: 'Cisco NX-OS',
    evidence: /^!Command: show (?:running|startup)-config|^version \d+\.\d+\(\d+\)\S* Bios:/m,
    source: 'Cisco Nexus 9000 Fundamentals Configuration Guide',
    commands: (server, file) => [[`copy tftp://${server}/${file} running-config vrf management`, 'adds to the running configuration']],
  },
  {
    name: 'Cisco IOS XR',
    evidence: /^!! IOS XR/m,
    source: 'Cisco IOS XR System Management Command Reference',
    commands: (server, file) => [
      ['configure', ''],
      [`load tftp://${server}/${file}`, 'reads it as the target configuration'],
      ['commit replace', 'replaces the running configuration'],
    ],
  },
  {
    name: 'Cisco ASA',
    evidence: /^ASA Version /m,
    source: 'Cisco ASA Command Reference',
    commands: (server, file) => [[`copy tftp://${server}/${file} running-config`, 'adds to the running configuration']],
  },
  {
    name: 'Arista EOS',
    evidence: /^! (?:device: .*EOS|Command: show (?:running|startup)-config)/m,
    makers: /^arista/i,
    source: 'Arista EOS User Manual',
    commands: (server, file) => [
      [`configure replace tftp:/${server}/${file}`, 'replaces the running configuration'],
      [`copy tftp:/${server}/${file} running-config`, 'adds to it'],
    ],
  },
  {
    name: 'Dell OS10',
    evidence: /^! Version (?:10\.\d|\d+\.\d+\(\d)|^!System Description "Dell/m,
    makers: /^(?:dell|force10)/i,
    source: 'Dell SmartFabric OS10 User Guide; OS6 and OS9 have the same command',
    commands: (server, file) => [
      [`copy tftp://${server}/${file} startup-configuration`, 'replaces the startup configuration (OS6, OS9: startup-config)'],
      ['reload', 'is used from then on'],
    ],
  },
  {
    name: 'Junos',
    evidence: /^## Last (?:commit|changed)|^version \S+;|^set version /m,
    makers: /^juniper/i,
    source: 'Junos CLI User Guide; it has no TFTP client for configurations',
    commands: () => [
      ['configure', ''],
      ['load override terminal', 'then paste what `bootlace backups show --reveal` prints, and Ctrl-D'],
      ['commit', ''],
    ],
  },
  {
    name: 'MikroTik RouterOS',
    evidence: /^# .* by RouterOS/m,
    makers: /^(?:mikrotik|routerboard)/i,
    source: 'RouterOS documentation (/tool fetch, /import)',
    commands: (server, file) => [
      [`/tool fetch mode=tftp address=${server} src-path=${file} dst-path=restored.rsc`, 'fetches it'],
      ['/import file-name=restored.rsc', 'adds to the configuration; on a device without one it is the whole'],
    ],
  },
  {
    name: 'HP ProVision',
    evidence: /^; .*Configuration Editor; Created on release/m,
    makers: /^(?:hewlett|hp\b|procurve)/i,
    source: 'HPE ArubaOS-Switch Management and Configuration Guide',
    commands: (server, file) => [
      [`copy tftp startup-config ${server} ${file}`, 'replaces the startup configuration and restarts the switch'],
    ],
  },
  {
    name: 'Aruba AOS-CX',
    evidence: /^!Version ArubaOS-CX/m,
    makers: /^aruba/i,
    source: 'AOS-CX Command-Line Interface Guide',
    commands: (server, file) => [[`copy tftp://${server}/${file} running-config`, 'replaces the running configuration']],
  },
  {
    name: 'FortiOS',
    evidence: /^#config-version=/m,
    makers: /^fortinet/i,
    source: 'FortiOS CLI Reference',
    commands: (server, file) => [[`execute restore config tftp ${file} ${server}`, 'replaces the configuration and restarts the device']],
  },
  {
    name: 'PAN-OS',
    evidence: /^<config\b[^>]*\bversion="/m,
    makers: /^palo alto/i,
    source: 'PAN-OS CLI Quick Start',
    commands: (server, file) => [
      [`tftp import configuration from ${server} file ${file}`, 'fetches it'],
      [`configure, load config from ${file}, commit`, 'puts it in force'],
    ],
  },
  {
    name: 'HPE Comware, Huawei VRP',
    evidence: /^ ?version [5-9]\.\d[^\n]*(?:Release|ESS|Feature|Alpha)|^!Software Version V\d/m,
    makers: /^(?:huawei|h3c|new h3c|3com)/i,
    source: 'HPE Comware Fundamentals Configuration Guide',
    commands: (server, file) => [
      [`tftp ${server} get ${file} restored.cfg`, 'fetches it'],
      ['startup saved-configuration restored.cfg', 'is used from the next restart on'],
    ],
  },
  {
    name: 'Extreme EXOS',
    evidence: /^# Module \w+ configuration/m,
    makers: /^extreme/i,
    source: 'ExtremeXOS User Guide',
    commands: (server, file) => [
      [`tftp get ${server} ${file} restored.xsf`, 'fetches it'],
      ['load script restored.xsf', 'adds to the configuration'],
    ],
  },
  {
    name: 'Cisco IOS',
    evidence:
      /^! (?:Last configuration change at|NVRAM config last updated)|^Building configuration|^Current configuration ?:|^version 1\d\.\d+$|^boot-start-marker/m,
    makers: /^cisco/i,
    source: 'Cisco IOS Configuration Fundamentals Command Reference',
    commands: (server, file) => [
      [`configure replace tftp://${server}/${file}`, 'replaces the running configuration'],
      [`copy tftp://${server}/${file} running-config`, 'adds to it'],
    ],
  },
];

/** As much of a configuration as is looked at. */
const HEAD = 4096;

/** Whose configuration this is; undefined when nothing says so. */
export function familyOf(text: string): ConfigFamily | undefined {
  const head = text.slice(0, HEAD);
  return FAMILIES.find(({ evidence }) => evidence.test(head));
}

/** What a device of this maker most probably is; undefined when that says too little. */
export function familyOfVendor(vendor: string): ConfigFamily | undefined {
  return FAMILIES.find(({ makers }) => makers?.test(vendor) === true);
}
