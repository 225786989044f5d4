import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { stringToHex, type Address } from 'viem'
import { useChain, useReads } from '../chain/ChainProvider'
import { explain } from '../chain/explain'
import { useLeases } from '../chain/useLeases'
import { httpUrl } from '../config'
import {
  accountOf,
  keyText,
  GatewayError,
  limitKey,
  listKeys,
  makeKey,
  modelsOf,
  revokeKey,
  usageOf,
  byDayAndModel,
  type Key,
} from '../gateway'
import { settings } from '../settings'
import { persisted, useStore } from '../store'
import { text } from '../texts'
import { Dialog } from '../ui/Dialog'
import { SelectField, TextField } from '../ui/fields'
import { Addr, Card, Copy, Empty, Fact, Facts, Notice, Table, Usd } from '../ui/parts'
import { Form, Submit } from '../ui/Submit'
import { useWallet } from '../wallet/useWallet'

const t = text.keys
/** The admin key stays in this tab. */
const adminKey = persisted('diem.admin-key', '', sessionStorage)

const wordsOf = (error: unknown): string => (error instanceof GatewayError ? error.message : explain(error).message)

/** Dollars as the gateway writes them: exact decimals, with or without a sign. */
const dollars = (amount: string | null | undefined): string => `$${(amount ?? '0').replace(/^-/, '')}`

export function Keys() {
  const { config } = useChain()
  const { account } = useWallet()
  const { gateways } = useStore(settings)
  const line = useReads('keys', [account], (read) => read('diem', 'lineOf', account!), account !== undefined)
  const gateway = line?.[3]
  const known = gateway && (gateways[gateway] ?? config.gateways.get(gateway))
  const [url, setUrl] = useState<string>()
  const used = url ?? known
  const { data: says } = useQuery({
    queryKey: ['account', used],
    queryFn: () => accountOf(used!),
    enabled: used !== undefined,
    networkMode: 'always',
    retry: false,
  })
  const others = says !== undefined && gateway !== undefined && says.toLowerCase() !== gateway.toLowerCase()
  return (
    <>
      <div className="hero">
        <h1>{t.title}</h1>
        <p className="lead">{t.lead}</p>
      </div>
      <div className="columns">
        <div className="stack">
          <Card title={text.credit.gateway}>
            {account && (
              <Facts rows>
                <Fact term={text.credit.gatewayToday}>
                  <Addr address={gateway} />
                </Fact>
              </Facts>
            )}
            <UrlForm
              key={known}
              known={known ?? ''}
              onUse={(typed) => {
                setUrl(typed)
                if (gateway) settings.set((now) => ({ ...now, gateways: { ...now.gateways, [gateway]: typed } }))
              }}
            />
            {others && <Notice kind="warn">{t.notYours}</Notice>}
          </Card>
          {used && <MakeCard url={used} account={account} />}
        </div>
        <div className="stack">
          {used && <KeyList url={used} />}
          {used && <Snippets url={used} />}
        </div>
      </div>
    </>
  )
}

function UrlForm({ known, onUse }: { known: string; onUse: (url: string) => void }) {
  const [typed, setTyped] = useState(known)
  const [problem, setProblem] = useState<string>()
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        try {
          onUse(httpUrl(typed.trim(), ''))
          setProblem(undefined)
        } catch {
          setProblem(text.settings.badUrl)
        }
      }}
    >
      <TextField label={t.url} hint={t.urlHint} value={typed} onChange={setTyped} problem={problem} mono />
      <button type="submit" className="button">
        {t.use}
      </button>
    </form>
  )
}

function MakeCard({ url, account }: { url: string; account: Address | undefined }) {
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
        <label className="check">
          <input type="checkbox" checked={wish.admin} onChange={(event) => set({ admin: event.target.checked })} />
          <span>{t.admin}</span>
        </label>
        <div aria-live="polite">
          {state.busy && <p className="muted">{t.signing}</p>}
          {state.problem && <Notice kind="bad">{state.problem}</Notice>}
        </div>
        <Submit label={t.action} disabled={state.busy === true || badLimit !== undefined} />
      </Form>
      {state.made?.apiKey && (
        <Dialog title={t.key} onClose={() => setState({})}>
          <p>{t.once}</p>
          <pre data-fact="key" tabIndex={0}>
            {state.made.apiKey}
          </pre>
          <div className="dialog-actions">
            <Copy value={state.made.apiKey} />
            <button type="button" className="button primary" onClick={() => setState({})}>
              {t.kept}
            </button>
          </div>
        </Dialog>
      )}
    </Card>
  )
}

