// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { conditionOf, isMuted, isoAfter, withCondition, type Watch, type Word } from '../src/pages/watches/model';

const word = (o: Partial<Word>): Word => ({ word: 'inbound', sort: 'event', takes: 'place', text: '', ...o });

describe('the builder of rules', () => {
    it('writes a condition as the language has it', () => {
        expect(conditionOf(word({}), ' DRRN ', '0.7')).toBe('inbound DRRN p >= 0.7');
        expect(conditionOf(word({ word: 'military', sort: 'who', takes: 'nothing' }), '', '0.7')).toBe('military');
        expect(conditionOf(word({ word: 'list', sort: 'who', takes: 'name' }), 'my own "list"', '')).toBe('list "my own list"');
        expect(conditionOf(word({ word: 'squawk', sort: 'who', takes: 'squawk' }), '7500, 7600', '')).toBe('squawk 7500, 7600');
        expect(conditionOf(word({}), 'DRRN', 'drop table')).toBe('inbound DRRN');
    });
    it('joins it with and; what an or would tear apart stands in brackets', () => {
        expect(withCondition('', 'military')).toBe('military');
        expect(withCondition('military', 'lands DRRN')).toBe('military and lands DRRN');
        expect(withCondition('type C17 or type A400', 'lands DRRN')).toBe('(type C17 or type A400) and lands DRRN');
        expect(withCondition('list "this or that"', 'military')).toBe('list "this or that" and military');
    });
    it('is muted until its time has come, or for good', () => {
        const w = (muted: boolean, muted_until: string | null) => ({ muted, muted_until }) as Watch;
        expect(isMuted(w(false, '2024-07-21T00:00:00Z'), '2024-07-20T12:00:00Z')).toBe(true);
        expect(isMuted(w(true, '2024-07-20T00:00:00Z'), '2024-07-20T12:00:00Z')).toBe(false);
        expect(isMuted(w(true, null), '2024-07-20T12:00:00Z')).toBe(true);
    });
    it('counts a mute from the server’s time', () => {
        expect(isoAfter('2024-07-20T12:00:00Z', 3600)).toBe('2024-07-20T13:00:00Z');
    });
});
