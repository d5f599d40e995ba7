// What a key of a page's link may hold. What fails is named in the strip and left out.
import { readInstant } from '../instant';

export const isDigits = (s: string) => /^\d{1,9}$/.test(s);
export const isHex = (s: string) => /^~?[0-9a-f]{6}$/.test(s);
export const isInstant = (s: string) => readInstant(s) === readInstant(s);
export const isWord = (s: string) => /^[\w-]{1,40}$/.test(s);
export const isCode = (s: string) => /^[A-Za-z0-9]{2,8}$/.test(s); // an airport, a country, a designator
export const isText = (s: string) => s.length <= 80;
export const oneOf = (...words: string[]) => (s: string) => words.includes(s);
export const isArea = (s: string) => /^(box|circle|polygon)=[-0-9.,]+(km|NM|m)?$/.test(s) && s.length <= 600;
