/** The keys that an admin key sees, what they used, and their limits and revocation. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { limitKey, listKeys, revokeKey, usageOf, byDayAndModel, type Key } from '../../gateway'
import { useStore } from '../../store'
import { text } from '../../texts'
import { Dialog } from '../../ui/Dialog'
import { TextField } from '../../ui/fields'
import { Card, Empty, Notice, Table, Usd } from '../../ui/parts'
import cssButton from '../../ui/button.module.css'
import cssCard from '../../ui/card.module.css'
import cssDialog from '../../ui/Dialog.module.css'
import cssField from '../../ui/fields.module.css'
import cssLayout from '../../ui/layout.module.css'
import cssParts from '../../ui/parts.module.css'
import cssTable from '../../ui/Table.module.css'
import cssText from '../../ui/text.module.css'
import { adminKey } from './adminKey'
import { dollars, wordsOf } from './words'

const t = text.keys

export function KeyList({ url }: { url: string }) {
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
      <p className={cssText.muted}>{t.listLead}</p>
      <form
        className={cssField.form}
        onSubmit={(event) => {
          event.preventDefault()
          adminKey.set(() => typed.trim())
          setTyped('')
          void again()
        }}
      >
        <TextField label={t.adminKey} value={typed} onChange={setTyped} type="password" mono />
        <button type="submit" className={cssButton.button} disabled={typed.trim() === ''}>
          {t.show}
        </button>
      </form>
      {error && <Notice kind="bad">{wordsOf(error)}</Notice>}
      {data?.keys.map((key) => (
        <article className={cssCard.item} key={key.id} aria-label={key.description || key.last6Chars}>
          <div className={cssLayout.row}>
            <h3>{key.description || `…${key.last6Chars}`}</h3>
            <span className={cssParts.tag}>{t.kind[key.apiKeyType] ?? key.apiKeyType}</span>
            <span className={cssLayout.rowEnd}>
              <button
                type="button"
                className={`${cssButton.button} ${cssButton.small}`}
                onClick={() => setAsked({ key, what: 'limit' })}
              >
                {t.change}
                <span className={cssText.hidden}> …{key.last6Chars}</span>
              </button>
              <button
                type="button"
                className={`${cssButton.button} ${cssButton.small}`}
                onClick={() => setAsked({ key, what: 'revoke' })}
              >
                {t.revoke}
                <span className={cssText.hidden}> …{key.last6Chars}</span>
              </button>
            </span>
          </div>
          <p className={cssCard.hint}>
            …{key.last6Chars} · {t.used} {dollars(key.currentPeriodUsage?.usd)} ·{' '}
            {key.consumptionLimit.usd === null
              ? t.unlimited
              : `${dollars(key.consumptionLimit.usd)} ${text.common.perDay}`}
          </p>
        </article>
      ))}
      {data && (
        <>
          <h3 className={cssCard.itemHead}>{t.usage}</h3>
          {data.usage.length === 0 ? (
            <Empty>{t.noUsage}</Empty>
          ) : (
            <Table label={t.usage} head={[t.day, t.model, t.requests, t.tokens, t.cost]}>
              {byDayAndModel(data.usage).map((sum) => (
                <tr key={`${sum.day}/${sum.model}`}>
                  <td data-label={t.day}>{sum.day}</td>
                  <td className={cssTable.wrap} data-label={t.model}>
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
    <Dialog title={what === 'revoke' ? t.revokeTitle : t.limitTitle} onClose={onClose}>
      <form
        className={cssField.form}
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
        <div className={cssDialog.dialogActions}>
          <button type="button" className={`${cssButton.button} ${cssButton.quiet}`} onClick={onClose}>
            {text.common.cancel}
          </button>
          <button type="submit" className={`${cssButton.button} ${cssButton.primary}`}>
            {what === 'revoke' ? t.revoke : text.settings.save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
