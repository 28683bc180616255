import { Shop } from './shop';

// Rendered on the server; the shop opens the model in the visitor's browser.
export default function Page() {
  return (
    <>
      <h1>Shop</h1>
      <Shop />
    </>
  );
}
