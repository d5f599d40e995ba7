// What is known of types and operators: asked of the server once, as they turn up in the picture.
import { cell } from '../cell';
import type { Shape } from '../map/silhouettes';
import { ask } from './ask';

export interface Lift {
    low_kg: number;
    plan_kg: number;
    max_kg: number;
    edition: string;
}
export interface Type {
    t: string;
    name?: string;
    class?: string; // Doc 8643: L land, H helicopter …, engines, P T J E
    wake?: string;
    kind?: string;
    military?: boolean;
    lift?: Lift;
}
export interface Operator {
    code: string;
    name: string;
    country?: string;
    state?: boolean;
    military?: boolean;
}

const types = new Map<string, Type>();
const operators = new Map<string, Operator | null>(); // null: asked, or being asked
export const learned = cell(0); // counts up when something was learned

export const typeOf = (designator: string): Type | undefined => types.get(designator);
export const operatorOf = (code: string): Operator | undefined => operators.get(code) ?? undefined;

const WAIT_MS = 300;
const AGAIN_MS = 30_000;
const CODES_MOST = 500; // of a question
let asked = false;
let timer = 0;
const wanted = new Set<string>();

async function askTypes(): Promise<void> {
    try {
        for (const t of (await ask<{ types: Type[] }>('api/v1/types')).types) types.set(t.t, t);
        learned.set(learned.get() + 1);
    } catch {
        setTimeout(() => (asked = false), AGAIN_MS);
    }
}

async function askOperators(): Promise<void> {
    const codes = [...wanted].slice(0, CODES_MOST);
    for (const c of codes) wanted.delete(c);
    try {
        const answer = await ask<{ operators: Operator[] }>(`api/v1/operators?code=${codes.map(encodeURIComponent).join(',')}`);
        for (const o of answer.operators) operators.set(o.code, o);
        if (answer.operators.length) learned.set(learned.get() + 1);
    } catch {
        setTimeout(() => codes.forEach((c) => operators.delete(c)), AGAIN_MS);
    }
    if (wanted.size) timer = window.setTimeout(() => void askOperators(), WAIT_MS);
}

/* A type was met. */
export function meetType(): void {
    if (asked || typeof window === 'undefined') return;
    asked = true;
    setTimeout(() => void askTypes(), WAIT_MS);
}

export function meetOperator(code: string): void {
    if (operators.has(code) || typeof window === 'undefined') return;
    operators.set(code, null);
    if (!wanted.size) timer = window.setTimeout(() => void askOperators(), WAIT_MS);
    wanted.add(code);
}
if (typeof window !== 'undefined') addEventListener('pagehide', () => clearTimeout(timer));

const BY_KIND: Record<string, Shape> = {
    airlift_heavy: 'heavy', tanker: 'quad', bomber: 'quad', fighter: 'fighter', trainer: 'fighter', uav: 'uav', helicopter: 'helicopter',
    tiltrotor: 'turboprop', business: 'biz', glider: 'glider', balloon: 'balloon',
};

/* The silhouette class and engines of a type suggest; undefined where nothing is known. */
export function shapeOfType(designator: string): Shape | undefined {
    const t = types.get(designator);
    if (!t) return undefined;
    const [craft, engines, power] = [t.class?.[0], t.class?.[1], t.class?.[2]];
    if (craft === 'H' || craft === 'G') return 'helicopter';
    if (t.kind && BY_KIND[t.kind] && !(power === 'T' && t.kind !== 'uav')) return BY_KIND[t.kind];
    if (power === 'P' || power === 'E') return 'prop';
    if (power === 'T') return engines === '1' ? 'prop' : 'turboprop';
    if (power !== 'J') return undefined;
    if (engines === '4') return 'quad';
    return t.wake === 'H' || t.wake === 'J' ? 'wide' : t.wake === 'L' ? 'biz' : 'twin';
}
