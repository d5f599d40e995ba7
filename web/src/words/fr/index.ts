// French.
import type { First } from '../en';
import { claims } from './claims';
import { desk } from './desk';
import { pages } from './pages';

export const fr: First = { ...desk, ...claims, ...pages };
