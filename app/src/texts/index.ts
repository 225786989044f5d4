/** The texts in use. Another language is another file of the same shape, chosen here. */
import { en } from './en'

export type Texts = typeof en
export const text: Texts = en
