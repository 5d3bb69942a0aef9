/**
 * Authenticates requests to registries: the logins of a call, challenges, passwords and bearer tokens. Logins are in
 * memory while their call lasts, and nowhere else.
 */
package dev.wherry.daemon.registry.auth;
