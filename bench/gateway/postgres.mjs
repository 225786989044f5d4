// A PostgreSQL server with the settings that it comes with, on a socket in a folder of its own.
import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from './server.mjs'

const USER = 'postgres'

/** Resolves to {database, version, stop, memory, cpu}; `database` makes one of a name and gives its address. */
export async function postgres(folder) {
  const place = join(folder, 'postgres')
  mkdirSync(place)
  const owner = process.getuid() === 0 ? { uid: id('-u'), gid: id('-g') } : {}
  if (owner.uid !== undefined) chownSync(place, owner.uid, owner.gid)
  const options = { ...owner, cwd: place }
  const data = join(place, 'data')
  execFileSync(program('initdb'), ['-A', 'trust', '-U', USER, '-E', 'UTF8', '--locale=C', '-D', data], { ...options, stdio: 'ignore' })
  const ready = async () => {
    execFileSync(program('pg_isready'), ['-q', '-h', place], { stdio: 'ignore' })
    return true
  }
  const args = ['-D', data, '-c', 'listen_addresses=', '-k', place]
  const server = await serve(program('postgres'), args, { ...options, log: join(folder, 'postgres.log'), ready })
  const version = execFileSync(program('postgres'), ['--version'], { encoding: 'utf8' }).trim()
  const database = (name) => {
    execFileSync(program('createdb'), ['-h', place, '-U', USER, name])
    return `postgres://${USER}@localhost/${name}?host=${place}`
  }
  return { ...server, database, version }
}

/** Whose server it is when root starts it, which PostgreSQL refuses to run as. */
const id = (of) => Number(execFileSync('id', [of, USER], { encoding: 'utf8' }))

/** Where Debian and others keep it when it is not on the path. */
function program(name) {
  const versions = ['/usr/lib/postgresql', '/opt/homebrew/opt'].filter(existsSync)
  const places = versions.flatMap((folder) => readdirSync(folder).map((version) => join(folder, version, 'bin')))
  const found = [...process.env.PATH.split(':'), ...places].map((place) => join(place, name)).find(existsSync)
  if (!found) throw new Error(`PostgreSQL's ${name} is not installed: run scripts/setup-postgres`)
  return found
}
