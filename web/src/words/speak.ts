// What every language needs to say a number: its digits in groups, its plural form, and its isolate.
// A number beside Arabic letters changes its direction class; it stands in an isolate with its sign and unit.
export const isolate = (s: string) => `\u2066${s}\u2069`;

/* What comes from outside (a call sign, a name, a link) takes its direction from itself. */
export const quoted = (s: string) => `\u2068${s}\u2069`;

export function separated(n: number, decimals: number, group: string, point: string): string {
    const [whole, part] = Math.abs(n).toFixed(decimals).split('.');
    const sign = n < 0 && Number(`${whole}.${part ?? 0}`) !== 0 ? '−' : '';
    const text = whole.replace(/\B(?=(\d{3})+(?!\d))/g, group);
    return sign + (part ? text + point + part : text);
}

export interface Forms {
    zero?: string;
    one?: string;
    two?: string;
    few?: string;
    many?: string;
    other: string;
}

/* The form of a whole sentence that its count asks for; # is the count. */
export function counter(locale: string, print: (n: number) => string): (n: number, forms: Forms) => string {
    const rules = new Intl.PluralRules(locale);
    return (n, forms) => (forms[rules.select(n)] ?? forms.other).replace('#', print(n));
}
