/** Patterns that can never fit anything. */

const MAC_DIGITS = 12;

/** What is wrong with a pattern of MAC addresses; undefined for one that some address fits. */
export function macPatternFault(pattern: string): string | undefined {
  const marks = pattern.replace(/[:.-]/g, '');
  const digits = marks.replaceAll('*', '');
  if (!/^[0-9a-f?]*$/i.test(digits)) return 'must be a MAC address with wildcards such as dc:a6:32:*';
  const fits = marks.includes('*') ? digits.length <= MAC_DIGITS : digits.length === MAC_DIGITS;
  return fits ? undefined : `must have the ${MAC_DIGITS} digits of a MAC address, or a * for those that are left out`;
}
