/** A choice among registered gateways, or nobody. */
import { useState } from 'react'
import { zeroAddress, type Address } from 'viem'
import { useChain } from '../chain/ChainProvider'
import { useGateways } from '../chain/useGateways'
import { shortAddress } from '../format'
import { text } from '../texts'
import { SelectField } from './fields'
import { Form, Submit } from './Submit'

/** A gateway by the host where it is reached, or by its address. */
export function useGatewayName(): (address: Address) => string {
  const { config } = useChain()
  return (address) => {
    if (address === zeroAddress) return text.common.nobody
    const url = config.gateways.get(address)
    return url ? `${new URL(url).host} (${shortAddress(address)})` : shortAddress(address)
  }
}

export function GatewayChooser({
  now,
  hint,
  onChoose,
}: {
  now: Address | undefined
  hint: string
  onChoose: (gateway: Address, name: string) => void
}) {
  const gateways = useGateways()
  const nameOf = useGatewayName()
  const [typed, setTyped] = useState<Address>()
  const open = gateways?.filter(({ allowed }) => allowed).map(({ address }) => address)
  const choices = [...(open ?? []), zeroAddress].map((value) => ({ value, label: nameOf(value) }))
  const value = typed ?? (now && choices.some((choice) => choice.value === now) ? now : choices[0]!.value)
  return (
    <Form onSubmit={() => onChoose(value, nameOf(value))}>
      <SelectField
        label={text.credit.choose}
        value={value}
        choices={choices}
        onChange={setTyped}
        hint={open?.length === 0 ? text.credit.noGateways : hint}
      />
      <Submit label={text.credit.chooseAction} disabled={open === undefined || value === now} quiet />
    </Form>
  )
}
