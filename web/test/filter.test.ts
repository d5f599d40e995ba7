import { describe, expect, it } from 'vitest';
import { newAircraft, place, type Aircraft } from '../src/data/aircraft';
import { isFiltered, NO_FILTER, predicate, type Filter } from '../src/desk';

function one(over: Partial<Aircraft>, lat = 13.5, lon = 2.2): Aircraft {
    const a = Object.assign(newAircraft('ae5d2c'), over);
    place(a, lat, lon, 0);
    return a;
}
const asks = (f: Partial<Filter>, a: Aircraft) => predicate({ ...NO_FILTER, ...f })(a);

describe('filters', () => {
    it('a type is a whole word: C17 is not C172', () => {
        expect(asks({ types: ['C17'] }, one({ type: 'C17' }))).toBe(true);
        expect(asks({ types: ['C17'] }, one({ type: 'C172' }))).toBe(false);
        expect(asks({ text: 'c17' }, one({ type: 'C172' }))).toBe(false);
    });
    it('asks for everything at once', () => {
        const a = one({ type: 'C17', kind: 'airlift_heavy', country: 'US', flight: 'RCH115', operator: 'US Air Force, Air Mobility Command', military: true, squawk: '4512', receiver: 3 });
        const all: Partial<Filter> = { kinds: ['airlift_heavy'], countries: ['US'], callsign: 'RCH', operator: 'mobility', military: 'yes', squawk: '4512', receivers: [3, 4] };
        expect(asks(all, a)).toBe(true);
        for (const [key, value] of Object.entries({ kinds: ['tanker'], countries: ['NE'], callsign: 'RFF', operator: 'navy', military: 'no', squawk: '4513', receivers: [1] }))
            expect(asks({ ...all, [key]: value }, a), key).toBe(false);
    });
    it('an area is what its corners hold, over the antimeridian too', () => {
        const niger: Filter['area'] = [[12, 0], [15, 0], [15, 5], [12, 5]];
        expect(asks({ area: niger }, one({}))).toBe(true);
        expect(asks({ area: niger }, one({}, 16, 2.2))).toBe(false);
        const pacific: Filter['area'] = [[-10, 170], [10, 170], [10, -170], [-10, -170]];
        expect(asks({ area: pacific }, one({}, 0, 179))).toBe(true);
        expect(asks({ area: pacific }, one({}, 0, -179))).toBe(true);
        expect(asks({ area: pacific }, one({}, 0, 0))).toBe(false);
        expect(asks({ area: niger }, newAircraft('ae5d2c'))).toBe(false);
    });
    it('no filter is none', () => {
        expect(isFiltered(NO_FILTER)).toBe(false);
        expect(isFiltered({ ...NO_FILTER, types: ['C17'] })).toBe(true);
        expect(isFiltered({ ...NO_FILTER, area: [[1, 2], [3, 4], [5, 6]] })).toBe(true);
    });
});
