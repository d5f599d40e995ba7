// What may be said of a movement, English: fixed words by how sure it is, whole sentences, no others.
import type { Band } from '../../sure';
import { counter, separated } from '../speak';

const counted = counter('en', (n) => separated(n, 0, ',', '.'));

const LANDED: Record<Band, (y: string) => string> = {
    observed: (y) => `was observed landing at ${y}`,
    inferred: (y) => `landed at ${y} (inferred)`,
    probable: (y) => `probably landed at ${y}`,
    possible: (y) => `possibly landed at ${y}`,
    unknown: (y) => `destination not established; last heard near ${y}`,
};
const BOUND: Record<Band, (y: string) => string> = {
    observed: (y) => `en route to ${y} (inferred)`,
    inferred: (y) => `en route to ${y} (inferred)`,
    probable: (y) => `probably en route to ${y}`,
    possible: (y) => `possibly en route to ${y}`,
    unknown: (y) => (y ? `destination not established; last heard near ${y}` : 'destination not established'),
};
const TOOK_OFF: Record<Band, (x: string) => string> = {
    observed: (x) => `was observed taking off from ${x}`,
    inferred: (x) => `took off from ${x} (inferred)`,
    probable: (x) => `probably took off from ${x}`,
    possible: (x) => `possibly took off from ${x}`,
    unknown: (x) => `origin not established, first heard near ${x}`,
};

export const claims = {
    'sure.observed': 'observed',
    'sure.inferred': 'inferred',
    'sure.probable': 'probable',
    'sure.possible': 'possible',
    'sure.unknown': 'not established',
    'say.landed': (band: Band, place: string) => LANDED[band](place),
    'say.bound': (band: Band, place: string) => BOUND[band](place),
    'say.tookOff': (band: Band, place: string) => TOOK_OFF[band](place),
    'count.flights': (n: number) => counted(n, { one: '# flight', other: '# flights' }),
    'count.rows': (n: number) => counted(n, { one: '# row', other: '# rows' }),
    'claim.first_seen': 'first heard in flight',
    'claim.took_off': 'took off',
    'claim.landed': 'landed',
    'claim.flight_ended': 'flight ended unobserved',
    'claim.stay': 'stay on the ground',
    'claim.leg': 'flight',
    'claim.gap': 'not heard',
    'claim.origin': 'origin',
    'claim.destination': 'destination',
    'claim.orbit': 'orbit',
    'claim.holding': 'holding',
    'claim.survey': 'parallel lines',
    'claim.refueling': 'air refueling',
    'claim.formation': 'formation',
    'claim.go_around': 'go-around',
    'claim.touch_and_go': 'touch-and-go',
    'claim.turn_back': 'turn-back',
    'claim.diversion': 'diversion',
    'claim.spoofed': 'spoofed',
    'claim.address_shared': 'address used by two airframes',
    'claim.ground_only': 'on the ground only',
    'method.observed': 'both sides of it were heard',
    'method.inferred_climb': 'first heard low and climbing from a field',
    'method.inferred_lost_descent': 'lost in descent to a field',
    'method.inferred_silence': 'should have been heard since, had it gone on',
    'method.inferred_gap': 'both sides of a silence fit a stop, not a flight',
    'method.inferred_reappearance': 'where it was heard next',
    'method.posterior': 'weighed from its path and from what was flown before',
    'method.path': 'the shape of its path',
    'method.pair': 'two paths side by side',
    'method.trust': 'its own reports contradict each other',
};
