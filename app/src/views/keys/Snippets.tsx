/** Examples to copy. The first model that the gateway sells goes into them. */
import { useQuery } from '@tanstack/react-query'
import { modelsOf } from '../../gateway'
import { text } from '../../texts'
import { Card, Copy } from '../../ui/parts'
import cssCard from '../../ui/card.module.css'
import cssLayout from '../../ui/layout.module.css'

const t = text.keys

export function Snippets({ url }: { url: string }) {
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
        <div key={name} className={cssCard.snippet}>
          <div className={cssLayout.row}>
            <h3>{name}</h3>
            <span className={cssLayout.rowEnd}>
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
