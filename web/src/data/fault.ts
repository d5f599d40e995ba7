// What the server refuses, in the reader's language: by the fault's name and what varies in its sentence
// (src/serve/fault.def); what has no words here is said as the server says it.
import { dateAndTime } from '../format';
import { tOr, tWith } from '../words';
import { quoted } from '../words/speak';

export interface Fault {
    error?: string;
    code?: string;
    field?: string;
    said?: string[];
}

const instant = (s: string) => (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(s) ? dateAndTime(Date.parse(s) / 1000) : s);
const inWords: Record<string, (said: string[]) => string[]> = {
    changed: ([kind, key, who, when, n]) => [tOr(`edit.one.${kind}`, kind), key, who, instant(when), n],
    gone: ([kind, key]) => [tOr(`edit.one.${kind}`, kind), key],
    no_key: ([value, kind]) => [value, tOr(`edit.one.${kind}`, kind)],
    clearance_clash: ([key, state, from]) => [key, tOr(`term.${state}`, state), instant(from)],
    not_before: ([field]) => [tOr(`item.${field}`, field)],
    not_less: ([field]) => [tOr(`item.${field}`, field)],
};
/* What stood where a rule has its slip: 'so', or the end. */
const found = (s: string) => (s === 'the end' || /^'.*'$/s.test(s) ? tWith(`fault.${s === 'the end' ? 'ended' : 'found'}`, [s.slice(1, -1)]) || s : s);
/* Names that only say what kind of refusal it is: the server's sentence says more. */
const GENERAL = ['refused', 'forbidden', 'not_found', 'no_method', 'conflict', 'no_length', 'too_large', 'not_json', 'not_believed', 'not_available', 'not_written'];

export function faultText(status: number, f: Fault): string {
    const code = f.code ?? '';
    const said = f.said ?? [];
    const words = tWith(`fault.${code}`, inWords[code]?.(said) ?? (code.startsWith('rule_') ? said.map(found) : said));
    if (!words) return f.error ?? `HTTP ${status}`;
    return GENERAL.includes(code) && f.error ? `${words} ${quoted(f.error)}` : words;
}

/* A question or change that was not taken. `message` is for the reader. */
export class Refusal extends Error {
    constructor(
        readonly status: number, // 0: nobody answered
        readonly fault: Fault,
    ) {
        super(faultText(status, fault));
    }
}

/* What was answered, or a Refusal. */
export async function answerOf<T>(r: Response): Promise<T> {
    const body: unknown = await r.json().catch(() => null);
    if (r.ok && body !== null) return body as T;
    throw new Refusal(r.status, typeof body === 'object' && body !== null ? (body as Fault) : {});
}

/* Nobody answered: the browser's own words for it are in one language. */
export const unreachable = (e: unknown): never => {
    throw e instanceof TypeError ? new Refusal(0, { code: 'unreachable' }) : e;
};
