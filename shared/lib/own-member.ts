/** Reading and writing members of objects whose keys come from outside, so that `__proto__` or `constructor` are names like any other. */

/** The own member of that name; undefined if there is none. */
export function ownMember<T>(object: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets an own member, also for names that mean something to a prototype. Only for objects that the caller has just made. */
export function setOwnMember<T>(object: { [key: string]: T }, key: string, value: T): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}
