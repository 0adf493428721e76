/** Limits of uploads that leave no room for what another one allows. */
import { type Finding, warning } from './diagnostics.ts';
import type { WrittenConfig } from './schema.ts';

/** Warns of a quota that is smaller than the largest file. */
export function checkUploads({ tftp }: Pick<WrittenConfig, 'tftp'>): readonly Finding[] {
  const { policy, maxSize, quota, quotaPerDevice } = tftp.uploads;
  const quotas = policy === 'deny' ? {} : { quota, quotaPerDevice: policy === 'version' ? quotaPerDevice : undefined };
  return Object.entries(quotas).flatMap(([key, octets]) =>
    octets === undefined || octets >= maxSize
      ? []
      : [
          warning(
            ['tftp', 'uploads', key],
            `a file of the size that \`maxSize\` allows would not fit into \`${key}\``,
            'make this larger, or `maxSize` smaller',
          ),
        ],
  );
}
