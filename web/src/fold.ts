// Text as a search compares it: without accents and case, Arabic without vowel signs and its letters in one form.
export const folded = (s: string) =>
    s.normalize('NFD').replace(/[\u0300-\u036f\u064b-\u065f\u0670\u0640]/g, '')
        .replace(/[أإآٱ]/g, 'ا').replace(/ى/g, 'ي').replace(/ة/g, 'ه').toLowerCase().trim();
