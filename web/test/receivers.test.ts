// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { counted, meanLevel, outlines, seriesOf } from '../src/pages/receivers/model';

describe('the figures of a receiver', () => {
    it('tears a line where minutes are missing or not known', () => {
        const m = { now: 0, columns: ['t', 'frames', 'noise_dbfs'], rows: [[0, 5, null], [60, 6, -30], [120, 7, -31], [600, 8, -30]] };
        expect(seriesOf(m, 'frames')).toEqual([[[0, 5], [60, 6], [120, 7]], [[600, 8]]]);
        expect(seriesOf(m, 'noise_dbfs')).toEqual([[[60, -30], [120, -31]], [[600, -30]]]);
        expect(seriesOf(m, 'nothing')).toEqual([]);
    });
    it('lays heights upon each other: the outermost line is of all', () => {
        expect(outlines({ sectors: 2, bands_ft: [3000], m: [[5, 0], [3, 9]] })).toEqual([[5, 0], [5, 9]]);
    });
    it('are noughts where no frame came yet', () => {
        expect(counted({ number: 1, name: 'mute' })).toMatchObject({ frames: 0, formats: {}, rejected: {} });
    });
    it('tells the mean level, and nothing without frames', () => {
        expect(meanLevel({ step_db: 3, counts: [0, 1, 1] })).toBeCloseTo(-6);
        expect(meanLevel({ step_db: 3, counts: [0, 0] })).toBeNaN();
    });
});
