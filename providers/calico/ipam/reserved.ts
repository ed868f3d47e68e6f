/** Attribute `type` of an address that is reserved for a service: drivers use it, but neither take nor free it. */
export const SERVICE_ADDRESS_TYPE = "clocker";

/** Handle of the address of a service, by the service's physical name. */
export function serviceHandle(physicalName: string): string {
  return `clocker-${physicalName}`;
}
