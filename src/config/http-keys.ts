/** Keys of `http`. */
import { z } from 'zod';
import { portOrOffValue } from './values.ts';

/** Which files there are and who may read them is said in `tftp`. */
export const httpSchema = z
  .strictObject({
    port: portOrOffValue
      .prefault(8080)
      .describe(
        'The port at the server’s own addresses in its networks; `off` serves nothing by HTTP. Clients and URLs without a port mean 80.',
      ),
  })
  .prefault({})
  .describe('Files by HTTP: those of `tftp.root`, by the same names, and for whom `tftp.allow`, `tftp.deny` and `tftp.secure` let read.');
