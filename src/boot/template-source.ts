/**
 * Templates of files that are made for one device each, as they are read: what is known of one before it is compiled. Plain data, so
 * that it crosses threads.
 */

/** What a variable of a template can hold. */
export type VarValue = string | number | boolean | null | readonly VarValue[] | { readonly [key: string]: VarValue };

/** Variables of a device or of a profile. */
export interface DeviceVars {
  readonly values: Readonly<Record<string, VarValue>>;
  /** Names of those that came from the environment or from a file of their own: they are never shown. */
  readonly hidden: readonly string[];
}

export const NO_VARS: DeviceVars = { values: {}, hidden: [] };

/** What the output of `{{ }}` is made safe for. */
export const ESCAPES = ['xml', 'json', 'shell', 'plain'] as const;
export type Escape = (typeof ESCAPES)[number];

/** One file below a folder of templates. */
export interface TemplateSource {
  /** `cisco-sip/sep.cnf.xml.liquid`: its path below that folder. The first part is the profile. */
  readonly key: string;
  readonly profile: string;
  /** Where it lies, absolute. */
  readonly file: string;
  /** The operator's own go before those that come with the program. */
  readonly origin: 'user' | 'shipped';
  /** Names that it answers, see `answered-name.ts`. None: it is a part for others. */
  readonly answers: readonly string[];
  /** Undefined: by the name that is answered. */
  readonly escape: Escape | undefined;
  readonly defaults: DeviceVars;
  /** For any device of its profile, and for others. */
  readonly isPublic: boolean;
  /** What is rendered, without the front matter. */
  readonly text: string;
  /** Lines of the file before the first of `text`. */
  readonly linesBefore: number;
}

/** Variables for devices of a profile that no inventory knows. */
export interface UnknownDevices {
  readonly profile: string;
  readonly vars: DeviceVars;
}
