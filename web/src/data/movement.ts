// What the ledger says of the selection as things stand: whence, whither with all candidates, where it
// is on the ground, whether its positions are false; of an instant of history, the last alone.
import { cell } from '../cell';
import { selection } from '../desk';
import { bandOf, type Band } from '../sure';
import { ask } from './ask';
import { falseOf } from './falsehoods';
import { hasHistory, instant, past } from './past';
import { sky } from './sky';

export interface Candidate {
    airport: string;
    p: number;
    name?: string;
    country?: string;
    lat?: number;
    lon?: number;
}
export interface Claim {
    kind: string;
    method: string;
    p: number;
    t_lo: string;
    t_hi: string;
    candidates: Candidate[];
    none_p: number;
    rules: string[];
}
export interface LedgerEvent {
    kind: string;
    p: number;
    t_lo: string;
    t_hi: string;
    lat?: number;
    lon?: number;
    size_m?: number;
    rules: string[];
}
export interface Movement {
    hex: string;
    state: 'flying' | 'landed' | 'ground' | 'unknown';
    as_of: string;
    from: Claim | null;
    destination: Claim | null;
    landed: Claim | null;
    stay: Claim | null;
    events: LedgerEvent[];
}

export const movement = cell<Movement | null>(null);

const EVERY_MS = 10_000;
const FALSE_FOR_MS = 5 * 60_000; // after the last false position, while no sound one is known
const TOLD_FOR_MS = 12 * 3_600_000;

/* Its positions are false at an instant (ms): such an event has begun and not ended. */
export const isFalseAt = (e: LedgerEvent, now: number) => e.kind === 'spoofed' && Date.parse(e.t_lo) <= now && now - Date.parse(e.t_hi) < FALSE_FOR_MS;

const asOf = (m: Movement) => (past.get() ? instant() * 1000 : Date.parse(m.as_of));
export const spoofing = (m: Movement | null): LedgerEvent | undefined => m?.events.find((e) => isFalseAt(e, asOf(m)));
export const isSpoofed = (m: Movement | null): boolean => spoofing(m) !== undefined;

/* When its positions were false, seconds since 1970: while they are, without end. */
export const falseSpans = (m: Movement | null): [number, number][] =>
    (m?.events ?? []).filter((e) => e.kind === 'spoofed').map((e) => [Date.parse(e.t_lo) / 1000, e === spoofing(m) ? Infinity : Date.parse(e.t_hi) / 1000]);

/* Its positions were false within half a day. */
export const wasSpoofed = (m: Movement): LedgerEvent | undefined =>
    m.events.find((e) => e.kind === 'spoofed' && Date.parse(e.t_hi) < asOf(m) && asOf(m) - Date.parse(e.t_hi) < TOLD_FOR_MS);

export const claimBand = (c: Claim): Band => bandOf(c.candidates[0]?.p ?? 0, c.method === 'observed');

/* The claim that matters most just now. */
export function leading(m: Movement): { claim: Claim; says: 'say.bound' | 'say.landed' } | null {
    if (m.state === 'flying' && m.destination) return { claim: m.destination, says: 'say.bound' };
    const claim = m.stay ?? m.landed;
    return claim ? { claim, says: 'say.landed' } : null;
}

export function followMovement(): void {
    let timer = 0;
    let absent = ''; // the ledger says nothing of it
    const step = async (hex: string) => {
        if (hasHistory.get() && !past.get() && !document.hidden && sky.link.get() === 'live')
            try {
                const m = await ask<Movement>(`api/v1/aircraft/${hex}/movement`);
                if (selection.get() === hex) movement.set(m);
                absent = '';
            } catch {
                absent = hex;
            }
        if (selection.get() === hex) timer = window.setTimeout(() => void step(hex), absent === hex ? 3 * EVERY_MS : EVERY_MS);
    };
    const begin = (hex: string | null) => {
        clearTimeout(timer);
        movement.set(null);
        if (hex) timer = window.setTimeout(() => void step(hex), 0);
    };
    const then = () => {
        const hex = selection.get();
        const events = (hex && falseOf.get().get(hex)) || [];
        if (past.get()) movement.set(hex && events.length ? { hex, state: 'unknown', as_of: '', from: null, destination: null, landed: null, stay: null, events } : null);
    };
    selection.watch((hex) => (begin(past.get() ? null : hex), then()));
    past.watch((p) => (p ? then() : begin(selection.get())));
    falseOf.watch(then);
    begin(selection.get());
}
