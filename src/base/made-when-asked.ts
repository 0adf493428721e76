/** What costs its making, and may not be needed at all: made when it is asked for, once. */
export function madeWhenAsked<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
