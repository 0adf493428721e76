/** What the keys of `tftp` mean together. */
import { nearestName } from '../base/near-name.ts';
import { error, type Finding, warning } from './diagnostics.ts';
import { shadowOf } from './remap-rule.ts';
import type { WrittenConfig } from './schema.ts';

/** Rules for names that no name can come to, classes that do not exist, ports that nobody uses. */
export function checkTftp({ tftp, classes }: WrittenConfig): readonly Finding[] {
  return [...checkRemap(tftp), ...checkClassNames(tftp, classes), ...checkPorts(tftp)];
}

function checkRemap(tftp: WrittenConfig['tftp']): readonly Finding[] {
  return tftp.remap.flatMap((_, at) => {
    const shadow = shadowOf(tftp.remap, at);
    if (shadow === undefined) return [];
    return [warning(['tftp', 'remap', at, 'match'], `no name comes to this rule: rule ${shadow + 1} takes all that it could fit`)];
  });
}

function checkPorts({ singlePort, portRange }: WrittenConfig['tftp']): readonly Finding[] {
  if (!singlePort || portRange === undefined) return [];
  return [warning(['tftp', 'portRange'], 'with `singlePort` all transfers go on from port 69, so this range does nothing')];
}

function checkClassNames({ allow, deny, uploads }: WrittenConfig['tftp'], classes: WrittenConfig['classes']): readonly Finding[] {
  const names = classes.map(({ name }) => name);
  const lists = [
    { path: ['tftp', 'allow'], list: allow },
    { path: ['tftp', 'deny'], list: deny },
    { path: ['tftp', 'uploads', 'allow'], list: uploads.allow },
    { path: ['tftp', 'uploads', 'deny'], list: uploads.deny },
  ];
  return lists.flatMap(({ path, list }) =>
    list.flatMap((who, at) => {
      if (who.kind !== 'class' || names.includes(who.name)) return [];
      const near = nearestName(who.name, names);
      return [error([...path, at], `no class has the name ${who.name}`, near === undefined ? undefined : `did you mean \`${near}\`?`)];
    }),
  );
}
