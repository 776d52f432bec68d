/**
 * Strings that name people or hold their words, distinguished by a flavour: a plain string can stand for any of them,
 * one flavour never for another. What must be sealed or masked is found by it.
 */
export type UserId = string & { readonly __kind?: 'user' };
export type EventId = string & { readonly __kind?: 'event' };
/** An account of a person on one platform. */
export type AccountId = string & { readonly __kind?: 'account' };
/** Words that a user searched. */
export type QueryText = string & { readonly __kind?: 'query' };
/** Who the user is, what they did, or what they searched. */
export type PersonalKind = NonNullable<(UserId | EventId | AccountId | QueryText)['__kind']>;
