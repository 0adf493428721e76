/** What classes mean together and beside the networks. */
import { fitsGlob } from '../boot/glob.ts';
import { error, type Finding, warning } from './diagnostics.ts';
import type { WrittenClass } from './schema.ts';
import { networkName, type Placed, type WellFormed } from './well-formed.ts';

/** Everything about classes that their shape does not say, save their pools and lease times. */
export function checkClasses(parts: WellFormed): readonly Finding[] {
  return parts.classes.flatMap((one, at) => [
    ...checkName(one, parts.classes.slice(0, at)),
    ...checkMatch(one),
    ...checkNetworkNames(one, parts),
    ...checkDenial(one),
  ]);
}

function checkName({ path, value }: Placed<WrittenClass>, earlier: readonly Placed<WrittenClass>[]): readonly Finding[] {
  const isTwice = earlier.some((other) => other.value.name === value.name);
  return isTwice ? [error([...path, 'name'], `two classes have the name ${value.name}`)] : [];
}

function checkMatch({ path, value }: Placed<WrittenClass>): readonly Finding[] {
  if (Object.values(value.match).some((wanted) => wanted !== undefined)) return [];
  const hint = 'say what its clients have in common; `network: "*"` fits all of them';
  return [error([...path, 'match'], 'nothing is said about who belongs to this class', hint)];
}

function checkNetworkNames({ path, value }: Placed<WrittenClass>, { networks, hasAllNetworks }: WellFormed): readonly Finding[] {
  if (!hasAllNetworks) return [];
  const names = networks.map(networkName);
  return (value.match.network ?? []).flatMap((pattern) =>
    names.some((name) => fitsGlob(pattern, name))
      ? []
      : [error([...path, 'match', 'network'], `no network has a name like ${pattern}`, `they are ${names.join(', ')}`)],
  );
}

/** A refused client is given nothing. */
function checkDenial({ path, value }: Placed<WrittenClass>): readonly Finding[] {
  if (!value.deny) return [];
  const given = value.pools !== undefined || value.leaseTime !== undefined || value.options.length > 0 || value.boot.file !== undefined;
  return given ? [warning([...path, 'deny'], 'clients of this class get no answer, so its other keys do nothing')] : [];
}
