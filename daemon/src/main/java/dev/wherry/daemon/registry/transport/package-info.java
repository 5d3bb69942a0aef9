/**
 * HTTP to the endpoints of registries: requests, redirects, stalled responses, and errors that are worth a retry.
 */
package dev.wherry.daemon.registry.transport;
