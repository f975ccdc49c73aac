import { redirect } from 'next/navigation';

/** Home is the inventory. */
export default function Page() {
  redirect('/guests');
}
