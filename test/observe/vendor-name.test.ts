import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shortVendorName } from '../../src/observe/vendor-name.ts';

test.each([
  ['Cisco Systems, Inc', 'Cisco'],
  ['HUAWEI TECHNOLOGIES CO.,LTD', 'Huawei'],
  ['Samsung Electronics Co.,Ltd', 'Samsung'],
  ['Intel Corporate', 'Intel'],
  ['Raspberry Pi Trading Ltd', 'Raspberry Pi'],
  ['YEALINK(XIAMEN) NETWORK TECHNOLOGY CO.,LTD.', 'Yealink'],
  ['Palo Alto Networks', 'Palo Alto Networks'],
  ['Juniper Networks', 'Juniper'],
  ['TP-LINK TECHNOLOGIES CO.,LTD.', 'TP-LINK'],
  ['DEUTA-WERKE GmbH', 'Deuta-Werke'],
  ['AVM Audiovisuelles Marketing und Computersysteme GmbH', 'AVM Audiovisuelles'],
  ['SHENZHEN BILIAN ELECTRONIC CO.，LTD', 'Bilian'],
  ['BUFFALO.INC', 'Buffalo'],
  ['Routerboard.com', 'Routerboard.com'],
  ['zte corporation', 'zte'],
  ['Nokia Danmark A/S', 'Nokia Danmark'],
  ['A/S', 'A/S'],
  ['K Technology Corporation', 'K'],
  ['(unknown)', '(unknown)'],
])('%s is shown as %s', (registered, shown) => {
  expect(shortVendorName(registered)).toBe(shown);
});

test('a name is never empty and never longer than its column', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 80 }), (registered) => {
      const length = shortVendorName(registered).length;
      expect(length >= 1 && length <= 20).toBe(true);
    }),
  );
});
