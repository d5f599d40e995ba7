// Whose positions were false on the day of history that is shown: asked of the ledger for all aircraft at once.
import { cell } from '../cell';
import { ask } from './ask';
import type { LedgerEvent } from './movement';
import { hasHistory, instant, past } from './past';

type Row = Omit<LedgerEvent, 'rules'> & { hex: string; evidence: { rules: string[] } };

const LOOK_MS = 1000; // for another day
const AGAIN_MS = 15_000; // after a question that failed
const DAY_S = 86_400;

export const falseOf = cell<ReadonlyMap<string, LedgerEvent[]>>(new Map());

/* Two days, so that the evening before is known after midnight. */
async function read(day: number): Promise<Map<string, LedgerEvent[]>> {
    const date = (n: number) => new Date(n * DAY_S * 1000).toISOString().slice(0, 10);
    const { events } = await ask<{ events: Row[] }>(`api/v1/events?kind=spoofed&from=${date(day - 1)}&to=${date(day + 1)}&limit=2000`);
    const of = new Map<string, LedgerEvent[]>();
    for (const { hex, evidence, ...e } of events) of.set(hex, [...(of.get(hex) ?? []), { ...e, rules: evidence.rules }]);
    return of;
}

export function followFalsehoods(): void {
    let known = NaN;
    const step = async (): Promise<number> => {
        const day = Math.floor(instant() / DAY_S);
        if (!past.get() || !hasHistory.get() || document.hidden || day === known || day !== day) return LOOK_MS;
        try {
            falseOf.set(await read(day));
            known = day;
            return LOOK_MS;
        } catch {
            return AGAIN_MS;
        }
    };
    const go = async () => setTimeout(() => void go(), await step());
    past.watch((p) => {
        if (!p) known = NaN; // the ledger goes on
    });
    void go();
}
