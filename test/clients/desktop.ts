/** What a home has of a person's desktop: a browser that every client finds, and the notes that it makes. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Choice, Visit } from './browser.ts'

/** The clients ask `xdg-open`, `open`, $BROWSER, or the desktop's own choice of a program: all of them lead to ours. */
export function installBrowser(path: string, { who, decision, chromium }: Choice): void {
  const browser = fileURLToPath(new URL('./browser.ts', import.meta.url))
  const choice = ['--who', who, '--decision', decision, ...(chromium ? ['--chromium'] : [])]
  const words = [process.execPath, browser, '--notes', join(path, 'visits'), ...choice].map(quoted).join(' ')
  // In a session of its own: a browser outlives the program that opened an address in it.
  const script = `#!/bin/sh\nsetsid ${words} "$1" </dev/null >/dev/null 2>&1 &\n`
  for (const name of ['xdg-open', 'open']) writeFileSync(join(path, 'bin', name), script, { mode: 0o755 })
  const entry = `[Desktop Entry]\nType=Application\nName=Browser\nExec=${join(path, 'bin', 'xdg-open')} %u\n`
  const applications = join(path, '.local', 'share', 'applications')
  mkdirSync(applications, { recursive: true })
  mkdirSync(join(path, '.config'), { recursive: true })
  writeFileSync(join(applications, 'browser.desktop'), entry)
  const kinds = ['http', 'https'].map((scheme) => `x-scheme-handler/${scheme}=browser.desktop\n`).join('')
  writeFileSync(join(path, '.config', 'mimeapps.list'), `[Default Applications]\n${kinds}`)
}

/** What the browser noted, once it was opened `least` times, or was not within ten seconds. */
export async function visitsOf(path: string, least: number): Promise<Visit[]> {
  const notes = join(path, 'visits')
  const read = (): Visit[] =>
    existsSync(notes)
      ? readFileSync(notes, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((each) => JSON.parse(each))
      : []
  for (const until = Date.now() + 10_000; read().length < least && Date.now() < until; )
    await new Promise((resolve) => setTimeout(resolve, 50))
  return read()
}

/** A word as a shell reads it. */
export const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`
