/** Goes on with a value: at once where it is there, else when it comes. A storm of small files has no time for a turn of promises each. */
export function whenKnown<Value, Next>(value: Value | Promise<Value>, next: (value: Value) => Next | Promise<Next>): Next | Promise<Next> {
  return value instanceof Promise ? value.then(next) : next(value);
}
