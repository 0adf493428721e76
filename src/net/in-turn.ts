/** Makes calls wait for each other: the next one starts when the one before has settled, well or badly. */
export function inTurn<Argument, Value>(work: (argument: Argument) => Promise<Value>): (argument: Argument) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (argument) => {
    const result = last.then(() => work(argument));
    last = result.catch(() => undefined);
    return result;
  };
}
