/**
 * The errors of the daemon: one sealed hierarchy, whose messages are sentences for the user. Every package may
 * throw them; adapters in {@code api} turn them into the errors of their protocol.
 */
package dev.wherry.daemon.error;
