/** How full each network is; pressing one shows its leases alone. */
import type { JSX } from 'preact';
import type { ServedNetworkShape } from '../../../../api/server-shapes.ts';

/** From here on a pool is nearly empty. */
const NEARLY_FULL = 0.9;

export interface NetworkMetersProps {
  readonly networks: readonly ServedNetworkShape[];
  /** Empty: all. */
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

export function NetworkMeters({ networks, chosen, onChoose }: NetworkMetersProps): JSX.Element {
  return (
    <fieldset class="meters">
      <legend class="unseen">Networks</legend>
      {networks.map((network) => (
        <NetworkMeter
          key={network.name}
          network={network}
          isChosen={network.name === chosen}
          onPress={() => onChoose(network.name === chosen ? '' : network.name)}
        />
      ))}
    </fieldset>
  );
}

function NetworkMeter({
  network,
  isChosen,
  onPress,
}: {
  network: ServedNetworkShape;
  isChosen: boolean;
  onPress: () => void;
}): JSX.Element {
  const { name, size, taken, quarantined, isServed, why, mode } = network;
  const share = size === 0 ? 0 : taken / size;
  const aside = size === 0 ? 0 : quarantined / size;
  return (
    <button type="button" class="meter" aria-pressed={isChosen} onClick={onPress}>
      <span class="meter-head">
        <strong>{name}</strong>
        <span class="faint">{network.address ?? network.interface}</span>
      </span>
      {size > 0 && (
        <svg class="meter-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect class="meter-ground" width="100" height="6" />
          <rect class={share >= NEARLY_FULL ? 'meter-full' : 'meter-taken'} width={share * 100} height="6" />
          <rect class="meter-aside" x={share * 100} width={aside * 100} height="6" />
        </svg>
      )}
      <span class="meter-words">
        {size === 0 ? (mode === 'proxy' ? 'Another server gives the addresses' : 'No pool') : `${taken} of ${size} taken`}
        {quarantined > 0 && `, ${quarantined} quarantined`}
        {share >= NEARLY_FULL && <span class="meter-warning"> · {size - taken - quarantined <= 0 ? 'full' : 'nearly full'}</span>}
      </span>
      {!isServed && <span class="meter-why">Not served: {why ?? 'switched off'}</span>}
    </button>
  );
}
