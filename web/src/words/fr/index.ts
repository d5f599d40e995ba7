// French.
import type { Messages } from '../en';
import { claims } from './claims';
import { desk } from './desk';
import { pages } from './pages';
import { picture } from './picture';

export const fr: Messages = { ...desk, ...claims, ...pages, ...picture };
