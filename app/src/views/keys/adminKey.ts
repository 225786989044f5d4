/** The key that lists, limits and revokes others: it stays in this tab and is forgotten with it. */
import { persisted } from '../../store'

export const adminKey = persisted('diem.admin-key', '', sessionStorage)
