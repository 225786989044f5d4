/** Makes a key at a gateway by a signature, and shows it this once. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { stringToHex, type Address } from 'viem'
import { useLeases } from '../../chain/useLeases'
import { keyText, makeKey, type Key } from '../../gateway'
import { text } from '../../texts'
import { Dialog } from '../../ui/Dialog'
import { SelectField, TextField } from '../../ui/fields'
import { Card, Copy, Notice } from '../../ui/parts'
import { Form, Submit } from '../../ui/Submit'
import { useWallet } from '../../wallet/useWallet'
import cssButton from '../../ui/button.module.css'
import cssDialog from '../../ui/Dialog.module.css'
import cssField from '../../ui/fields.module.css'
import cssText from '../../ui/text.module.css'
import { adminKey } from './adminKey'
import { wordsOf } from './words'

const t = text.keys

export function MakeCard({ url, account }: { url: string; account: Address | undefined }) {
  const { provider } = useWallet()
  const queries = useQueryClient()
  const leases = useLeases(account)?.filter(({ lessee }) => lessee === account)
  const [wish, setWish] = useState({ admin: false, description: '', limit: '', lease: '' })
  const [state, setState] = useState<{ busy?: boolean; problem?: string; made?: Key }>({})
  const set = (change: Partial<typeof wish>) => setWish((now) => ({ ...now, ...change }))
  const badLimit = wish.limit !== '' && !/^\d+(\.\d{1,18})?$/.test(wish.limit) ? text.field.number : undefined
  const make = async () => {
    setState({ busy: true })
    try {
      const token = await keyText(url, account!)
      const wallet = await provider()
      const asked = { method: 'personal_sign', params: [stringToHex(token), account] }
      const signature = (await wallet.request(asked)) as string
      const { lease, ...rest } = wish
      const made = await makeKey(url, { address: account!, signature, token }, lease === '' ? rest : { ...rest, lease })
      const { apiKey } = made
      if (wish.admin && apiKey) adminKey.set(() => apiKey)
      setState({ made })
      await queries.invalidateQueries({ queryKey: ['keys', url] })
    } catch (error) {
      setState({ problem: wordsOf(error) })
    }
  }
  const choices = [
    { value: '', label: t.own },
    ...(leases ?? []).map(({ id }) => ({ value: id.toString(), label: t.leaseOption(id) })),
  ]
  return (
    <Card title={t.make}>
      <Form
        onSubmit={() => {
          if (!badLimit && !state.busy) void make()
        }}
      >
        <TextField
          label={t.description}
          hint={t.descriptionHint}
          value={wish.description}
          onChange={(description) => set({ description })}
        />
        <TextField
          label={t.limit}
          hint={t.limitHint}
          value={wish.limit}
          onChange={(limit) => set({ limit })}
          problem={badLimit}
        />
        {choices.length > 1 && (
          <SelectField label={t.spends} value={wish.lease} choices={choices} onChange={(lease) => set({ lease })} />
        )}
        <label className={cssField.check}>
          <input type="checkbox" checked={wish.admin} onChange={(event) => set({ admin: event.target.checked })} />
          <span>{t.admin}</span>
        </label>
        <div aria-live="polite">
          {state.busy && <p className={cssText.muted}>{t.signing}</p>}
          {state.problem && <Notice kind="bad">{state.problem}</Notice>}
        </div>
        <Submit label={t.action} disabled={state.busy === true || badLimit !== undefined} />
      </Form>
      {state.made?.apiKey && (
        <Dialog title={t.key} onClose={() => setState({})}>
          <p>{t.once}</p>
          <pre data-fact="key" className={cssDialog.secret} tabIndex={0}>
            {state.made.apiKey}
          </pre>
          <div className={cssDialog.dialogActions}>
            <Copy value={state.made.apiKey} />
            <button type="button" className={`${cssButton.button} ${cssButton.primary}`} onClick={() => setState({})}>
              {t.kept}
            </button>
          </div>
        </Dialog>
      )}
    </Card>
  )
}
