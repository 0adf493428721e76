/** The frame of the page: what is open, and how to go elsewhere. */
export function App() {
  return <h1>Bootlace</h1>;
}
