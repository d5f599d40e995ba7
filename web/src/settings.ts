// What the reader set and this device remembers: units, digits, names of months.
import { cell, type Cell } from './cell';
import { keep, kept } from './keep';

export type Units = 'aviation' | 'metric';
export type Digits = 'latn' | 'arab'; // of counts and dates in Arabic prose; identifiers and times never change
export type Months = 'roman' | 'levant'; // يونيو or حزيران

function setting<T extends string>(key: string, values: readonly T[]): Cell<T> {
    const was = kept(key) as T | null;
    const c = cell<T>(was !== null && values.includes(was) ? was : values[0]);
    c.watch((v) => keep(key, v));
    return c;
}

export const units = setting<Units>('units', ['aviation', 'metric']);
export const digits = setting<Digits>('digits', ['latn', 'arab']);
/* What the table says last of an aircraft. */
export type LastColumn = 'age' | 'registration' | 'squawk' | 'far';

export const months = setting<Months>('months', ['roman', 'levant']);
/* What pictures are drawn on, whatever the desk wears. */
export const PAPERS = ['desk', 'light', 'dark'] as const;
export const paper = setting<(typeof PAPERS)[number]>('paper', PAPERS);

export const lastColumn = setting<LastColumn>('column', ['age', 'registration', 'squawk', 'far']);
