/** What a chain is for: connections to the application, the application's own, or those that a gateway takes from outside. */
export type Direction = 'inbound' | 'outbound' | 'gateway';
