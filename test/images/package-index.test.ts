import { describe, expect, it } from 'vitest';
import { readPackages, releaseSha256 } from '../../src/images/package-index.ts';

const SUM = 'AB'.repeat(32);
const STANZA = `Package: ipxe
Version: 1.0-1
Architecture: all
Description: boots
 Package: not-this-one
Filename: pool/main/i/ipxe/ipxe_1.0-1_all.deb
Size: 1171912
SHA256: ${SUM}
`;

describe('An index of packages', () => {
  it('tells of the packages that are asked about', () => {
    const text = `${STANZA.replace('Package: ipxe', 'Package: ipxe-qemu')}\n${STANZA}\n`;
    expect(readPackages(text, new Set(['ipxe', 'grub']))).toEqual([
      {
        name: 'ipxe',
        version: '1.0-1',
        architecture: 'all',
        path: 'pool/main/i/ipxe/ipxe_1.0-1_all.deb',
        octets: 1_171_912,
        sha256: SUM.toLowerCase(),
      },
    ]);
  });

  it.each([
    ['without a checksum', 'SHA256: .*', ''],
    ['with half a checksum', `SHA256: ${SUM}`, 'SHA256: abab'],
    ['without a path', 'Filename: .*', ''],
    ['with a path that leads upwards', 'pool/main', 'pool/../..'],
    ['with a path from the root', 'pool/main', '/etc'],
    ['with a size that is none', 'Size: 1171912', 'Size: -1'],
    ['with a version that is none', 'Version: 1.0-1', 'Version: 1/../2'],
  ])('leaves out one %s', (_what, part, instead) => {
    expect(readPackages(STANZA.replace(new RegExp(part), instead), new Set(['ipxe']))).toEqual([]);
  });
});

describe('A Release file', () => {
  const release = `Suite: stable
MD5Sum:
 00000000000000000000000000000000 12 main/binary-amd64/Packages.gz
SHA256:
 ${SUM} 12 main/binary-amd64/Packages.gz
 ${'00'.repeat(32)} 12 main/binary-arm64/Packages.gz
SHA512:
 ${'11'.repeat(64)} 12 main/binary-armhf/Packages.gz
`;

  it('has the SHA-256 of an index', () => {
    expect(releaseSha256(release, 'main/binary-amd64/Packages.gz')).toBe(SUM.toLowerCase());
    expect(releaseSha256(release, 'main/binary-armhf/Packages.gz')).toBeUndefined();
    expect(releaseSha256('', 'main/binary-amd64/Packages.gz')).toBeUndefined();
  });
});
