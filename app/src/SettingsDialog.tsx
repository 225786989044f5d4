import { useState } from 'react'
import { useChain } from './chain/ChainProvider'
import { httpUrl } from './config'
import { settings, type Settings } from './settings'
import { useStore } from './store'
import { text } from './texts'
import { Dialog } from './ui/Dialog'
import { SelectField, TextField } from './ui/fields'
import { Segments } from './ui/parts'
import cssButton from './ui/button.module.css'
import cssCard from './ui/card.module.css'
import cssField from './ui/fields.module.css'

const THEMES = (['system', 'light', 'dark'] as const).map((value) => ({ value, label: text.settings[value] }))

export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const { config, node } = useChain()
  const now = useStore(settings)
  const chainId = node.deployment.chainId
  const [url, setUrl] = useState(now.nodes[chainId] ?? '')
  const [problem, setProblem] = useState<string>()
  const set = (change: Partial<Settings>) => settings.set((before) => ({ ...before, ...change }))
  const save = () => {
    try {
      const { [chainId]: _, ...others } = now.nodes
      set({ nodes: url.trim() === '' ? others : { ...others, [chainId]: httpUrl(url.trim(), '') } })
      location.reload()
    } catch {
      setProblem(text.settings.badUrl)
    }
  }
  return (
    <Dialog title={text.settings.title} onClose={onClose}>
      <div className={cssField.form}>
        <Segments label={text.settings.theme} choices={THEMES} value={now.theme} onChange={(theme) => set({ theme })} />
        <label className={cssField.check}>
          <input type="checkbox" checked={now.exact} onChange={(event) => set({ exact: event.target.checked })} />
          <span>
            {text.settings.exact}
            <span className={cssCard.hint}>{text.settings.exactHint}</span>
          </span>
        </label>
        {config.deployments.length > 1 && (
          <SelectField
            label={text.settings.network}
            value={String(chainId)}
            choices={config.deployments.map((item) => ({ value: String(item.chainId), label: item.name }))}
            onChange={(id) => {
              set({ chainId: Number(id) })
              location.reload()
            }}
          />
        )}
        <form
          className={cssField.form}
          onSubmit={(event) => {
            event.preventDefault()
            save()
          }}
        >
          <TextField
            label={text.settings.node}
            hint={text.settings.nodeHint}
            problem={problem}
            value={url}
            onChange={setUrl}
            mono
          />
          <button type="submit" className={cssButton.button}>
            {text.settings.save}
          </button>
        </form>
      </div>
    </Dialog>
  )
}
