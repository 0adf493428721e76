/** What Cisco's phones of the enterprise firmware ask for, be it SIP or SCCP. */
import { MAC, mayMiss, mustBe, PUT_CONFIGURATION, PUT_FIRMWARE } from '../asked.ts';
import type { AskedFile } from '../device-profile.ts';

const GOES_ON = 'without a trust list it goes on to its configuration';
const BUILT_IN = 'it uses what it has built in';

/** The firmware that a configuration names; empty and absent mean: no other than what runs. */
const LOAD = /<loadInformation[^>]*>\s*([\w.-]+?)\s*<\/loadInformation/gi;

/** Models of before 2003 load one image of that name, all others what a list of that name lists. */
function firmwareIn(content: string): readonly { readonly name: string; readonly what: string }[] {
  return Array.from(content.matchAll(LOAD), ([, load = '']) => ({
    name: /^p[0s][0s][3s]-/i.test(load) ? `${load}.bin` : `${load.replace(/\.loads$/i, '')}.loads`,
    what: 'firmware',
  }));
}

/** In the order in which they are asked for. */
export const CISCO_FILES: readonly AskedFile[] = [
  mayMiss(`CTL(?:SEP${MAC}|ATA${MAC}|File)\\.tlv`, 'CTL', GOES_ON),
  mayMiss(`ITLSEP${MAC}\\.tlv`, 'ITL', GOES_ON),
  mayMiss('ITLFile\\.tlv', 'ITL of all', GOES_ON),
  mayMiss('OS79XX\\.TXT', 'name of its firmware', 'it keeps the firmware that it has'),
  mayMiss(
    `(?:SEP|ATA)${MAC}\\.cnf\\.xml(?:\\.enc)?\\.sgn`,
    'signed configuration',
    'it tries the signed configuration before the plain one',
  ),
  { ...mustBe(`(?:SEP|ATA)${MAC}\\.cnf\\.xml`, 'configuration', PUT_CONFIGURATION), leadsTo: firmwareIn },
  mayMiss('SIPDefault\\.cnf', 'common SIP configuration', 'only old SIP firmware of the 7940 and 7960 has a use for it'),
  mustBe(`SIP${MAC}\\.cnf`, 'configuration of old SIP firmware', PUT_CONFIGURATION),
  mustBe('XMLDefault\\.cnf\\.xml', 'common configuration', 'it found none of its own before: give it one, or this one for all'),
  mustBe('[\\w.-]+\\.loads', 'firmware', PUT_FIRMWARE),
  mustBe('(?:apps|cnu|cvm|dsp|jar|term|rootfs|kern|boot|sboot|p[0s][0s][3s])[\\w.-]*\\.(?:sbn|sb2|sebn|sgn|bin)', 'firmware', PUT_FIRMWARE),
  mayMiss('dialplan\\.xml|dialTemplate\\.xml', 'dial plan', BUILT_IN),
  mayMiss('softkeys?[\\w.-]*\\.xml|(?:lk|lkp)\\d+[\\w.-]*\\.xml', 'soft keys', BUILT_IN),
  mayMiss(
    '[^/]+/(?:[gtr][\\w]*-tones|[\\w]+-(?:dictionary|kate|font|glyphs|tones|sip|sccp))[\\w.-]*\\.(?:xml|jar|dat)',
    'language',
    BUILT_IN,
  ),
  mayMiss('g[34]-tones\\.xml', 'tones of its country', BUILT_IN),
  mayMiss('(?:Dist)?RingList\\.(?:xml|dat)', 'list of ring tones', BUILT_IN),
  mayMiss('Desktops/[^/]+/List\\.xml', 'list of backgrounds', BUILT_IN),
];
