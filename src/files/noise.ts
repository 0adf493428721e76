/** Lines of a configuration that are another at each backup though nobody changed anything: times, sizes, who wrote it. */

interface NoiseRow {
  readonly device: string;
  /** Matches a whole line. */
  readonly pattern: RegExp;
}

export const NOISE: readonly NoiseRow[] = [
  {
    device: 'Cisco IOS and IOS XE, Dell',
    pattern: /^!+ ?(?:Last configuration change at|NVRAM config last updated|No configuration change since last restart)\b.*$/,
  },
  { device: 'Cisco IOS', pattern: /^ntp clock-period \d+$/ },
  { device: 'Cisco IOS', pattern: /^Building configuration(?:\.\.\.|…)?$/ },
  { device: 'Cisco IOS', pattern: /^Current configuration ?: \d+ bytes$/ },
  { device: 'Cisco IOS', pattern: /^Using \d+ out of \d+ bytes.*$/ },
  { device: 'Cisco IOS XR', pattern: /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\d+ [\d:.]+ .*$/ },
  {
    device: 'Cisco NX-OS',
    pattern: /^!(?:Time|Running configuration last done at|NVRAM config last updated at|Startup config saved at): .*$/,
  },
  { device: 'Cisco ASA', pattern: /^(?:: Written by .*|Cryptochecksum:.*)$/ },
  { device: 'Arista EOS', pattern: /^! (?:device: .*|Time: .*|Startup-config last modified at .*|Last modified .*)$/ },
  { device: 'MikroTik RouterOS', pattern: /^# .* by RouterOS\b.*$/ },
  { device: 'Junos', pattern: /^## Last (?:commit|changed): .*$/ },
  { device: 'HP ProVision, Aruba', pattern: /^; .*Configuration Editor; Created on release .*$/ },
  { device: 'Huawei VRP', pattern: /^!Last configuration was (?:updated|saved) at .*$/ },
  { device: 'FortiOS', pattern: /^#(?:conf_file_ver=|config-version=.*:user=).*$/ },
];

/** True for a line that says nothing about the configuration. */
export function isNoise(line: string): boolean {
  const text = line.trimEnd();
  return NOISE.some(({ pattern }) => pattern.test(text));
}
