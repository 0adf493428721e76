import { describe, expect, it } from 'vitest';
import { OPTION } from '../../src/dhcp/codes.ts';
import { message, told } from '../support/dhcp-client.ts';
import { EngineBench } from '../support/dhcp-engine.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe('What is told of who asks', () => {
  it.each([
    [
      'Cisco’s phones end their class with a NUL (RFC 2132 §2)',
      'Cisco Systems, Inc. IP Phone CP-7962G\0',
      'Cisco Systems, Inc. IP Phone CP-7962G',
    ],
    ['a PXE ROM', 'PXEClient:Arch:00007:UNDI:003016', 'PXEClient:Arch:00007:UNDI:003016'],
    ['a class that never ends', 'x'.repeat(5_000), expect.stringMatching(/^x{1,255}$/)],
  ])('its class: %s', (_who, sent, wanted) => {
    const options = [[OPTION.vendorClass, bytes(sent)]] as const;
    const [offered] = told(new EngineBench().receive(message('DISCOVER', '00:1b:54:aa:bb:cc', { options })));
    expect(offered).toMatchObject({ type: 'dhcp.offered', vendorClass: wanted as string });
  });
});
