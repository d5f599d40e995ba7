// What an operation is made of, item by item: the rows of src/operation/item.def, whose twin this is (a test reads both).
// `example` is what an empty field shows.
export type FieldType = 'text' | 'word' | 'instant' | 'number' | 'unit' | 'flag' | 'country' | 'countries' | 'place' | 'types' | 'hexes' | 'signs' | 'url';
export interface Field {
    name: string;
    type: FieldType;
    words?: readonly string[];
    example?: string;
    needed?: boolean;
}

export const ITEMS = {
    operation: [
        { name: 'name', type: 'text', needed: true },
        { name: 'name_ar', type: 'text' },
        { name: 'name_fr', type: 'text' },
        { name: 'purpose', type: 'word', words: ['withdrawal', 'evacuation', 'relief', 'exercise', 'other'], needed: true },
        { name: 'parties', type: 'countries', example: 'US' },
        { name: 'types', type: 'types', example: 'C17,A400' },
        { name: 'callsigns', type: 'signs', example: 'RCH,UNO' },
        { name: 'civil', type: 'flag' },
        { name: 'start', type: 'instant', example: '2024-06-07T00:00:00Z', needed: true },
        { name: 'deadline', type: 'instant', example: '2024-09-15T23:59:59+01:00', needed: true },
        { name: 'closure', type: 'word', words: ['last_departure', 'last_arrival'], needed: true },
        { name: 'history', type: 'flag' },
        { name: 'simulated', type: 'flag' },
        { name: 'published', type: 'flag' },
        { name: 'note', type: 'text' },
    ],
    base: [
        { name: 'role', type: 'word', words: ['onload', 'offload'], needed: true },
        { name: 'name', type: 'text' },
        { name: 'name_ar', type: 'text' },
        { name: 'name_fr', type: 'text' },
        { name: 'mog', type: 'number', example: '2' },
        { name: 'hours', type: 'number', example: '14' },
        { name: 'ground_h', type: 'number', example: '2.25' },
        { name: 'runway', type: 'text' },
        { name: 'fuel', type: 'text' },
        { name: 'notice', type: 'text' },
        { name: 'closed', type: 'instant', example: '2024-07-07T23:59:59Z' },
        { name: 'as_of', type: 'instant', example: '2024-06-07' },
        { name: 'source', type: 'text' },
    ],
    line: [
        { name: 'what', type: 'text', needed: true },
        { name: 'what_ar', type: 'text' },
        { name: 'what_fr', type: 'text' },
        { name: 'quantity', type: 'number', example: '420', needed: true },
        { name: 'unit', type: 'unit', needed: true },
        { name: 'priority', type: 'number', example: '1' },
        { name: 'sensitive', type: 'flag' },
        { name: 'may_be_left', type: 'flag' },
        { name: 'ready', type: 'instant', example: '2024-06-07' },
        { name: 'latest', type: 'instant', example: '2024-09-15' },
        { name: 'from', type: 'place', example: 'DRRN', needed: true },
        { name: 'to', type: 'place', example: 'ETAR' },
        { name: 'source', type: 'text' },
    ],
    clearance: [
        { name: 'country', type: 'country', example: 'NE', needed: true },
        { name: 'use', type: 'word', words: ['landing', 'overflight'], needed: true },
        { name: 'state', type: 'word', words: ['requested', 'approved', 'refused', 'expired', 'revoked'], needed: true },
        { name: 'tails', type: 'hexes', example: 'aefc10,aefc12' },
        { name: 'callsigns', type: 'signs', example: 'RCH103' },
        { name: 'types', type: 'types', example: 'C17' },
        { name: 'points', type: 'text' },
        { name: 'origin', type: 'place', example: 'ETAR' },
        { name: 'destination', type: 'place', example: 'DRRN' },
        { name: 'requested', type: 'instant', example: '2024-05-30T02:00:00Z' },
        { name: 'decided', type: 'instant', example: '2024-05-31T14:00:00Z' },
        { name: 'revoked', type: 'instant', example: '2024-06-19T10:00:00Z' },
        { name: 'from', type: 'instant', example: '2024-06-07T02:00:00Z' },
        { name: 'to', type: 'instant', example: '2024-06-10T14:00:00Z' },
        { name: 'replaces', type: 'text' },
        { name: 'source', type: 'text' },
    ],
    rule: [
        { name: 'before_h', type: 'number', example: '12' },
        { name: 'after_h', type: 'number', example: '72' },
        { name: 'mode', type: 'word', words: ['slot', 'day'] },
        { name: 'callsigns', type: 'word', words: ['fixed', 'free'] },
        { name: 'once', type: 'flag' },
        { name: 'overflight', type: 'word', words: ['needed', 'free'] },
        { name: 'landing', type: 'word', words: ['needed', 'free'] },
        { name: 'source', type: 'text' },
    ],
    claim: [
        { name: 'text', type: 'text', needed: true },
        { name: 'language', type: 'text' },
        { name: 'translation', type: 'text' },
        { name: 'text_ar', type: 'text' },
        { name: 'text_fr', type: 'text' },
        { name: 'by', type: 'text', needed: true },
        { name: 'attribution', type: 'text' },
        { name: 'url', type: 'url', example: 'https://…' },
        { name: 'published', type: 'instant', example: '2024-07-08T10:00:00Z', needed: true },
        { name: 'event', type: 'word', words: ['departure', 'departure_planned', 'arrival', 'total_moved', 'people_present', 'people_left_for', 'base_closed', 'complete', 'deadline', 'clearance', 'load', 'other'], needed: true },
        { name: 'place', type: 'place', example: 'DRRN' },
        { name: 'low', type: 'number', example: '766' },
        { name: 'high', type: 'number', example: '766' },
        { name: 'unit', type: 'unit' },
        { name: 'since', type: 'instant', example: '2024-05-19' },
        { name: 'as_of', type: 'instant', example: '2024-07-08T12:00:00Z' },
        { name: 'exact', type: 'word', words: ['day', 'hour', 'minute'] },
        { name: 'callsign', type: 'signs', example: 'RCH179' },
        { name: 'sensitive', type: 'flag' },
    ],
    factor: [
        { name: 'type', type: 'types', example: 'C17', needed: true },
        { name: 'edition', type: 'text', needed: true },
        { name: 'role', type: 'word', words: ['low', 'plan', 'max'], needed: true },
        { name: 'payload', type: 'number', example: '59', needed: true },
        { name: 'unit', type: 'unit', needed: true },
        { name: 'seats', type: 'number', example: '102' },
        { name: 'ground_h', type: 'number', example: '2.25' },
        { name: 'block_kt', type: 'number', example: '400' },
        { name: 'source', type: 'text', needed: true },
    ],
    tail: [
        { name: 'type', type: 'types', example: 'C17', needed: true },
        { name: 'party', type: 'country', example: 'US' },
        { name: 'operator', type: 'text' },
        { name: 'registration', type: 'text' },
        { name: 'source', type: 'text', needed: true },
    ],
    correction: [
        { name: 'action', type: 'word', words: ['include', 'exclude'], needed: true },
        { name: 'reason', type: 'text', needed: true },
    ],
    sighting: [
        { name: 'place', type: 'place', example: 'DRRN', needed: true },
        { name: 'at', type: 'instant', example: '2024-06-07T14:20:00Z', needed: true },
        { name: 'what', type: 'text', needed: true },
        { name: 'event', type: 'word', words: ['arrival', 'departure', 'parked'] },
        { name: 'type', type: 'types', example: 'C17' },
        { name: 'by', type: 'text', needed: true },
    ],
} as const satisfies Record<string, readonly Field[]>;

export type Kind = keyof typeof ITEMS;
export type FieldName = (typeof ITEMS)[Kind][number]['name'];
type Worded = Extract<(typeof ITEMS)[Kind][number], { words: readonly string[] }>;
export type ItemWord = Worded['words'][number];

export const KINDS = Object.keys(ITEMS) as Kind[];
export const isKind = (s: string): s is Kind => Object.hasOwn(ITEMS, s);
export const fieldsOf = (kind: Kind): readonly Field[] => ITEMS[kind];
export const UNITS = ['people', 't', 'st', 't?', 'kg', 'lb', 'm3', 'pallets', 'vehicles', 'sorties', 'loads'] as const;
