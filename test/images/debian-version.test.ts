import { describe, expect, it } from 'vitest';
import { compareVersions } from '../../src/images/debian-version.ts';

describe('Versions of Debian packages (Debian Policy §5.6.12)', () => {
  it.each([
    ['1.0', '<', '1.1'],
    ['1.9', '<', '1.10'],
    ['1.0~rc1', '<', '1.0'],
    ['1.0', '<', '1.0+b1'],
    ['1.0a', '<', '1.0+'],
    ['9:1', '<', '10:0'],
    ['2.0', '<', '1:1.0'],
    ['1.0-1', '<', '1.0-2'],
    ['1.0-1~bpo12+1', '<', '1.0-1'],
    ['1.0', '=', '1.00'],
    ['0:1.0', '=', '1.0'],
    ['1.0', '=', '1.0-0'],
    ['20230607+deb12u9', '<', '20230607+deb12u15'],
    ['1+2.06+13+deb12u2', '<', '1+2.12+9+deb13u2'],
    ['1.0.0+git-20190125.36a4c85-5.1', '<', '1.21.1+git20250501.dad20602+dfsg-1'],
    ['3:6.04~git20190206.bf6db5b4+dfsg1-3', '<', '3:6.04~git20190206.bf6db5b4+dfsg1-3.1'],
    ['20260101120000000000001', '<', '20260101120000000000002'],
  ])('%s %s %s', (a, sign, b) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign === '<' ? -1 : 0);
    expect(Math.sign(compareVersions(b, a))).toBe(sign === '<' ? 1 : 0);
  });
});
