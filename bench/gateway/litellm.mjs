// LiteLLM's proxy with the one budget that it keeps without a database: a provider's.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../lib/chain.mjs'
import { ROOT } from '../lib/tools.mjs'
import { answers, serve } from './server.mjs'

const VENV = join(ROOT, 'bench', 'gateway', '.venv', 'bin')
const KEY = 'sk-bench'

export const version = () =>
  execFileSync(join(VENV, 'python'), ['-c', 'from importlib.metadata import version; print(version("litellm"))'], { encoding: 'utf8' }).trim()

/** Starts it before `upstream`, with so many dollars a day. Resolves to {base, key, stop, memory, cpu}. */
export async function litellm(folder, { upstream, models, budget, workers, name }) {
  const place = join(folder, name)
  mkdirSync(place)
  const config = {
    model_list: Object.entries(models).map(([model, { input, output }]) => ({
      model_name: model,
      litellm_params: {
        model: `openai/${model}`,
        api_base: upstream,
        api_key: 'none',
        input_cost_per_token: Number(input) / 1e6,
        output_cost_per_token: Number(output) / 1e6,
      },
    })),
    litellm_settings: { telemetry: false, set_verbose: false },
    router_settings: { provider_budget_config: { openai: { budget_limit: budget, time_period: '1d' } } },
    general_settings: { master_key: KEY },
  }
  // JSON is YAML.
  writeFileSync(join(place, 'config.yaml'), JSON.stringify(config, null, 2))
  const port = await freePort()
  const args = ['--config', 'config.yaml', '--host', '127.0.0.1', '--port', String(port), '--num_workers', String(workers)]
  const server = await serve(join(VENV, 'litellm'), args, {
    cwd: place,
    env: { PATH: process.env.PATH, HOME: place, LITELLM_LOG: 'ERROR', LITELLM_MODE: 'PRODUCTION', LITELLM_LOCAL_MODEL_COST_MAP: 'True' },
    log: join(folder, `${name}.log`),
    ready: answers(`http://127.0.0.1:${port}/health/liveliness`),
  })
  return { ...server, base: `http://127.0.0.1:${port}/v1`, key: KEY }
}
