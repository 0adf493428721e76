/** The words of syslog for its two numbers (RFC 5424 §6.2.1). */

/** By number: 0 is the most urgent. */
export const SEVERITIES = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'] as const;

export type Severity = (typeof SEVERITIES)[number];

/** By number, as programs call them; 12 to 15 have a use in the RFC and no name that all agree on. */
export const FACILITIES = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const;

export type Facility = (typeof FACILITIES)[number];
