/** Sign-ins that were ended before their time: revoked, or their code or refresh token was used twice. */
import type { ReplayGuard } from '../ports.ts'

/** `family` names the sign-in; `ttl`, in seconds, is how long a token of it could still live. */
export function deny(replay: ReplayGuard, family: string, ttl: number): Promise<void> {
  return replay.put(`denied:${family}`, '1', ttl)
}

export async function isDenied(replay: ReplayGuard, family: string): Promise<boolean> {
  return (await replay.get(`denied:${family}`)) !== undefined
}
