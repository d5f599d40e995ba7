// French.
import type { Messages } from '../en';
import { claims } from './claims';
import { desk } from './desk';
import { pages } from './pages';

export const fr: Messages = { ...desk, ...claims, ...pages };
