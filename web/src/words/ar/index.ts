// Arabic.
import type { First } from '../en';
import { claims } from './claims';
import { desk } from './desk';
import { pages } from './pages';

export const ar: First = { ...desk, ...claims, ...pages };
