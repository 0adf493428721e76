/** Faults of the other side are values; faults of our own are exceptions. */

/** Outcome of something that may fail for reasons outside this program. */
export type Result<Value, Fault> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: Fault };

/** A success. */
export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

/** A failure that the caller has to look at. */
export function err<Fault>(error: Fault): { readonly ok: false; readonly error: Fault } {
  return { ok: false, error };
}

/** Throws when a condition that only a bug of ours can break does not hold. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}

/** What was thrown, in words. */
export function faultText(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}

/** Makes the compiler prove that every case of a union was handled. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
