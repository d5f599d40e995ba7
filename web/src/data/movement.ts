// What the ledger says of the selection as things stand: whence, whither with all candidates, where it
// is on the ground, whether its positions are false.
import { cell } from '../cell';
import { selection } from '../desk';
import { bandOf, type Band } from '../sure';
import { ask } from './ask';
import { hasHistory, past } from './past';
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

/* Its positions are false now: the newest such event has not ended. */
export function isSpoofed(m: Movement | null): boolean {
    const now = Date.parse(m?.as_of ?? '');
    return m?.events.some((e) => e.kind === 'spoofed' && now - Date.parse(e.t_hi) < 5 * 60_000) ?? false;
}

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
    selection.watch(begin);
    past.watch((p) => (p ? movement.set(null) : begin(selection.get())));
    begin(selection.get());
}
