export const Operator = () => null