function KeyList({ url }: { url: string }) {
  const queries = useQueryClient()
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState<{ key: Key; what: 'revoke' | 'limit' }>()
  const admin = useStore(adminKey)
  const { data, error } = useQuery({
    queryKey: ['keys', url, admin],
    queryFn: async () => {
      const [keys, usage] = await Promise.all([listKeys(url, admin), usageOf(url, admin)])
      return { keys, usage }
    },
    enabled: admin !== '',
    networkMode: 'always',
    retry: false,
  })
  const again = () => queries.invalidateQueries({ queryKey: ['keys', url] })
  return (
    <Card title={t.list}>
      <p className="muted">{t.listLead}</p>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          adminKey.set(() => typed.trim())
          setTyped('')
          void again()
        }}
      >
        <TextField label={t.adminKey} value={typed} onChange={setTyped} type="password" mono />
        <button type="submit" className="button" disabled={typed.trim() === ''}>
          {t.show}
        </button>
      </form>
      {error && <Notice kind="bad">{wordsOf(error)}</Notice>}
      {data?.keys.map((key) => (
        <article className="item" key={key.id} aria-label={key.description || key.last6Chars}>
          <div className="row">
            <h3>{key.description || `…${key.last6Chars}`}</h3>
            <span className="tag">{t.kind[key.apiKeyType] ?? key.apiKeyType}</span>
            <span className="row-end">
              <button type="button" className="button small" onClick={() => setAsked({ key, what: 'limit' })}>
                {t.change}
                <span className="hidden"> …{key.last6Chars}</span>
              </button>
              <button type="button" className="button small" onClick={() => setAsked({ key, what: 'revoke' })}>
                {t.revoke}
                <span className="hidden"> …{key.last6Chars}</span>
              </button>
            </span>
          </div>
          <p className="field-hint">
            …{key.last6Chars} · {t.used} {dollars(key.currentPeriodUsage?.usd)} ·{' '}
            {key.consumptionLimit.usd === null
              ? t.unlimited
              : `${dollars(key.consumptionLimit.usd)} ${text.common.perDay}`}
          </p>
        </article>
      ))}
      {data && (
        <>
          <h3 className="item-head">{t.usage}</h3>
          {data.usage.length === 0 ? (
            <Empty>{t.noUsage}</Empty>
          ) : (
            <Table label={t.usage} head={[t.day, t.model, t.requests, t.tokens, t.cost]}>
              {byDayAndModel(data.usage).map((sum) => (
                <tr key={`${sum.day}/${sum.model}`}>
                  <td data-label={t.day}>{sum.day}</td>
                  <td className="wrap" data-label={t.model}>
                    {sum.model}
                  </td>
                  <td data-label={t.requests}>{sum.requests.toLocaleString('en')}</td>
                  <td data-label={t.tokens}>
                    {sum.prompt.toLocaleString('en')} / {sum.completion.toLocaleString('en')}
                  </td>
                  <td data-label={t.cost}>
                    <Usd wad={sum.cost} places={6} />
                  </td>
                </tr>
              ))}
            </Table>
          )}
        </>
      )}
      {asked && (
        <ChangeDialog
          url={url}
          admin={admin}
          asked={asked}
          onClose={() => setAsked(undefined)}
          onDone={() => void again()}
        />
      )}
    </Card>
  )
}

function ChangeDialog({
  url,
  admin,
  asked: { key, what },
  onClose,
  onDone,
}: {
  url: string
  admin: string
  asked: { key: Key; what: 'revoke' | 'limit' }
  onClose: () => void
  onDone: () => void
}) {
  const [limit, setLimit] = useState(key.consumptionLimit.usd ?? '')
  const [problem, setProblem] = useState<string>()
  const bad = limit !== '' && !/^\d+(\.\d{1,18})?$/.test(limit) ? text.field.number : undefined
  const act = async () => {
    try {
      await (what === 'revoke' ? revokeKey(url, admin, key.id) : limitKey(url, admin, key.id, limit))
      onDone()
      onClose()
    } catch (error) {
      setProblem(wordsOf(error))
    }
  }
  return (
    <Dialog title={what === 'revoke' ? t.revokeTitle : t.limit} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (!bad) void act()
        }}
      >
        {what === 'revoke' ? (
          <p>{t.revokeBody}</p>
        ) : (
          <TextField label={t.limit} hint={t.limitHint} value={limit} onChange={setLimit} problem={bad} />
        )}
        <div aria-live="polite">{problem && <Notice kind="bad">{problem}</Notice>}</div>
        <div className="dialog-actions">
          <button type="button" className="button quiet" onClick={onClose}>
            {text.common.cancel}
          </button>
          <button type="submit" className="button primary">
            {what === 'revoke' ? t.revoke : text.settings.save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** The first model that the gateway sells goes into the examples. */
function Snippets({ url }: { url: string }) {
  const { data: models } = useQuery({
    queryKey: ['models', url],
    queryFn: () => modelsOf(url),
    networkMode: 'always',
    retry: false,
    staleTime: Infinity,
  })
  const model = models?.[0] ?? 'MODEL'
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] })
  const shell = body.replaceAll("'", "'\\''")
  const curl = [
    `curl ${url}/v1/chat/completions \\`,
    `  -H "authorization: Bearer $DIEM_API_KEY" \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '${shell}'`,
  ].join('\n')
  const python = [
    'import os',
    'from openai import OpenAI',
    '',
    `client = OpenAI(base_url=${JSON.stringify(`${url}/v1`)}, api_key=os.environ["DIEM_API_KEY"])`,
    'answer = client.chat.completions.create(',
    `    model=${JSON.stringify(model)},`,
    '    messages=[{"role": "user", "content": "Hello"}],',
    ')',
    'print(answer.choices[0].message.content)',
  ].join('\n')
  return (
    <Card title={t.snippets}>
      {[
        [t.curl, curl],
        [t.python, python],
      ].map(([name, code]) => (
        <div key={name} className="snippet">
          <div className="row">
            <h3>{name}</h3>
            <span className="row-end">
              <Copy value={code!} />
            </span>
          </div>
          <pre tabIndex={0} aria-label={name}>
            {code}
          </pre>
        </div>
      ))}
    </Card>
  )
}
