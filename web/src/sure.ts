// How sure a claim is, in the five bands that words, glyphs and lines share (lower bound included).
export type Band = 'observed' | 'inferred' | 'probable' | 'possible' | 'unknown';

const FLOORS: [Band, number][] = [['inferred', 0.95], ['probable', 0.7], ['possible', 0.4], ['unknown', -1]];
const EPSILON = 1e-9;

/* `isObserved`: both sides of the event were heard. */
export const bandOf = (p: number, isObserved = false): Band =>
    isObserved && p >= 0.95 - EPSILON ? 'observed' : FLOORS.find(([, floor]) => p >= floor - EPSILON)![0];

/* Whole percent, never rounded up into the next band: 94.6 prints 94. */
export function wholePercent(p: number): number {
    const rounded = Math.round(p * 100);
    return bandOf(rounded / 100) === bandOf(p) && (rounded < 100 || p >= 1) ? rounded : Math.floor(p * 100 + EPSILON);
}

export const DASHES: Record<Band, number[]> = { observed: [], inferred: [10, 3], probable: [6, 4], possible: [2, 4], unknown: [1, 6] };
