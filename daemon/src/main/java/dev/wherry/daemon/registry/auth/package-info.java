/**
 * Authenticates requests to registries: parses challenges, fetches and caches bearer tokens.
 */
package dev.wherry.daemon.registry.auth;
