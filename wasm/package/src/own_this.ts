// Methods that work through a proxy. Private fields belong to the object itself and not to a Proxy around it, such as
// those that Vue's ref() and Alpine put around every object; so each method goes on with the object behind.
import { SottoError } from './errors.js';

// Not “self”: Vite writes self.location into workers, which a variable of that name would capture.
const ownObject = Symbol('own object');

/** To be called in the constructor. The function is what proxies hand out unchanged. */
export function rememberSelf(object: object): void {
  Object.defineProperty(object, ownObject, { value: () => object });
}

/** Makes all methods and accessors of the class run on the object that `rememberSelf` was called with. */
export function bindToSelf({ name, prototype }: { readonly name: string; readonly prototype: object }): void {
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (key === 'constructor') continue;
    for (const part of ['value', 'get', 'set'] as const) {
      const method: unknown = property[part];
      if (typeof method !== 'function') continue;
      property[part] = function (this: { readonly [ownObject]?: () => object } | undefined, ...given: unknown[]) {
        const object = this?.[ownObject]?.();
        if (object === undefined) {
          throw new SottoError('invalid_argument', `${key} belongs to a ${name}: write ${name.toLowerCase()}.${key}.`);
        }
        return Reflect.apply(method, object, given);
      };
    }
    Object.defineProperty(prototype, key, property);
  }
}
