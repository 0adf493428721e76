/** Keys of `images`: firmware for devices. */
import { z } from 'zod';
import { durationOrZeroValue, patternsValue, textValue, written } from './values.ts';

function digestValue(algorithm: string, digits: number) {
  const example = 'd41d8cd98f00b204e9800998ecf8427e'.repeat(2).slice(0, digits);
  return written(algorithm, `the ${digits} hexadecimal digits of a digest`, example, (text) => {
    const bare = text.replaceAll(/[\s:]/g, '').toLowerCase();
    return bare.length === digits && /^[0-9a-f]+$/.test(bare) ? bare : undefined;
  });
}

/** One of `images`. */
export const imageSchema = z.strictObject({
  file: textValue('file', 'cisco/cat9k_iosxe.17.09.04a.SPA.bin').describe('The file, below `tftp.root`. Required.'),
  model: patternsValue('pattern', 'C9300*')
    .optional()
    .describe(
      'The models that it is for, with `*` and `?`, in upper or lower case; a device of another model does not get it. Without it: all.',
    ),
  profile: textValue('profile', 'cisco-iosxe')
    .optional()
    .describe('The profile that devices have for which it is; one with another profile does not get it. Without it: all.'),
  version: textValue('text', '17.9.4a').optional().describe('Its release, for people.'),
  sha256: digestValue('SHA-256', 64).optional().describe('What its SHA-256 has to be. A file with another is given to nobody.'),
  md5: digestValue('MD5', 32).optional().describe('Likewise its MD5, where the vendor names no other.'),
  note: textValue('text', 'from 16.12 on only by way of 17.3').optional().describe('What else is to be known of it, for people.'),
  unknownModel: z
    .enum(['allow', 'refuse'])
    .default('allow')
    .describe(
      'What a device gets of which nobody knows the model or the profile, such as one with an address from elsewhere at whose console somebody types the name of the file.',
    ),
  offerAgainAfter: durationOrZeroValue
    .prefault('1h')
    .describe(
      'How long DHCP does not name it to a device that has just fetched it, so that no device installs it again at each restart; 0: it always names it. Whoever asks for the file by its name gets it at any time.',
    ),
});

export const imagesSchema = z
  .array(imageSchema)
  .prefault([])
  .describe(
    'Images of firmware, and which devices they are for, see docs/firmware.md. A file of `tftp.root` that is not named here is for everybody.',
  );
