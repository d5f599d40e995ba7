// Numbers inside Arabic sentences: isolated, and in the digits the reader chose.
import { digits } from '../../settings';
import { counter, isolate, separated } from '../speak';

const EASTERN = '٠١٢٣٤٥٦٧٨٩';
const inDigits = (s: string) => (digits.get() === 'arab' ? s.replace(/\d/g, (d) => EASTERN[Number(d)]).replaceAll(',', '٬') : s);

/* A count in prose. */
export const num = (n: number) => isolate(inDigits(separated(n, 0, ',', '.')));
export const counted = counter('ar', num);
