/** The registry of node-dhcp, as far as it is used here: option rows by code. */
declare module 'dhcp/lib/options.js' {
  interface RegistryRow {
    readonly name: string;
    /** Its name in a configuration. */
    readonly config?: string;
    /** Its name among what clients send. */
    readonly attr?: string;
  }
  const registry: { readonly opts: Readonly<Record<string, RegistryRow>> };
  export default registry;
}
