import { describe, expect, it } from 'vitest';
import { DAY_S, daysOf, lastDays, periodArgs, periodOf, shifted, typedDays } from '../src/period';
import { csvText, fileName } from '../src/save';

const at = (s: string) => Date.parse(`${s}Z`) / 1000;
const june = (d: number) => Date.UTC(2024, 5, d) / 1000;

describe('period', () => {
    it('is what the link says, the end not in it', () => {
        expect(periodOf({ from: '2024-06-07', to: '2024-06-14' }, NaN)).toEqual({ from: june(7), to: june(14) });
        expect(periodArgs({ from: june(7), to: june(14) })).toEqual({ from: '2024-06-07', to: '2024-06-14' });
        expect(periodArgs({ from: june(7) + 60, to: june(14) }).from).toBe('2024-06-07T00:01:00Z');
    });
    it('is a day where there is only a first, the last days where there is none', () => {
        expect(periodOf({ from: '2024-06-07' }, NaN)).toEqual({ from: june(7), to: june(8) });
        expect(periodOf({}, at('2024-06-20T23:59:59'))).toEqual({ from: june(14), to: june(21) });
        expect(periodOf({}, june(21))).toEqual({ from: june(15), to: june(22) });
        expect(periodOf({ to: '2024-06-14' }, NaN, 1)).toEqual({ from: june(13), to: june(14) });
    });
    it('is not known before the newest instant is, and not from an end before the beginning', () => {
        expect(periodOf({}, NaN)).toBeNull();
        expect(periodOf({ from: '2024-06-14', to: '2024-06-07' }, NaN)).toEqual({ from: june(14), to: june(15) });
    });
    it('has each day it touches once', () => {
        expect(daysOf({ from: june(7) + 3600, to: june(9) })).toEqual([june(7), june(8)]);
        expect(daysOf({ from: june(7), to: june(9) + 1 })).toEqual([june(7), june(8), june(9)]);
        expect(daysOf({ from: 0, to: 1e10 }).length).toBe(3660);
    });
    it('moves by its own length, and is cut to its last days', () => {
        expect(shifted({ from: june(7), to: june(14) }, -1)).toEqual({ from: june(0), to: june(7) });
        expect(lastDays({ from: june(7), to: june(14) }, 1)).toEqual({ from: june(13), to: june(14) });
    });
    it('takes typed days in order', () => {
        expect(typedDays('2024-06-07', '2024-06-07')).toEqual({ from: june(7), to: june(7) + DAY_S });
        for (const [a, b] of [['2024-06-08', '2024-06-07'], ['7 June', '2024-06-07'], ['2024-06-31', '2024-07-02'], ['1970-01-01', '2024-06-07']]) expect(typedDays(a, b)).toBeNull();
    });
});

describe('files', () => {
    it('quote what needs it, and leave empty what is not known', () => {
        expect(csvText(['a', 'b'], [['x,y', 'say "no"'], [null, NaN], [1.5, true]])).toBe('a,b\r\n"x,y","say ""no"""\r\n,\r\n1.5,true\r\n');
    });
    it('have names of plain letters', () => {
        expect(fileName(['ledger', 'DR/RN', '', '2024-06-07'], 'csv')).toBe('masar-ledger-DR_RN-2024-06-07.csv');
    });
});
