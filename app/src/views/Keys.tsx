import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useChain, useReads } from '../chain/ChainProvider'
import { httpUrl } from '../config'
import { accountOf } from '../gateway'
import { settings } from '../settings'
import { useStore } from '../store'
import { text } from '../texts'
import { TextField } from '../ui/fields'
import { Addr, Card, Fact, Facts, Notice } from '../ui/parts'
import { useWallet } from '../wallet/useWallet'
import cssButton from '../ui/button.module.css'
import cssField from '../ui/fields.module.css'
import cssLayout from '../ui/layout.module.css'
import { KeyList } from './keys/KeyList'
import { MakeCard } from './keys/MakeCard'
import { Snippets } from './keys/Snippets'

const t = text.keys

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
      <div className={cssLayout.hero}>
        <h1>{t.title}</h1>
        <p className={cssLayout.lead}>{t.lead}</p>
      </div>
      <div className={cssLayout.columns}>
        <div className={cssLayout.stack}>
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
        <div className={cssLayout.stack}>
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
      className={cssField.form}
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
      <button type="submit" className={cssButton.button}>
        {t.use}
      </button>
    </form>
  )
}
