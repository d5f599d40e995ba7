// Watches, alerts and expected flights as the server tells them (docs/API.md, docs/WATCHES.md).
export interface Watch {
    id: number;
    name: string;
    rule: string;
    to: string[];
    language: string;
    made: string;
    muted: boolean;
    muted_until: string | null;
    expires: string | null;
    expired: boolean;
    alerts: number;
    last: string | null;
}
export interface Book {
    watching: { watches: number; alerts: number; delivered: number; waiting: number; lost: number; why: string };
    now: string;
    watches: Watch[];
    receivers: { name: string; kind: string; target: string }[];
    areas: { name: string }[];
    lists: { name: string }[];
}
export interface Word {
    word: string;
    sort: 'who' | 'state' | 'event';
    takes: string;
    text: string;
}
export interface Claim {
    kind: string;
    method: string;
    p: number;
    none_p?: number;
    candidates?: { airport: string; p: number }[];
    fixes?: number;
    receivers?: number;
    heard?: number;
    silent_s?: number;
    rules?: string[];
}
export interface Alert {
    id?: number;
    name?: string;
    told?: string;
    taken_back?: string | null;
    delivered?: number;
    waiting?: number;
    tell: 'alert' | 'corrected' | 'note';
    event: string;
    key: string;
    made: string;
    t_lo?: string;
    t_hi?: string;
    p?: number;
    hex?: string;
    callsign?: string;
    airport?: string;
    claim?: Claim;
    en: string;
    ar: string;
    fr: string;
}
export interface Trial {
    alerts: Alert[];
    counts: { alerts: number; corrected: number; notes: number };
    since: string;
    until: string;
    complete: boolean;
    places: { code: string; name: string; heard: boolean; heard_low?: number; heard_high?: number }[];
}
export type Check = { good: true; steps: number; places: { code: string }[] } | { good: false; at: number; line: number; column: number; why: string; code?: string; said?: string[] };
export interface Expected {
    id: number;
    callsign?: string;
    hex?: string;
    from: string;
    to: string;
    off: string;
    on: string;
    phase: string;
    heard?: string | null;
}

export const epoch = (text: string | null | undefined): number => (text ? Date.parse(text) / 1000 : NaN);

/* A condition more: joined to what is there, in brackets where an “or” would tear it apart. */
export function withCondition(rule: string, condition: string): string {
    const before = rule.trim();
    if (!before) return condition;
    return /\bor\b/i.test(before.replace(/"[^"]*"/g, '')) && !/^\(.*\)$/s.test(before) ? `(${before}) and ${condition}` : `${before} and ${condition}`;
}

/* What stands after a word, as the language writes it: names with blanks in quotes, a probability behind an event. */
export function conditionOf(w: Word, value: string, p: string): string {
    const v = value.trim();
    if (w.takes === 'clearance') return `${w.word} lapses within ${v || '48 h'}`;
    const isList = w.takes === 'word' || w.takes === 'pattern' || w.takes === 'hex' || w.takes === 'squawk' || w.takes === 'country' || w.takes === 'class';
    const text = /\s/.test(v) && !isList && (w.takes === 'name') ? `"${v.replaceAll('"', '')}"` : v;
    const surely = w.sort === 'event' && /^0?\.\d+$|^1$/.test(p) ? ` p >= ${p}` : '';
    return `${[w.word, text].filter(Boolean).join(' ')}${surely}`;
}

/* Muted for good, or until an instant that is still to come by the server's time. */
export const isMuted = (w: Watch, now: string): boolean => (w.muted_until ? epoch(w.muted_until) > epoch(now) : w.muted);

/* Seconds a mute lasts, for the choices of the page. */
export const MUTES: [key: 'hour' | 'day' | 'week', seconds: number][] = [['hour', 3600], ['day', 86_400], ['week', 604_800]];

export const isoAfter = (now: string, seconds: number) => new Date((epoch(now) + seconds) * 1000).toISOString().replace('.000Z', 'Z');
