export const Leases = () => null
